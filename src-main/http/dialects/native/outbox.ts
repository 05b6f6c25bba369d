import {
  EmailIds,
  EmailsRetried,
  OutboxList,
  OutboxQuery,
  OutboxSummary,
  OutboxSummaryQuery,
} from '../../../contract/outbox.ts'
import { RestoredQueue } from '../../../contract/storage.ts'
import { route } from '../../route.ts'

/** Live mail on its way out. */
export const outboxRoutes = {
  'GET /v1/outbox': route({
    summary: 'Live messages by status, key or word, newest first, with how far each one is',
    permission: 'logs:read',
    mode: 'live',
    query: OutboxQuery,
    reply: OutboxList,
    handle: ({ query, caller, domain }) => domain.outbox.list(caller, query),
  }),
  'GET /v1/outbox/summary': route({
    summary: 'The queue at a glance: what waits, what is late, what left today, and the relays',
    permission: 'logs:read',
    mode: 'live',
    query: OutboxSummaryQuery,
    reply: OutboxSummary,
    handle: ({ query, caller, domain }) => domain.outbox.summary(caller, query.since),
  }),
  'POST /v1/outbox/retry': route({
    summary: 'Send the emails named again now, each to those who were deferred or given up',
    permission: 'send',
    mode: 'live',
    body: EmailIds,
    reply: EmailsRetried,
    handle: ({ body, caller, domain }) => domain.emails.retryMany(caller, body.ids),
  }),
  'POST /v1/outbox/restored/release': route({
    summary: 'Send what a restored backup had in its queue; it may have been sent before',
    permission: '*',
    mode: 'live',
    reply: RestoredQueue.describe('What was released'),
    faults: ['not_found'],
    handle: ({ caller, domain }) => domain.restoredQueue.release(caller),
  }),
  'DELETE /v1/outbox/restored': route({
    summary: 'Cancel what a restored backup had in its queue: none of it is sent',
    permission: '*',
    mode: 'live',
    reply: RestoredQueue.describe('What was cancelled'),
    faults: ['not_found'],
    handle: ({ caller, domain }) => domain.restoredQueue.cancel(caller),
  }),
}
