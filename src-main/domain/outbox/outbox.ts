import { type Clock, iso, isoOrNull } from '../../base/clock.ts'
import type { MessageStatus } from '../../contract/messages.ts'
import {
  type OutboxFilter,
  type OutboxList,
  type OutboxMessage,
  type OutboxQuery,
  type OutboxSummary,
  outboxCountedUpTo,
} from '../../contract/outbox.ts'
import type { Address } from '../../contract/wire.ts'
import { scanHeader } from '../../mime/header-scan.ts'
import type { Database } from '../../storage/database.ts'
import type { Reader } from '../../storage/reader.ts'
import type { LiveCaller } from '../auth/caller.ts'
import type { Keys } from '../auth/keys.ts'
import type { Relays } from '../relays/relays.ts'
import type { RestoredQueue } from './restored-queue.ts'

export type Outbox = ReturnType<typeof createOutbox>

type Row = {
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

type WaitingRow = {
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

type Condition = readonly [sql: string, value: unknown]

const onTheWay = ['queued', 'sending'] as const
const statusesOf: Readonly<Record<OutboxFilter, readonly MessageStatus[]>> = {
  waiting: onTheWay,
  delivered: ['delivered'],
  bounced: ['bounced'],
  failed: ['failed'],
  scheduled: [],
  cancelled: ['cancelled'],
}
const everyStatus = Object.values(statusesOf).flat()

/** So many ids are looked through at a time for a word or a key, and so often for one answer. */
const windowSize = 25_000
const maxWindows = 8
const maxScheduled = 200
const maxNamed = 10
const noneWaiting = { scheduled: [], next_scheduled: null }
const headBytes = 65_536
const dayMs = 86_400_000

/** The delivery whose reply says most about a message. */
const worstReply = `
  FROM deliveries w WHERE w.message_id = m.id AND last_reply IS NOT NULL
  ORDER BY CASE w.status WHEN 'failed' THEN 0 WHEN 'bounced' THEN 1 WHEN 'deferred' THEN 2
    ELSE 3 END LIMIT 1
`

type OutboxDeps = {
  readonly database: Database
  readonly reader: Reader
  readonly keys: Keys
  readonly relays: Relays
  readonly restoredQueue: RestoredQueue
  readonly clock: Clock
}

/** Live mail as a list, newest first: pages by cursor, nothing that grows with all that was sent. */
export function createOutbox(deps: OutboxDeps) {
  const { database, reader, keys, relays, restoredQueue, clock } = deps
  const lastId = database.prepare<[], number | null>('SELECT max(id) FROM messages').pluck()

  function toWire(caller: LiveCaller, row: Row): OutboxMessage {
    const rcptTo = JSON.parse(row.rcpt_to) as string[]
    const named = (JSON.parse(row.header_to) as Address[]).map(format)
    return {
      id: row.public_id,
      position: row.id,
      status: row.status,
      from: format(JSON.parse(row.header_from) as Address),
      to: (named.length > 0 ? named : rcptTo).slice(0, maxNamed),
      subject: row.subject,
      recipients: rcptTo.length,
      delivered: row.delivered ?? 0,
      deferred: row.deferred ?? 0,
      failed: row.failed ?? 0,
      relay: relays.shownTo(caller, row.relay_id, null).relay,
      last_reply: relays.shownTo(caller, row.reply_relay_id, row.last_reply).reply,
      next_attempt_at: isoOrNull(row.next_attempt_at),
      ...keyOf(row.key_id),
      created_at: iso(row.received_at),
      scheduled_at: null,
    }
  }

  function keyOf(id: number | null) {
    const key = id === null ? null : keys.nameOf(id)
    return { key_id: key?.publicId ?? null, key_name: key?.name ?? null }
  }

  function conditionsOf(caller: LiveCaller, query: OutboxQuery): Condition[] {
    const conditions: Condition[] = []
    // The plus keeps the index of statuses in use, which has the rows in their order.
    if (caller.tenantId !== null) conditions.push(['+m.tenant_id = ?', caller.tenantId])
    if (query.key_id) conditions.push(['m.key_id = ?', keys.idOf(query.key_id) ?? -1])
    if (query.query) {
      conditions.push([
        "(m.subject || ' ' || m.header_from || ' ' || m.rcpt_to || ' ' || m.header_to) LIKE ? ESCAPE '\\'",
        contains(query.query),
      ])
    }
    return conditions
  }

  /** The newest of each status, put together: each part is read from the index, newest first. */
  function idsOf(
    statuses: readonly MessageStatus[],
    conditions: readonly Condition[],
    span: { readonly low: number; readonly high: number; readonly limit: number },
  ) {
    const part = `SELECT id FROM (
      SELECT m.id FROM messages m WHERE m.mode = 'live' AND m.status = ? AND m.id >= ? AND m.id < ?
      ${conditions.map(([sql]) => `AND ${sql}`).join(' ')} ORDER BY m.id DESC LIMIT ?)`
    const values = conditions.map(([, value]) => value)
    return reader.all<{ id: number }>(
      `${statuses.map(() => part).join(' UNION ALL ')} ORDER BY id DESC LIMIT ?`,
      ...statuses.flatMap((status) => [status, span.low, span.high, ...values, span.limit]),
      span.limit,
    )
  }

  async function rowsOf(caller: LiveCaller, where: string, values: readonly unknown[]) {
    const rows = await reader.all<Row>(
      `SELECT m.id, m.public_id, m.status, m.key_id, m.header_from, m.header_to, m.rcpt_to,
         m.subject, m.received_at, sum(d.status = 'delivered') AS delivered,
         sum(d.status = 'deferred') AS deferred, sum(d.status IN ('bounced', 'failed')) AS failed,
         max(d.relay_id) AS relay_id, min(d.next_attempt_at) AS next_attempt_at,
         (SELECT last_reply ${worstReply}) AS last_reply,
         (SELECT relay_id ${worstReply}) AS reply_relay_id
       FROM messages m LEFT JOIN deliveries d ON d.message_id = m.id
       WHERE ${where} AND m.mode = 'live' AND (? IS NULL OR m.tenant_id = ?)
       GROUP BY m.id ORDER BY m.id DESC`,
      ...values,
      caller.tenantId,
      caller.tenantId,
    )
    return rows.map((row) => toWire(caller, row))
  }

  async function page(
    caller: LiveCaller,
    query: OutboxQuery,
  ): Promise<Omit<OutboxList, 'scheduled' | 'next_scheduled'>> {
    const statuses = query.status ? statusesOf[query.status] : everyStatus
    if (statuses.length === 0) return { data: [], has_more: false, next_before: null }
    const conditions = conditionsOf(caller, query)
    const lowest = (query.after ?? 0) + 1
    const wanted = query.limit + 1
    let high = Math.min(query.before ?? Number.MAX_SAFE_INTEGER, (lastId.get() ?? 0) + 1)
    const ids: number[] = []
    for (let looked = 0; looked < maxWindows && high > lowest && ids.length < wanted; looked++) {
      const low = conditions.length === 0 ? lowest : Math.max(lowest, high - windowSize)
      const limit = wanted - ids.length
      const found = await idsOf(statuses, conditions, { low, high, limit })
      ids.push(...found.map(({ id }) => id))
      high = low
    }
    const shown = ids.slice(0, query.limit)
    const marks = shown.map(() => '?').join(', ')
    const data = shown.length > 0 ? await rowsOf(caller, `m.id IN (${marks})`, shown) : []
    if (ids.length > shown.length) {
      return { data, has_more: true, next_before: shown.at(-1) ?? null }
    }
    const isOver = high <= lowest
    return { data, has_more: !isOver, next_before: isOver ? null : high }
  }

  async function waiting(
    caller: LiveCaller,
    query: OutboxQuery,
  ): Promise<Pick<OutboxList, 'scheduled' | 'next_scheduled'>> {
    const status = query.status ?? 'scheduled'
    if (status !== 'scheduled' && status !== 'cancelled' && status !== 'failed') return noneWaiting
    const rows = await reader.all<WaitingRow>(
      `SELECT public_id, status, key_id, due_at, mail_from, rcpt_to,
         substr(raw, 1, ${headBytes}) AS head, error, created_at
       FROM scheduled
       WHERE mode = 'live' AND status = ? AND (? IS NULL OR tenant_id = ?)
         AND (? IS NULL OR key_id = ?)
         AND (due_at, public_id) > (?, ?)
       ORDER BY due_at, public_id LIMIT ${maxScheduled + 1}`,
      status,
      caller.tenantId,
      caller.tenantId,
      query.key_id ?? null,
      query.key_id ? (keys.idOf(query.key_id) ?? -1) : null,
      ...placeOf(query.scheduled_after),
    )
    const word = query.query?.toLowerCase()
    const shown = rows.slice(0, maxScheduled)
    const scheduled = shown
      .map(toWaiting)
      .filter(
        ({ subject, from, to }) =>
          !word || [subject, from, ...to].some((text) => text.toLowerCase().includes(word)),
      )
    const last = rows.length > shown.length ? shown.at(-1) : undefined
    return { scheduled, next_scheduled: last ? cursorOf(last) : null }
  }

  function toWaiting(row: WaitingRow): OutboxMessage {
    const head = scanHeader(Buffer.from(row.head))
    const rcptTo = JSON.parse(row.rcpt_to) as string[]
    const named = head.to.map(format)
    return {
      id: row.public_id,
      position: null,
      status: row.status,
      from: head.from ? format(head.from) : row.mail_from,
      to: (named.length > 0 ? named : rcptTo).slice(0, maxNamed),
      subject: head.subject,
      recipients: rcptTo.length,
      delivered: 0,
      deferred: 0,
      failed: 0,
      relay: null,
      last_reply: row.error,
      next_attempt_at: null,
      ...keyOf(row.key_id),
      created_at: iso(row.created_at),
      scheduled_at: iso(row.due_at),
    }
  }

  async function countsOf(tenantId: string | null): Promise<Record<OutboxFilter, number>> {
    const tenant = tenantId === null ? '' : 'AND +tenant_id = ?'
    const values = tenantId === null ? [] : [tenantId]
    const count = (sql: string, bound: readonly unknown[]) =>
      reader.first<{ count: number }>(
        `SELECT count(*) AS count FROM (${sql} ${tenant} LIMIT ${outboxCountedUpTo})`,
        ...bound,
        ...values,
      )
    const entries = Object.entries(statusesOf).map(async ([filter, statuses]) => {
      const scheduled = await count("SELECT 1 FROM scheduled WHERE mode = 'live' AND status = ?", [
        filter,
      ])
      const marks = statuses.map(() => '?').join(', ')
      const sent =
        statuses.length === 0
          ? null
          : await count(
              `SELECT 1 FROM messages WHERE mode = 'live' AND status IN (${marks})`,
              statuses,
            )
      const sum = (scheduled?.count ?? 0) + (sent?.count ?? 0)
      return [filter, Math.min(outboxCountedUpTo, sum)] as const
    })
    // Every filter has its entry; `fromEntries` cannot say so.
    return Object.fromEntries(await Promise.all(entries)) as Record<OutboxFilter, number>
  }

  async function queueOf(tenantId: string | null): Promise<OutboxSummary['queue']> {
    const due = await reader.first<{
      waiting: number | null
      deferred: number | null
      oldest: number | null
      next: number | null
    }>(
      `SELECT sum(status = 'queued') AS waiting, sum(status = 'deferred') AS deferred,
         min(iif(status = 'deferred', received_at, NULL)) AS oldest, min(next) AS next
       FROM (SELECT d.status, m.received_at, d.next_attempt_at AS next
         FROM deliveries d JOIN messages m ON m.id = d.message_id
         WHERE d.next_attempt_at IS NOT NULL AND (? IS NULL OR m.tenant_id = ?)
         ORDER BY d.next_attempt_at LIMIT ${outboxCountedUpTo})`,
      tenantId,
      tenantId,
    )
    const sending = await reader.first<{ count: number }>(
      `SELECT count(*) AS count FROM messages m JOIN deliveries d ON d.message_id = m.id
       WHERE m.mode = 'live' AND m.status = 'sending' AND d.status = 'sending'
         AND (? IS NULL OR +m.tenant_id = ?)`,
      tenantId,
      tenantId,
    )
    return {
      waiting: due?.waiting ?? 0,
      sending: sending?.count ?? 0,
      deferred: due?.deferred ?? 0,
      oldest_at: isoOrNull(due?.oldest ?? null),
      next_attempt_at: isoOrNull(due?.next ?? null),
    }
  }

  return {
    async list(caller: LiveCaller, query: OutboxQuery): Promise<OutboxList> {
      if (query.ids) {
        const marks = query.ids.map(() => '?').join(', ')
        const data = await rowsOf(caller, `m.public_id IN (${marks})`, query.ids)
        return { data, ...noneWaiting, has_more: false, next_before: null }
      }
      if (query.scheduled_after !== undefined) {
        const more = await waiting(caller, query)
        return { data: [], ...more, has_more: false, next_before: null }
      }
      const isFirst = query.before === undefined && query.after === undefined
      const first = isFirst ? await waiting(caller, query) : noneWaiting
      return { ...(await page(caller, query)), ...first }
    },

    async summary(caller: LiveCaller, since: string | undefined): Promise<OutboxSummary> {
      const { tenantId } = caller
      const begin = since ? Date.parse(since) : Math.floor(clock.now() / dayMs) * dayMs
      const delivered = await reader.first<{ sum: number | null }>(
        `SELECT sum(recipients) AS sum FROM delivery_usage
         WHERE minute >= ? AND minute <= ? AND outcome = 'delivered' AND (? IS NULL OR tenant = ?)`,
        Math.floor(begin / 60_000),
        Math.floor(clock.now() / 60_000),
        tenantId,
        tenantId,
      )
      return {
        counts: await countsOf(tenantId),
        queue: await queueOf(tenantId),
        held_by_restore: restoredQueue.heldFor(tenantId),
        delivered_today: delivered?.sum ?? 0,
        relays: relays.state(tenantId),
      }
    },
  }
}

/** The place in the order, not the message: that may be sent before somebody goes on from here. */
function cursorOf(row: WaitingRow): string {
  return `${row.due_at}.${row.public_id}`
}

function placeOf(cursor = '-1.'): readonly [dueAt: number, publicId: string] {
  const [dueAt, publicId = ''] = cursor.split('.')
  return [Number(dueAt), publicId]
}

function format({ name, address }: Address): string {
  return name ? `${name} <${address}>` : address
}

function contains(text: string): string {
  return `%${text.replace(/[\\%_]/g, '\\$&')}%`
}
