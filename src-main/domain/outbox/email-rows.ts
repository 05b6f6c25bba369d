import { iso, isoOrNull } from '../../base/clock.ts'
import type {
  Delivery,
  DeliveryStatus,
  Email,
  EmailDetail,
  MessageStatus,
} from '../../contract/messages.ts'
import type { Address } from '../../contract/wire.ts'
import { scanHeader } from '../../mime/header-scan.ts'
import type { Caller } from '../auth/caller.ts'
import type { Keys } from '../auth/keys.ts'
import type { ScheduledRow, ScheduledSummary } from '../messages/scheduled-store.ts'
import type { MessageOptions } from '../messages/submission.ts'
import type { Relays } from '../relays/relays.ts'
import { formatAddress } from './outbox-rows.ts'

export type EmailRow = {
  readonly id: number
  readonly public_id: string
  readonly mode: 'live' | 'test'
  readonly status: MessageStatus
  readonly key_id: number | null
  readonly header_from: string
  readonly header_to: string
  readonly header_cc: string
  readonly subject: string
  readonly received_at: number
  readonly delivered_at: number | null
}

/** The columns of `EmailRow`. */
export const emailColumns = `
  id, public_id, mode, status, key_id, header_from, header_to, header_cc, subject, received_at,
  delivered_at
`

export type OwnedEmailRow = EmailRow & {
  readonly tenant_id: string | null
  readonly options: string | null
}

export type DeliveryRow = {
  readonly recipient: string
  readonly status: DeliveryStatus
  readonly attempts: number
  readonly next_attempt_at: number | null
  readonly relay_id: number | null
  readonly last_reply: string | null
  readonly delivered_at: number | null
}

export function toEmail(keys: Keys, row: EmailRow): Email {
  return {
    id: row.public_id,
    status: row.status,
    mode: row.mode,
    from: formatAddress(JSON.parse(row.header_from) as Address),
    to: (JSON.parse(row.header_to) as Address[]).map(formatAddress),
    subject: row.subject,
    key_id: publicIdOf(keys, row.key_id),
    created_at: iso(row.received_at),
    delivered_at: isoOrNull(row.delivered_at),
  }
}

export function toEmailDetail(
  keys: Keys,
  row: OwnedEmailRow,
  deliveries: readonly Delivery[],
): EmailDetail {
  return {
    ...toEmail(keys, row),
    cc: (JSON.parse(row.header_cc) as Address[]).map(formatAddress),
    deliveries: [...deliveries],
    ...optionsOf(row),
    scheduled_at: null,
    error: null,
  }
}

export function toDelivery(relays: Relays, caller: Caller, row: DeliveryRow): Delivery {
  const { relay, reply } = relays.shownTo(caller, row.relay_id, row.last_reply)
  return {
    recipient: row.recipient,
    status: row.status,
    attempts: row.attempts,
    relay,
    last_reply: reply,
    next_attempt_at: isoOrNull(row.next_attempt_at),
    delivered_at: isoOrNull(row.delivered_at),
  }
}

export function toScheduledEmail(keys: Keys, row: ScheduledSummary): Email {
  const head = scanHeader(row.raw)
  return {
    id: row.public_id,
    status: row.status,
    mode: row.mode,
    from: head.from ? formatAddress(head.from) : row.mail_from,
    to: head.to.map(formatAddress),
    subject: head.subject,
    key_id: publicIdOf(keys, row.key_id),
    created_at: iso(row.created_at),
    delivered_at: null,
  }
}

export function toScheduledDetail(keys: Keys, row: ScheduledRow): EmailDetail {
  return {
    ...toScheduledEmail(keys, row),
    cc: scanHeader(row.raw).cc.map(formatAddress),
    deliveries: [],
    ...optionsOf(row),
    scheduled_at: iso(row.due_at),
    error: row.error,
  }
}

function optionsOf({ options }: { readonly options: string | null }) {
  const { tags = [], metadata = {} } = JSON.parse(options ?? '{}') as MessageOptions
  return { tags: [...tags], metadata: { ...metadata } }
}

const publicIdOf = (keys: Keys, id: number | null): string | null =>
  id === null ? null : (keys.nameOf(id)?.publicId ?? null)
