import { z } from 'zod'
import { iso } from '../../../base/clock.ts'
import { EventQuery } from '../../../contract/events.ts'
import type { Fault } from '../../../contract/faults.ts'
import { CreatedKey, Key, KeyChange, NewKey, Rotation, Session } from '../../../contract/keys.ts'
import {
  EmailDetail,
  EmailList,
  EmailQuery,
  Inboxes,
  InboxList,
  InboxMessage,
  InboxMessageDetail,
  InboxQuery,
  MessageHeaders,
  MessageIds,
  MessageView,
  ReadMark,
  ReadMarks,
  SendRequest,
  Sent,
} from '../../../contract/messages.ts'
import { NewRelay, Relay, RelayChange, RelayTest, RelayTested } from '../../../contract/relays.ts'
import { Settings, SettingsChange } from '../../../contract/settings.ts'
import { Usage, UsageQuery } from '../../../contract/usage.ts'
import { InboxName } from '../../../contract/wire.ts'
import { eventStream } from '../event-stream.ts'
import { Content, type Dialect, produces, route } from '../route.ts'

const Id = z.object({ id: z.string().max(64) })
const Deleted = z.object({ id: z.string(), deleted: z.literal(true) })
const Changed = z.object({ changed: z.int() })

/** SelfMX's API and what MailSage adds to it; the window speaks this one. */
export const nativeRoutes = {
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

  'POST /v1/api-keys': route({
    summary: 'Create an API key; the whole key is in this answer only',
    permission: 'api-keys:write',
    body: NewKey,
    reply: CreatedKey,
    status: 201,
    handle: ({ body, caller, domain }) => domain.keys.create(caller, body, 'sk'),
  }),
  'GET /v1/api-keys': route({
    summary: 'List API keys that are not revoked, newest first',
    permission: 'api-keys:read',
    reply: z.object({ data: z.array(Key) }),
    handle: ({ caller, domain }) => ({ data: domain.keys.list(caller) }),
  }),
  'GET /v1/api-keys/{id}': route({
    summary: 'One API key',
    permission: 'api-keys:read',
    params: Id,
    reply: Key,
    faults: ['not_found'],
    handle: ({ params, caller, domain }) => domain.keys.get(caller, params.id),
  }),
  'PATCH /v1/api-keys/{id}': route({
    summary: 'Change an API key; fields left out stay as they are',
    permission: 'api-keys:write',
    params: Id,
    body: KeyChange,
    reply: Key,
    faults: ['not_found'],
    handle: ({ params, body, caller, domain }) => domain.keys.update(caller, params.id, body),
  }),
  'POST /v1/api-keys/{id}/rotate': route({
    summary: 'Make a new secret; the old one works on for the grace time',
    permission: 'api-keys:write',
    params: Id,
    body: Rotation,
    reply: CreatedKey,
    faults: ['not_found', 'conflict'],
    handle: ({ params, body, caller, domain }) =>
      domain.keys.rotate(caller, params.id, body.grace_seconds),
  }),
  'DELETE /v1/api-keys/{id}': route({
    summary: 'Revoke an API key at once and for good',
    permission: 'api-keys:write',
    params: Id,
    reply: z.object({ id: z.string(), revoked: z.literal(true) }),
    faults: ['not_found', 'conflict'],
    handle: ({ params, caller, domain }) => domain.keys.revoke(caller, params.id),
  }),
  'GET /v1/session': route({
    summary: 'Who this key is',
    permission: 'any-key',
    reply: Session,
    handle: ({ caller, domain }) => domain.keys.session(caller),
  }),

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
    summary: 'Mark many messages read or unread',
    permission: 'inbox:write',
    body: ReadMarks,
    reply: Changed,
    handle: ({ body, caller, domain }) => domain.inbox.markMany(caller, body),
  }),
  'DELETE /v1/inbox': route({
    summary: 'Delete every message of an inbox, or of all inboxes',
    permission: 'inbox:write',
    query: z.object({ inbox: InboxName.optional() }),
    reply: Changed,
    handle: ({ query, caller, domain }) => domain.inbox.clear(caller, query.inbox),
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
    summary: 'Mark a message read or unread',
    permission: 'inbox:write',
    params: Id,
    body: ReadMark,
    reply: InboxMessage,
    faults: ['not_found'],
    handle: ({ params, body, caller, domain }) => domain.inbox.mark(caller, params.id, body.read),
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
    params: z.object({ id: z.string().max(64), n: z.coerce.number().int().min(0) }),
    reply: produces('application/octet-stream'),
    faults: ['not_found'],
    handle: async ({ params, caller, domain }) => {
      const { contentType, filename, bytes } = await domain.inbox.attachment(
        caller,
        params.id,
        params.n,
      )
      return new Content(contentType, bytes, {
        'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(filename)}`,
      })
    },
  }),
  'POST /v1/inbox/{id}/view': route({
    summary: 'An address that shows the HTML part in a frame, scripts off',
    permission: 'inbox:read',
    params: Id,
    body: z.object({ remote_content: z.boolean().default(false) }),
    reply: MessageView,
    faults: ['not_found'],
    handle: ({ params, body, caller, domain }) =>
      domain.views.create(caller, params.id, body.remote_content),
  }),

  'GET /v1/events': route({
    summary: 'Events as they happen (server-sent events); resume with `Last-Event-ID` or `after`',
    permission: 'logs:read',
    query: EventQuery,
    reply: produces('text/event-stream'),
    handle: ({ query, caller, domain, exchange }) =>
      eventStream(domain.events, caller, query, exchange),
  }),
  'GET /v1/usage': route({
    summary: 'Requests and emails over time, by key, route and outcome',
    permission: 'usage:read',
    query: UsageQuery,
    reply: Usage,
    handle: ({ query, caller, domain }) => domain.usage.read(caller, query),
  }),

  'GET /v1/relays': route({
    summary: 'SMTP relays in the order they are tried',
    permission: 'relays:read',
    reply: z.object({ data: z.array(Relay) }),
    handle: ({ caller, domain }) => ({ data: domain.relays.list(caller) }),
  }),
  'POST /v1/relays': route({
    summary: 'Add an SMTP relay',
    permission: 'relays:write',
    body: NewRelay,
    reply: Relay,
    status: 201,
    handle: ({ body, caller, domain }) => domain.relays.create(caller, body),
  }),
  'GET /v1/relays/{id}': route({
    summary: 'One SMTP relay',
    permission: 'relays:read',
    params: Id,
    reply: Relay,
    faults: ['not_found'],
    handle: ({ params, caller, domain }) => domain.relays.get(caller, params.id),
  }),
  'PATCH /v1/relays/{id}': route({
    summary: 'Change an SMTP relay; fields left out stay as they are',
    permission: 'relays:write',
    params: Id,
    body: RelayChange,
    reply: Relay,
    faults: ['not_found', 'conflict'],
    handle: ({ params, body, caller, domain }) => domain.relays.update(caller, params.id, body),
  }),
  'DELETE /v1/relays/{id}': route({
    summary: 'Remove an SMTP relay',
    permission: 'relays:write',
    params: Id,
    reply: Deleted,
    faults: ['not_found', 'conflict'],
    handle: ({ params, caller, domain }) => domain.relays.remove(caller, params.id),
  }),
  'POST /v1/relays/{id}/test': route({
    summary: 'Connect to a relay, sign in, and send a test message if an address is given',
    permission: 'relays:write',
    params: Id,
    body: RelayTest,
    reply: RelayTested,
    faults: ['not_found', 'smtp_auth_error', 'smtp_connection_error', 'smtp_error'],
    handle: ({ params, body, caller, domain }) =>
      domain.relays.test(caller, params.id, body.recipient),
  }),
  'POST /v1/test-smtp': route({
    summary: 'Connect to the first relay and sign in',
    permission: 'relays:write',
    reply: z.object({ status: z.literal('ok'), message: z.string() }),
    faults: ['relay_not_configured', 'smtp_auth_error', 'smtp_connection_error', 'smtp_error'],
    handle: async ({ caller, domain }) => {
      const { status, message } = await domain.relays.testFirst(caller)
      return { status, message }
    },
  }),

  'GET /v1/settings': route({
    summary: 'Settings of this installation',
    permission: '*',
    reply: Settings,
    handle: ({ domain }) => domain.settings.read(),
  }),
  'PATCH /v1/settings': route({
    summary: 'Change the settings that can change while running',
    permission: '*',
    body: SettingsChange,
    reply: Settings,
    handle: ({ body, caller, domain }) => domain.settings.change(caller, body),
  }),
}

export type NativeRoutes = typeof nativeRoutes

export const native: Dialect = {
  name: 'native',
  title: 'SelfMX and MailSage native',
  prefix: '/v1',
  routes: nativeRoutes,
  fault: nativeError,
}

export function nativeError(fault: Fault, requestId: string) {
  const { code, message } = fault
  const details = Object.keys(fault.details).length > 0 ? { details: fault.details } : {}
  return {
    error: { code, message, ...details },
    statusCode: fault.httpStatus,
    name: code,
    message,
    request_id: requestId,
  }
}
