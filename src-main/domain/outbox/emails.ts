import { iso, isoOrNull } from '../../base/clock.ts'
import { Fault } from '../../contract/faults.ts'
import type {
  Delivery,
  DeliveryStatus,
  Email,
  EmailDetail,
  EmailQuery,
  MessageStatus,
} from '../../contract/messages.ts'
import type { Address } from '../../contract/wire.ts'
import { scanHeader } from '../../mime/header-scan.ts'
import type { CommitQueue } from '../../storage/commit-queue.ts'
import type { Database } from '../../storage/database.ts'
import type { Reader } from '../../storage/reader.ts'
import { type Caller, type LiveCaller, onlyMode, requireLive, sees } from '../auth/caller.ts'
import type { Keys } from '../auth/keys.ts'
import type { Deliveries } from '../delivery/deliveries.ts'
import type { ScheduledRow, ScheduledSummary } from '../messages/scheduled-store.ts'
import type { Sending } from '../messages/sending.ts'
import type { MessageOptions } from '../messages/submission.ts'
import { type MessageContents, type StoredContent, summaryOf } from '../reading/message-contents.ts'
import { noRelay } from '../relays/choose-relays.ts'
import type { Relays } from '../relays/relays.ts'
import { formatAddress, likePattern } from './outbox-rows.ts'

export type Emails = ReturnType<typeof createEmails>

