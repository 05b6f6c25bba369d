import { iso, isoOrNull } from '../../base/clock.ts'
import type { MessageStatus } from '../../contract/messages.ts'
import type { OutboxMessage } from '../../contract/outbox.ts'
import type { Address } from '../../contract/wire.ts'
import { scanHeader } from '../../mime/header-scan.ts'
import type { LiveCaller } from '../auth/caller.ts'
import type { Keys } from '../auth/keys.ts'
import type { Relays } from '../relays/relays.ts'

export type OutboxRow = {
  readonly id: number
  readonly public_id: string
  readonly status: MessageStatus
  readonly key_id: number | null
  readonly header_from: string
  readonly header_to: string
  readonly rcpt_to: string
  readonly subject: string
  readonly received_at: number
  readonly delivered: number | null
  readonly deferred: number | null
  readonly failed: number | null
  readonly relay_id: number | null
  readonly last_reply: string | null
  readonly reply_relay_id: number | null
  readonly next_attempt_at: number | null
}

/** `head` is the beginning of the message. */
export type ScheduledOutboxRow = {
  readonly public_id: string
  readonly status: 'scheduled' | 'cancelled' | 'failed'
  readonly key_id: number | null
  readonly due_at: number
  readonly mail_from: string
  readonly rcpt_to: string
  readonly head: Uint8Array
  readonly error: string | null
  readonly created_at: number
}

const maxNamed = 10

export function toOutboxMessage(
  { keys, relays }: { readonly keys: Keys; readonly relays: Relays },
  caller: LiveCaller,
  row: OutboxRow,
): OutboxMessage {
  const rcptTo = JSON.parse(row.rcpt_to) as string[]
  const named = (JSON.parse(row.header_to) as Address[]).map(formatAddress)
  return {
    id: row.public_id,
    position: row.id,
    status: row.status,
    from: formatAddress(JSON.parse(row.header_from) as Address),
    to: (named.length > 0 ? named : rcptTo).slice(0, maxNamed),
    subject: row.subject,
    recipients: rcptTo.length,
    delivered: row.delivered ?? 0,
    deferred: row.deferred ?? 0,
    failed: row.failed ?? 0,
    relay: relays.shownTo(caller, row.relay_id, null).relay,
    last_reply: relays.shownTo(caller, row.reply_relay_id, row.last_reply).reply,
    next_attempt_at: isoOrNull(row.next_attempt_at),
    ...keyOf(keys, row.key_id),
    created_at: iso(row.received_at),
    scheduled_at: null,
  }
}

export function toScheduledMessage(keys: Keys, row: ScheduledOutboxRow): OutboxMessage {
  const head = scanHeader(Buffer.from(row.head))
  const rcptTo = JSON.parse(row.rcpt_to) as string[]
  const named = head.to.map(formatAddress)
  return {
    id: row.public_id,
    position: null,
    status: row.status,
    from: head.from ? formatAddress(head.from) : row.mail_from,
    to: (named.length > 0 ? named : rcptTo).slice(0, maxNamed),
    subject: head.subject,
    recipients: rcptTo.length,
    delivered: 0,
    deferred: 0,
    failed: 0,
    relay: null,
    last_reply: row.error,
    next_attempt_at: null,
    ...keyOf(keys, row.key_id),
    created_at: iso(row.created_at),
    scheduled_at: iso(row.due_at),
  }
}

function keyOf(keys: Keys, id: number | null) {
  const key = id === null ? null : keys.nameOf(id)
  return { key_id: key?.publicId ?? null, key_name: key?.name ?? null }
}

export function formatAddress({ name, address }: Address): string {
  return name ? `${name} <${address}>` : address
}

/** A LIKE pattern, escaped with a backslash, for a literal part of a text. */
export function likePattern(text: string): string {
  return `%${text.replace(/[\\%_]/g, '\\$&')}%`
}
