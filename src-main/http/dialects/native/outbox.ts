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

/** Live mail: queued, scheduled and sent. */
export const outboxRoutes = {
  'GET /v1/outbox': route({
    summary: 'List live messages with their progress, newest first; filters: status, key, text',
    permission: 'logs:read',
    mode: 'live',
    query: OutboxQuery,
    reply: OutboxList,
    handle: ({ query, caller, domain }) => domain.outbox.list(caller, query),
  }),
  'GET /v1/outbox/summary': route({
    summary: 'A summary of the queue: waiting, deferred and delivered recipients, and the relays',
    permission: 'logs:read',
    mode: 'live',
    query: OutboxSummaryQuery,
    reply: OutboxSummary,
    handle: ({ query, caller, domain }) => domain.outbox.summary(caller, query.since),
  }),
  'POST /v1/outbox/retry': route({
    summary: 'Retry the deferred and failed recipients of several emails now',
    permission: 'send',
    mode: 'live',
    body: EmailIds,
    reply: EmailsRetried,
    handle: ({ body, caller, domain }) => domain.emails.retryMany(caller, body.ids),
  }),
  'POST /v1/outbox/restored/release': route({
    summary: 'Release the queue of a restored backup; its mail may have been sent before',
    permission: '*',
    mode: 'live',
    reply: RestoredQueue.describe('The released items'),
    faults: ['not_found'],
    handle: ({ caller, domain }) => domain.restoredQueue.release(caller),
  }),
  'DELETE /v1/outbox/restored': route({
    summary: 'Cancel the queue of a restored backup; none of it is sent',
    permission: '*',
    mode: 'live',
    reply: RestoredQueue.describe('The cancelled items'),
    faults: ['not_found'],
    handle: ({ caller, domain }) => domain.restoredQueue.cancel(caller),
  }),
}
