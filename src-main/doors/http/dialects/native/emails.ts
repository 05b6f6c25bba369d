import { iso } from '../../../../base/clock.ts'
import {
  EmailDetail,
  EmailList,
  EmailQuery,
  SendRequest,
  Sent,
} from '../../../../contract/messages.ts'
import { route } from '../../route.ts'
import { Id } from './shapes.ts'

export const emailRoutes = {
  'POST /v1/send': route({
    summary: 'Send an email: captured with a test key, relayed with a live key',
    permission: 'send',
    body: SendRequest,
    reply: Sent,
    status: 202,
    faults: [
      'invalid_sender',
      'sender_not_allowed',
      'daily_limit_exceeded',
      'message_too_large',
      'relay_not_configured',
      'template_not_found',
    ],
    handle: async ({ body, caller, domain }) => {
      const message = await domain.messages.send(caller, body)
      return { id: message.publicId, status: 'queued' as const, created_at: iso(message.createdAt) }
    },
  }),
  'GET /v1/emails': route({
    summary: 'List emails, newest first',
    permission: 'logs:read',
    query: EmailQuery,
    reply: EmailList,
    handle: ({ query, caller, domain }) => domain.emails.list(caller, query),
  }),
  'GET /v1/emails/{id}': route({
    summary: 'An email with the state of each recipient',
    permission: 'logs:read',
    params: Id,
    reply: EmailDetail,
    faults: ['not_found'],
    handle: ({ params, caller, domain }) => domain.emails.get(caller, params.id),
  }),
}
