import { Readable } from 'node:stream'
import { z } from 'zod'
import {
  Imported,
  Inboxes,
  InboxFilter,
  InboxList,
  InboxMessage,
  InboxMessageDetail,
  InboxQuery,
  MessageChange,
  MessageChanges,
  MessageCount,
  MessageDownload,
  MessageFile,
  MessageHeaders,
  MessageIds,
  MessageView,
  Tags,
  ViewRequest,
} from '../../../../contract/messages.ts'
import { InboxName } from '../../../../contract/wire.ts'
import { Content, produces, route } from '../../route.ts'
import { asFile } from './files.ts'
import { Changed, Deleted, Id, Numbered } from './shapes.ts'

export const inboxRoutes = {
  'GET /v1/inboxes': route({
    summary: 'Inboxes with their counts',
    permission: 'inbox:read',
    reply: Inboxes,
    handle: ({ caller, domain }) => ({ data: domain.inbox.inboxes(caller) }),
  }),
  'GET /v1/inbox': route({
    summary: 'List or search captured messages, newest first',
    permission: 'inbox:read',
    query: InboxQuery,
    reply: InboxList,
    handle: ({ query, caller, domain }) => domain.inbox.list(caller, query),
  }),
  'PATCH /v1/inbox': route({
    summary: 'Mark many messages read or unread, give them tags or take tags away',
    permission: 'inbox:write',
    body: MessageChanges,
    reply: Changed,
    handle: ({ body, caller, domain }) => domain.inbox.changeMany(caller, body),
  }),
  'DELETE /v1/inbox': route({
    summary: 'Delete every message of an inbox, of all inboxes, or all that a search finds',
    permission: 'inbox:write',
    query: InboxFilter,
    reply: Changed,
    handle: ({ query, caller, domain }) => domain.inbox.clear(caller, query),
  }),
  'GET /v1/inbox/count': route({
    summary: 'How many messages a search finds',
    permission: 'inbox:read',
    query: InboxFilter,
    reply: MessageCount,
    handle: ({ query, caller, domain }) => domain.inbox.count(caller, query),
  }),
  'GET /v1/tags': route({
    summary: 'Tags of captured messages, with how many have each',
    permission: 'inbox:read',
    reply: Tags,
    handle: ({ caller, domain }) => ({ data: domain.inbox.tags(caller) }),
  }),
  'POST /v1/inbox/export': route({
    summary: 'The messages named, or all that a search finds, as one mbox file',
    permission: 'inbox:read',
    body: MessageIds.partial().extend({
      inbox: InboxFilter.shape.inbox,
      query: InboxFilter.shape.query,
      unread: z.boolean().optional(),
    }),
    reply: produces('application/mbox'),
    handle: async ({ body: { ids, ...filter }, caller, domain }) =>
      new Content(
        'application/mbox',
        Readable.from(await domain.inbox.export(caller, ids, filter)),
        { 'content-disposition': 'attachment; filename="messages.mbox"' },
      ),
  }),
  'POST /v1/inbox/import': route({
    summary: 'Put a message from a file into an inbox, `imports` if none is named',
    permission: 'inbox:write',
    query: z.object({ inbox: InboxName.optional() }),
    body: MessageFile,
    consumes: 'message/rfc822',
    reply: Imported,
    status: 201,
    faults: ['capture_paused', 'daily_limit_exceeded'],
    handle: ({ query, body, caller, domain, exchange }) =>
      domain.imports.file(caller, body, query.inbox, exchange.requestId),
  }),
  'POST /v1/inbox/delete': route({
    summary: 'Delete the messages named',
    permission: 'inbox:write',
    body: MessageIds,
    reply: Changed,
    handle: ({ body, caller, domain }) => domain.inbox.removeMany(caller, body.ids),
  }),
  'GET /v1/inbox/{id}': route({
    summary: 'A captured message with its envelope and parts',
    permission: 'inbox:read',
    params: Id,
    reply: InboxMessageDetail,
    faults: ['not_found'],
    handle: ({ params, caller, domain }) => domain.inbox.get(caller, params.id),
  }),
  'PATCH /v1/inbox/{id}': route({
    summary: 'Mark a message read or unread, or set its tags',
    permission: 'inbox:write',
    params: Id,
    body: MessageChange,
    reply: InboxMessage,
    faults: ['not_found'],
    handle: ({ params, body, caller, domain }) => domain.inbox.change(caller, params.id, body),
  }),
  'DELETE /v1/inbox/{id}': route({
    summary: 'Delete a captured message',
    permission: 'inbox:write',
    params: Id,
    reply: Deleted,
    faults: ['not_found'],
    handle: ({ params, caller, domain }) => domain.inbox.remove(caller, params.id),
  }),
  'GET /v1/inbox/{id}/raw': route({
    summary: 'The message as it came, byte for byte',
    permission: 'inbox:read',
    params: Id,
    reply: produces('message/rfc822'),
    faults: ['not_found'],
    handle: async ({ params, caller, domain }) =>
      new Content('message/rfc822', await domain.inbox.raw(caller, params.id), {
        'content-disposition': `attachment; filename="${params.id}.eml"`,
      }),
  }),
  'GET /v1/inbox/{id}/html': route({
    summary: 'The HTML part as its author wrote it; use `/view` to show it',
    permission: 'inbox:read',
    params: Id,
    reply: produces('text/plain; charset=utf-8'),
    faults: ['not_found'],
    // As plain text, so that a browser which opens this address never runs what it says.
    handle: async ({ params, caller, domain }) =>
      new Content('text/plain; charset=utf-8', await domain.inbox.html(caller, params.id)),
  }),
  'GET /v1/inbox/{id}/text': route({
    summary: 'The text part, or text made from the HTML part',
    permission: 'inbox:read',
    params: Id,
    reply: produces('text/plain; charset=utf-8'),
    faults: ['not_found'],
    handle: async ({ params, caller, domain }) =>
      new Content('text/plain; charset=utf-8', await domain.inbox.text(caller, params.id)),
  }),
  'GET /v1/inbox/{id}/headers': route({
    summary: 'The header fields in their order, decoded',
    permission: 'inbox:read',
    params: Id,
    reply: MessageHeaders,
    faults: ['not_found'],
    handle: async ({ params, caller, domain }) => ({
      data: await domain.inbox.headers(caller, params.id),
    }),
  }),
  'GET /v1/inbox/{id}/attachments/{n}': route({
    summary: 'One attachment, decoded',
    permission: 'inbox:read',
    params: Numbered,
    reply: produces('application/octet-stream'),
    faults: ['not_found'],
    handle: async ({ params, caller, domain }) =>
      asFile(await domain.inbox.attachment(caller, params.id, params.n)),
  }),
  'POST /v1/inbox/{id}/download': route({
    summary: 'An address that answers the message as it came, for a program that sends no key',
    permission: 'inbox:read',
    params: Id,
    reply: MessageDownload,
    faults: ['not_found'],
    handle: ({ params, caller, domain }) => domain.views.download(caller, params.id),
  }),
  'POST /v1/inbox/{id}/view': route({
    summary: 'An address that shows the HTML part in a frame, scripts off',
    permission: 'inbox:read',
    params: Id,
    body: ViewRequest,
    reply: MessageView,
    faults: ['not_found'],
    handle: ({ params, body, caller, domain }) => domain.views.ofCaptured(caller, params.id, body),
  }),
}
