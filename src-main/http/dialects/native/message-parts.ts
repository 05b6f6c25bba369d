import { z } from 'zod'
import { MessageStructure } from '../../../contract/message-parts.ts'
import { AttachedMessage, Sent } from '../../../contract/messages.ts'
import { ReleaseRequest } from '../../../contract/release.ts'
import { produces, route } from '../../route.ts'
import { asFile } from './files.ts'
import { Id, Numbered } from './shapes.ts'

/** The MIME parts of one captured message, and its release. */
export const messagePartRoutes = {
  'GET /v1/inbox/{id}/structure': route({
    summary: 'The MIME parts of a captured message, in their order',
    permission: 'inbox:read',
    mode: 'test',
    params: Id,
    reply: MessageStructure,
    faults: ['not_found', 'message_unreadable'],
    handle: async ({ params, caller, domain }) => ({
      data: await domain.inbox.structure(caller, params.id),
    }),
  }),
  'GET /v1/inbox/{id}/parts/{path}': route({
    summary: 'One MIME part, decoded; `path` as in `/structure`',
    permission: 'inbox:read',
    mode: 'test',
    params: Id.extend({ path: z.string().regex(/^1(\.\d{1,4}){0,60}$/) }),
    reply: produces('*/*'),
    faults: ['not_found', 'message_unreadable'],
    handle: async ({ params, caller, domain }) =>
      asFile(await domain.inbox.part(caller, params.id, params.path)),
  }),
  'GET /v1/inbox/{id}/attachments/{n}/message': route({
    summary: 'The addresses, text and attachments of an attached message (`message/rfc822`)',
    permission: 'inbox:read',
    mode: 'test',
    params: Numbered,
    reply: AttachedMessage,
    faults: ['not_found', 'message_unreadable'],
    handle: ({ params, caller, domain }) =>
      domain.inbox.attachedMessage(caller, params.id, params.n),
  }),
  'POST /v1/inbox/{id}/release': route({
    summary:
      'Release an exact copy of a captured message to real recipients, with a live key only. The captured message stays',
    permission: 'inbox:write',
    mode: 'live',
    params: Id,
    body: ReleaseRequest.prefault({}),
    reply: Sent,
    status: 202,
    faults: [
      'not_found',
      'invalid_sender',
      'invalid_recipient',
      'too_many_recipients',
      'sender_not_allowed',
      'smtp_not_found',
      'relay_not_configured',
      'daily_limit_exceeded',
    ],
    handle: ({ params, body, caller, domain, exchange }) =>
      domain.releases.release(caller, params.id, body, exchange.requestId),
  }),
}
