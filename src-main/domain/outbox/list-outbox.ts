import type { MessageStatus } from '../../contract/messages.ts'
import type { OutboxFilter, OutboxList, OutboxQuery } from '../../contract/outbox.ts'
import type { Reader } from '../../storage/reader.ts'
import type { LiveCaller } from '../auth/caller.ts'
import type { Keys } from '../auth/keys.ts'
import type { Relays } from '../relays/relays.ts'
import { likePattern, type OutboxRow, toOutboxMessage } from './outbox-rows.ts'

type Condition = readonly [sql: string, value: unknown]

/** Ids from `low` to before `high`. */
type IdWindow = { readonly low: number; readonly high: number; readonly limit: number }

type ListDeps = { readonly reader: Reader; readonly keys: Keys; readonly relays: Relays }

/** The statuses of sent messages per filter; `scheduled` has a table of its own. */
export const statusesOf: Readonly<Record<OutboxFilter, readonly MessageStatus[]>> = {
  waiting: ['queued', 'sending'],
  delivered: ['delivered'],
  bounced: ['bounced'],
  failed: ['failed'],
  scheduled: [],
  cancelled: ['cancelled'],
}
const everyStatus = Object.values(statusesOf).flat()

/** A filter by text or key reads this many ids at a time, and this often per request. */
const windowSize = 25_000
const maxWindows = 8

/** The delivery with the most relevant reply of a message. */
const worstReply = `
  FROM deliveries w WHERE w.message_id = m.id AND last_reply IS NOT NULL
  ORDER BY CASE w.status WHEN 'failed' THEN 0 WHEN 'bounced' THEN 1 WHEN 'deferred' THEN 2
    ELSE 3 END LIMIT 1
`

export type MessagePage = Omit<OutboxList, 'scheduled' | 'next_scheduled'>

/** A page of sent messages, newest first. `lastId` is the newest message. */
export async function listMessages(
  deps: ListDeps,
  caller: LiveCaller,
  query: OutboxQuery,
  lastId: number,
): Promise<MessagePage> {
  const statuses = query.status ? statusesOf[query.status] : everyStatus
  if (statuses.length === 0) return { data: [], has_more: false, next_before: null }
  const conditions = conditionsOf(deps.keys, caller, query)
  const lowest = (query.after ?? 0) + 1
  const wanted = query.limit + 1
  let high = Math.min(query.before ?? Number.MAX_SAFE_INTEGER, lastId + 1)
  const ids: number[] = []
  for (let windows = 0; windows < maxWindows && high > lowest && ids.length < wanted; windows++) {
    const low = conditions.length === 0 ? lowest : Math.max(lowest, high - windowSize)
    const limit = wanted - ids.length
    const found = await readIds(deps.reader, statuses, conditions, { low, high, limit })
    ids.push(...found.map(({ id }) => id))
    high = low
  }
  const page = ids.slice(0, query.limit)
  const marks = page.map(() => '?').join(', ')
  const data = page.length > 0 ? await readMessages(deps, caller, `m.id IN (${marks})`, page) : []
  if (ids.length > page.length) {
    return { data, has_more: true, next_before: page.at(-1) ?? null }
  }
  const isOver = high <= lowest
  return { data, has_more: !isOver, next_before: isOver ? null : high }
}

/** Messages by public id. */
export function listByIds(deps: ListDeps, caller: LiveCaller, ids: readonly string[]) {
  const marks = ids.map(() => '?').join(', ')
  return readMessages(deps, caller, `m.public_id IN (${marks})`, ids)
}

function conditionsOf(keys: Keys, caller: LiveCaller, query: OutboxQuery): Condition[] {
  const conditions: Condition[] = []
  // The plus keeps SQLite on the index of statuses, which is in the order of the list.
  if (caller.tenantId !== null) conditions.push(['+m.tenant_id = ?', caller.tenantId])
  if (query.key_id) conditions.push(['m.key_id = ?', keys.idOf(query.key_id) ?? -1])
  if (query.query) {
    conditions.push([
      "(m.subject || ' ' || m.header_from || ' ' || m.rcpt_to || ' ' || m.header_to) LIKE ? ESCAPE '\\'",
      likePattern(query.query),
    ])
  }
  return conditions
}

/** Merges the newest ids of each status; each part is read from the index. */
function readIds(
  reader: Reader,
  statuses: readonly MessageStatus[],
  conditions: readonly Condition[],
  { low, high, limit }: IdWindow,
) {
  const part = `SELECT id FROM (
    SELECT m.id FROM messages m WHERE m.mode = 'live' AND m.status = ? AND m.id >= ? AND m.id < ?
    ${conditions.map(([sql]) => `AND ${sql}`).join(' ')} ORDER BY m.id DESC LIMIT ?)`
  const values = conditions.map(([, value]) => value)
  return reader.all<{ id: number }>(
    `${statuses.map(() => part).join(' UNION ALL ')} ORDER BY id DESC LIMIT ?`,
    ...statuses.flatMap((status) => [status, low, high, ...values, limit]),
    limit,
  )
}

async function readMessages(
  deps: ListDeps,
  caller: LiveCaller,
  where: string,
  values: readonly unknown[],
) {
  const rows = await deps.reader.all<OutboxRow>(
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
  return rows.map((row) => toOutboxMessage(deps, caller, row))
}
