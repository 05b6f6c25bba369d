import { iso } from '../../base/clock.ts'
import type { InboxMessage } from '../../contract/messages.ts'
import type { Address } from '../../contract/wire.ts'
import type { Keys } from '../auth/keys.ts'
import type { Protocol } from '../messages/submission.ts'

export type InboxRow = {
  readonly id: number
  readonly public_id: string
  readonly inbox: string
  readonly header_from: string
  readonly header_to: string
  readonly subject: string
  readonly received_at: number
  readonly size_bytes: number
  readonly read: number
  readonly key_id: number | null
  readonly door: Protocol
  /** JSON. */
  readonly tags: string | null
}

/** `snippet` and `attachments` are null until the message is indexed. */
export type ListRow = InboxRow & {
  readonly snippet: string | null
  readonly attachments: number | null
}

export type DetailRow = InboxRow & {
  readonly tenant_id: string | null
  readonly header_cc: string
  readonly mail_from: string
  readonly rcpt_to: string
  readonly dated_at: number | null
  readonly message_id: string | null
}

export const inboxColumns = `
  messages.id, public_id, inbox, header_from, header_to, messages.subject, received_at, size_bytes,
  read, key_id, door, json_extract(options, '$.tags') AS tags
`

export function toInboxMessage(row: ListRow, keys: Keys): InboxMessage {
  return {
    id: row.public_id,
    inbox: row.inbox,
    from: JSON.parse(row.header_from) as Address,
    to: JSON.parse(row.header_to) as Address[],
    subject: row.subject,
    snippet: row.snippet,
    received_at: iso(row.received_at),
    size_bytes: row.size_bytes,
    attachments: row.attachments ?? 0,
    read: row.read === 1,
    key_id: row.key_id === null ? null : (keys.nameOf(row.key_id)?.publicId ?? null),
    door: row.door,
    tags: JSON.parse(row.tags ?? '[]') as string[],
  }
}