type EmailRow = {
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

type OwnedRow = EmailRow & {
  readonly tenant_id: string | null
  readonly options: string | null
}

type DeliveryRow = {
  readonly recipient: string
  readonly status: DeliveryStatus
  readonly attempts: number
  readonly next_attempt_at: number | null
  readonly relay_id: number | null
  readonly last_reply: string | null
  readonly delivered_at: number | null
}

const columns = `
  id, public_id, mode, status, key_id, header_from, header_to, header_cc, subject, received_at,
  delivered_at
`

type EmailDeps = {
  readonly database: Database
  readonly queue: CommitQueue
  readonly deliveries: Deliveries
  readonly sending: Sending
  readonly reader: Reader
  readonly contents: MessageContents
  readonly keys: Keys
  readonly relays: Relays
}

/** Live and captured messages from the sender's view. */
export function createEmails(deps: EmailDeps) {
  const { database, queue, reader, contents, keys, relays, deliveries, sending } = deps
  const byPublicId = database.prepare<[string], OwnedRow>(
    `SELECT ${columns}, tenant_id, options FROM messages WHERE public_id = ?`,
  )
  const rowIdOf = database
    .prepare<[string], number>('SELECT id FROM messages WHERE public_id = ?')
    .pluck()
  const deliveriesOf = database.prepare<[number], DeliveryRow>(`
    SELECT recipient, status, attempts, next_attempt_at, relay_id, last_reply, delivered_at
    FROM deliveries WHERE message_id = ? ORDER BY id
  `)

  function toWire(row: EmailRow): Email {
    return {
      id: row.public_id,
      status: row.status,
      mode: row.mode,
      from: formatAddress(JSON.parse(row.header_from) as Address),
      to: (JSON.parse(row.header_to) as Address[]).map(formatAddress),
      subject: row.subject,
      key_id: row.key_id === null ? null : (keys.nameOf(row.key_id)?.publicId ?? null),
      created_at: iso(row.received_at),
      delivered_at: isoOrNull(row.delivered_at),
    }
  }

  /** 0 for an unknown id: nothing is older, everything is newer. */
  const cursor = (publicId: string): number => rowIdOf.get(publicId) ?? 0

  return {
    async list(caller: Caller, query: EmailQuery) {
      if (query.status === 'scheduled') return listScheduled(caller, query)
      const conditions: [string, unknown][] = []
      if (caller.tenantId !== null) conditions.push(['tenant_id = ?', caller.tenantId])
      if (onlyMode(caller) !== null) conditions.push(['mode = ?', onlyMode(caller)])
      if (query.status) conditions.push(['status = ?', query.status])
      if (query.from) conditions.push(["header_from LIKE ? ESCAPE '\\'", likePattern(query.from)])
      if (query.to) conditions.push(["rcpt_to LIKE ? ESCAPE '\\'", likePattern(query.to)])
      const filter = conditions.map(([sql]) => ` AND ${sql}`).join('')
      const values = conditions.map(([, value]) => value)
      const paging: [string, unknown][] = []
      if (query.before) paging.push(['id < ?', cursor(query.before)])
      if (query.after) paging.push(['id > ?', cursor(query.after)])
      const rows = await reader.all<EmailRow>(
        `SELECT ${columns} FROM messages
         WHERE 1${filter}${paging.map(([sql]) => ` AND ${sql}`).join('')}
         ORDER BY id DESC LIMIT ? OFFSET ?`,
        ...values,
        ...paging.map(([, value]) => value),
        query.limit,
        (query.page - 1) * query.limit,
      )
      const counted = await reader.first<{ total: number }>(
        `SELECT count(*) AS total FROM messages WHERE 1${filter}`,
        ...values,
      )
      return {
        data: rows.map(toWire),
        pagination: { page: query.page, limit: query.limit, total: counted?.total ?? 0 },
      }
    },

    get,

    async reschedule(caller: Caller, publicId: string, at: string): Promise<EmailDetail> {
      await sending.reschedule(caller, publicId, at)
      return get(caller, publicId)
    },

    /** Cancels a scheduled message, or the pending deliveries of a queued one. */
    async cancel(caller: Caller, publicId: string): Promise<EmailDetail> {
      if (sending.findScheduled(caller, publicId)) await sending.cancel(caller, publicId)
      else await cancelQueued(caller, find(caller, publicId))
      return get(caller, publicId)
    },

    raw: async (caller: LiveCaller, publicId: string) => contentFor(caller, publicId).raw(),

    headers: async (caller: LiveCaller, publicId: string) => contentFor(caller, publicId).headers(),

    /** The parts of the message. */
    content: async (caller: LiveCaller, publicId: string) =>
      summaryOf(await contentFor(caller, publicId).parts()),

    page: async (caller: LiveCaller, publicId: string) => contentFor(caller, publicId).page(),

    text: async (caller: LiveCaller, publicId: string) => contentFor(caller, publicId).text(),

    attachment: async (caller: LiveCaller, publicId: string, index: number) =>
      contentFor(caller, publicId).attachment(index),

    /** Retries deferred and failed recipients now. Delivered recipients get nothing again. */
    async retry(caller: LiveCaller, publicId: string): Promise<EmailDetail> {
      const scheduled = sending.findScheduled(caller, publicId)
      if (scheduled) {
        throw new Fault(
          'conflict',
          `The email ${publicId} is ${scheduled.status}: it was not sent to a relay yet.`,
        )
      }
      const row = findLive(caller, publicId)
      if (!relays.hasAny(row.tenant_id)) throw noRelay()
      const retried = await queue.write((transaction) =>
        deliveries.retry(transaction, row.id, caller),
      )
      if (retried === 0) {
        throw new Fault(
          'conflict',
          `The email ${publicId} is ${row.status}: no recipient can be retried.`,
        )
      }
      deliveries.wake()
      return get(caller, publicId)
    },

    async retryMany(caller: LiveCaller, ids: readonly string[]) {
      const wanted = [...new Set(ids)]
      const retried = await queue.write((transaction) =>
        wanted.filter((publicId) => {
          const row = visible(caller, publicId)
          if (!row || !relays.hasAny(row.tenant_id)) return false
          return deliveries.retry(transaction, row.id, caller) > 0
        }),
      )
      deliveries.wake()
      const done = new Set(retried)
      return { retried, skipped: wanted.filter((id) => !done.has(id)) }
    },
  }

  /** Scheduled messages have a table of their own. */
  function listScheduled(caller: Caller, { page, limit }: EmailQuery) {
    const { rows, total } = sending.listScheduled(caller, { limit, offset: (page - 1) * limit })
    return { data: rows.map(toScheduledEmail), pagination: { page, limit, total } }
  }

  function get(caller: Caller, publicId: string): EmailDetail {
    const scheduled = sending.findScheduled(caller, publicId)
    if (scheduled) return toScheduledDetail(scheduled)
    const row = find(caller, publicId)
    const { tags = [], metadata = {} } = JSON.parse(row.options ?? '{}') as MessageOptions
    return {
      ...toWire(row),
      cc: (JSON.parse(row.header_cc) as Address[]).map(formatAddress),
      deliveries: deliveriesOf.all(row.id).map((delivery) => toDelivery(caller, delivery)),
      tags: [...tags],
      metadata: { ...metadata },
      scheduled_at: null,
      error: null,
    }
  }

  async function cancelQueued(caller: Caller, row: EmailRow): Promise<void> {
    if (row.mode === 'live') {
      const by = requireLive(caller, `The email ${row.public_id}`)
      const cancelled = await queue.write((transaction) =>
        deliveries.cancel(transaction, row.id, by),
      )
      if (cancelled > 0) return
    }
    throw new Fault(
      'conflict',
      `The email ${row.public_id} is ${row.status}: no delivery can be cancelled.`,
    )
  }

  function visible(caller: Caller, publicId: string): OwnedRow | null {
    const row = byPublicId.get(publicId)
    return row && sees(caller, row) ? row : null
  }

  function find(caller: Caller, publicId: string): OwnedRow {
    const row = visible(caller, publicId)
    if (row) return row
    throw new Fault('not_found', `There is no email ${publicId}.`)
  }

  /** Refuses a captured message: reading it needs the permission for inboxes, not for logs. */
  function findLive(caller: LiveCaller, publicId: string): OwnedRow {
    const row = find(caller, publicId)
    if (row.mode === 'live') return row
    throw new Fault(
      'not_found',
      `The email ${publicId} was captured, not sent. Read it at /v1/inbox/${publicId}.`,
    )
  }

  function contentFor(caller: LiveCaller, publicId: string): StoredContent {
    const scheduled = sending.findScheduled(caller, publicId)
    if (scheduled?.mode === 'live') return contents.ofRaw(scheduled.raw)
    return contents.ofRow(findLive(caller, publicId).id)
  }

  function toScheduledEmail(row: ScheduledSummary): Email {
    const head = scanHeader(row.raw)
    return {
      id: row.public_id,
      status: row.status,
      mode: row.mode,
      from: head.from ? formatAddress(head.from) : row.mail_from,
      to: head.to.map(formatAddress),
      subject: head.subject,
      key_id: row.key_id === null ? null : (keys.nameOf(row.key_id)?.publicId ?? null),
      created_at: iso(row.created_at),
      delivered_at: null,
    }
  }

  function toScheduledDetail(row: ScheduledRow): EmailDetail {
    const { tags = [], metadata = {} } = JSON.parse(row.options ?? '{}') as MessageOptions
    return {
      ...toScheduledEmail(row),
      cc: scanHeader(row.raw).cc.map(formatAddress),
      deliveries: [],
      tags: [...tags],
      metadata: { ...metadata },
      scheduled_at: iso(row.due_at),
      error: row.error,
    }
  }

  function toDelivery(caller: Caller, row: DeliveryRow): Delivery {
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
}
