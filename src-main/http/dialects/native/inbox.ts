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
  MessageIds,
  Tags,
} from '../../../contract/messages.ts'
import { InboxName } from '../../../contract/wire.ts'
import { Content, produces, route } from '../../route.ts'
import { contentRoutes } from './content-routes.ts'
import { Changed, Deleted, Id } from './shapes.ts'

const content = contentRoutes({
  permission: 'inbox:read',
  mode: 'test',
  summaries: {
    raw: 'The exact bytes of the message as received',
    headers: 'The header fields in their order, decoded',
    text: 'The text of the message, in the order of its parts; without a text part, the HTML as text',
    attachment: 'One attachment, decoded',
    view: 'A URL that shows the HTML part in a frame without scripts',
  },
  contentOf: ({ inbox }, caller, id) => inbox.contentOf(caller, id),
})

export const inboxRoutes = {
  'GET /v1/inboxes': route({
    summary: 'Inboxes with their counts',
    permission: 'inbox:read',
    mode: 'test',
    reply: Inboxes,
    handle: ({ caller, domain }) => ({ data: domain.inbox.inboxes(caller) }),
  }),
  'GET /v1/inbox': route({
    summary: 'List or search captured messages, newest first',
    permission: 'inbox:read',
    mode: 'test',
    query: InboxQuery,
    reply: InboxList,
    faults: ['request_timeout'],
    handle: ({ query, caller, domain, exchange }) =>
      domain.inbox.list(caller, query, exchange.signal),
  }),
  'PATCH /v1/inbox': route({
    summary: 'Mark many messages as read or unread, add tags or remove tags',
    permission: 'inbox:write',
    mode: 'test',
    body: MessageChanges,
    reply: Changed,
    faults: ['request_timeout'],
    handle: ({ body, caller, domain }) => domain.inbox.changeMany(caller, body),
  }),
  'DELETE /v1/inbox': route({
    summary: 'Delete all messages of an inbox, of all inboxes, or of a search',
    permission: 'inbox:write',
    mode: 'test',
    query: InboxFilter,
    reply: Changed,
    faults: ['request_timeout'],
    handle: ({ query, caller, domain }) => domain.inbox.clear(caller, query),
  }),
  'GET /v1/inbox/count': route({
    summary: 'The number of messages that match a search',
    permission: 'inbox:read',
    mode: 'test',
    query: InboxFilter,
    reply: MessageCount,
    faults: ['request_timeout'],
    handle: ({ query, caller, domain, exchange }) =>
      domain.inbox.count(caller, query, exchange.signal),
  }),
  'GET /v1/tags': route({
    summary: 'Tags of captured messages with the number of messages',
    permission: 'inbox:read',
    mode: 'test',
    reply: Tags,
    handle: ({ caller, domain }) => ({ data: domain.inbox.tags(caller) }),
  }),
  'POST /v1/inbox/export': route({
    summary: 'Export messages by id or search, as one mbox file',
    permission: 'inbox:read',
    mode: 'test',
    body: MessageIds.partial().extend({
      inbox: InboxFilter.shape.inbox,
      query: InboxFilter.shape.query,
      unread: z.boolean().optional(),
    }),
    reply: produces('application/mbox'),
    faults: ['request_timeout'],
    handle: async ({ body: { ids, ...filter }, caller, domain }) =>
      new Content(
        'application/mbox',
        Readable.from(await domain.inbox.export(caller, ids, filter)),
        { 'content-disposition': 'attachment; filename="messages.mbox"' },
      ),
  }),
  'POST /v1/inbox/import': route({
    summary: 'Import a message file into an inbox; default: `imports`',
    permission: 'inbox:write',
    mode: 'test',
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
    summary: 'Delete messages by id',
    permission: 'inbox:write',
    mode: 'test',
    body: MessageIds,
    reply: Changed,
    handle: ({ body, caller, domain }) => domain.inbox.removeMany(caller, body.ids),
  }),
  'GET /v1/inbox/{id}': route({
    summary: 'A captured message with its envelope and parts',
    permission: 'inbox:read',
    mode: 'test',
    params: Id,
    reply: InboxMessageDetail,
    faults: ['not_found'],
    handle: ({ params, caller, domain }) => domain.inbox.get(caller, params.id),
  }),
  'PATCH /v1/inbox/{id}': route({
    summary: 'Mark a message as read or unread, or set its tags',
    permission: 'inbox:write',
    mode: 'test',
    params: Id,
    body: MessageChange,
    reply: InboxMessage,
    faults: ['not_found'],
    handle: ({ params, body, caller, domain }) => domain.inbox.change(caller, params.id, body),
  }),
  'DELETE /v1/inbox/{id}': route({
    summary: 'Delete a captured message',
    permission: 'inbox:write',
    mode: 'test',
    params: Id,
    reply: Deleted,
    faults: ['not_found'],
    handle: ({ params, caller, domain }) => domain.inbox.remove(caller, params.id),
  }),
  'GET /v1/inbox/{id}/raw': content.raw,
  'GET /v1/inbox/{id}/html': route({
    summary: 'The HTML of the message, in the order of its parts; use `/view` to show it',
    permission: 'inbox:read',
    mode: 'test',
    params: Id,
    reply: produces('text/plain; charset=utf-8'),
    faults: ['not_found', 'message_unreadable'],
    // As plain text, so that a browser that opens this URL runs no script of the message.
    handle: async ({ params, caller, domain }) =>
      new Content(
        'text/plain; charset=utf-8',
        await domain.inbox.contentOf(caller, params.id).html(),
      ),
  }),
  'GET /v1/inbox/{id}/text': content.text,
  'GET /v1/inbox/{id}/headers': content.headers,
  'GET /v1/inbox/{id}/attachments/{n}': content.attachment,
  'POST /v1/inbox/{id}/download': route({
    summary: 'A URL that returns the exact bytes of the message without a key',
    permission: 'inbox:read',
    mode: 'test',
    params: Id,
    reply: MessageDownload,
    faults: ['not_found'],
    handle: ({ params, caller, domain }) => domain.views.download(caller, params.id),
  }),
  'POST /v1/inbox/{id}/view': content.view,
}
