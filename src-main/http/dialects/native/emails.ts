import {
  EmailDetail,
  EmailList,
  EmailQuery,
  MessageContent,
  Reschedule,
  SendRequest,
  Sent,
} from '../../../contract/messages.ts'
import { route } from '../../route.ts'
import { contentRoutes } from './content-routes.ts'
import { Id } from './shapes.ts'

const content = contentRoutes({
  permission: 'logs:read',
  mode: 'live',
  summaries: {
    raw: 'The exact bytes of a live email, as sent to the relay',
    headers: 'The header fields of a live email in their order, decoded',
    text: 'The text part of a live email, or text derived from its HTML part',
    attachment: 'One attachment of a live email, decoded',
    view: 'A URL that shows the HTML part of a live email in a frame without scripts',
  },
  contentOf: ({ emails }, caller, id) => emails.contentOf(caller, id),
})

/** Sending, and sent emails. */
export const emailRoutes = {
  'POST /v1/send': route({
    summary:
      'Send an email now or later: a test key captures it, a live key sends it through a relay. The same `Idempotency-Key` with the same body sends once in 24 hours',
    permission: 'send',
    mode: 'both',
    body: SendRequest,
    reply: Sent,
    status: 202,
    faults: [
      'daily_limit_exceeded',
      'relay_not_configured',
      'template_not_found',
      'template_variable_error',
      'template_error',
      'conflict',
    ],
    handle: async ({ body, caller, domain, exchange }) => {
      const key = exchange.header('idempotency-key')
      const sent = await domain.sending.send(caller, body, key, exchange.requestId)
      return { ...sent, status: body.scheduled_at ? ('scheduled' as const) : ('queued' as const) }
    },
  }),
  'GET /v1/emails': route({
    summary: 'List emails, newest first',
    permission: 'logs:read',
    mode: 'both',
    query: EmailQuery,
    reply: EmailList,
    handle: ({ query, caller, domain }) => domain.emails.list(caller, query),
  }),
  'GET /v1/emails/{id}': route({
    summary: 'One email with the status of each recipient',
    permission: 'logs:read',
    mode: 'both',
    params: Id,
    reply: EmailDetail,
    faults: ['not_found'],
    handle: ({ params, caller, domain }) => domain.emails.get(caller, params.id),
  }),
  'GET /v1/emails/{id}/raw': content.raw,
  'GET /v1/emails/{id}/headers': content.headers,
  'GET /v1/emails/{id}/content': route({
    summary: 'The parts of a live email: HTML, text, attachments',
    permission: 'logs:read',
    mode: 'live',
    params: Id,
    reply: MessageContent,
    faults: ['not_found', 'message_unreadable'],
    handle: ({ params, caller, domain }) => domain.emails.content(caller, params.id),
  }),
  'GET /v1/emails/{id}/text': content.text,
  'GET /v1/emails/{id}/attachments/{n}': content.attachment,
  'POST /v1/emails/{id}/view': content.view,
  'POST /v1/emails/{id}/retry': route({
    summary: 'Retry the deferred and failed recipients of a live email now',
    permission: 'send',
    mode: 'live',
    params: Id,
    reply: EmailDetail,
    faults: ['not_found', 'conflict', 'relay_not_configured'],
    handle: ({ params, caller, domain }) => domain.emails.retry(caller, params.id),
  }),
  'PATCH /v1/emails/{id}': route({
    summary: 'Change the time of a scheduled email',
    permission: 'send',
    mode: 'both',
    params: Id,
    body: Reschedule,
    reply: EmailDetail,
    faults: ['not_found', 'conflict'],
    handle: ({ params, body, caller, domain }) =>
      domain.emails.reschedule(caller, params.id, body.scheduled_at),
  }),
  'POST /v1/emails/{id}/cancel': route({
    summary: 'Cancel an email that is scheduled or waits for its next attempt',
    permission: 'send',
    mode: 'both',
    params: Id,
    reply: EmailDetail,
    faults: ['not_found', 'conflict'],
    handle: ({ params, caller, domain }) => domain.emails.cancel(caller, params.id),
  }),
}
