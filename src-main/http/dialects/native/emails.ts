import {
  EmailDetail,
  EmailList,
  EmailQuery,
  MessageContent,
  MessageHeaders,
  MessageView,
  Reschedule,
  SendRequest,
  Sent,
  ViewRequest,
} from '../../../contract/messages.ts'
import { Content, produces, route } from '../../route.ts'
import { asFile } from './files.ts'
import { Id, Numbered } from './shapes.ts'

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
  'GET /v1/emails/{id}/raw': route({
    summary: 'The exact bytes of a live email, as sent to the relay',
    permission: 'logs:read',
    mode: 'live',
    params: Id,
    reply: produces('message/rfc822'),
    faults: ['not_found'],
    handle: async ({ params, caller, domain }) =>
      new Content('message/rfc822', await domain.emails.raw(caller, params.id), {
        'content-disposition': `attachment; filename="${params.id}.eml"`,
      }),
  }),
  'GET /v1/emails/{id}/headers': route({
    summary: 'The header fields of a live email in their order, decoded',
    permission: 'logs:read',
    mode: 'live',
    params: Id,
    reply: MessageHeaders,
    faults: ['not_found'],
    handle: async ({ params, caller, domain }) => ({
      data: await domain.emails.headers(caller, params.id),
    }),
  }),
  'GET /v1/emails/{id}/content': route({
    summary: 'The parts of a live email: HTML, text, attachments',
    permission: 'logs:read',
    mode: 'live',
    params: Id,
    reply: MessageContent,
    faults: ['not_found', 'message_unreadable'],
    handle: ({ params, caller, domain }) => domain.emails.content(caller, params.id),
  }),
  'GET /v1/emails/{id}/text': route({
    summary: 'The text part of a live email, or text derived from its HTML part',
    permission: 'logs:read',
    mode: 'live',
    params: Id,
    reply: produces('text/plain; charset=utf-8'),
    faults: ['not_found', 'message_unreadable'],
    handle: async ({ params, caller, domain }) =>
      new Content('text/plain; charset=utf-8', await domain.emails.text(caller, params.id)),
  }),
  'GET /v1/emails/{id}/attachments/{n}': route({
    summary: 'One attachment of a live email, decoded',
    permission: 'logs:read',
    mode: 'live',
    params: Numbered,
    reply: produces('*/*'),
    faults: ['not_found', 'message_unreadable'],
    handle: async ({ params, caller, domain }) =>
      asFile(await domain.emails.attachment(caller, params.id, params.n)),
  }),
  'POST /v1/emails/{id}/view': route({
    summary: 'A URL that shows the HTML part of a live email in a frame without scripts',
    permission: 'logs:read',
    mode: 'live',
    params: Id,
    body: ViewRequest.prefault({}),
    reply: MessageView,
    faults: ['not_found', 'message_unreadable'],
    handle: ({ params, body, caller, domain }) => domain.views.ofSent(caller, params.id, body),
  }),
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
