import { timeOf } from '../../base/ids.ts'
import { eventTypesOf } from '../../contract/log-entries.ts'
import type { LogList, LogQuery } from '../../contract/logs.ts'
import type { EventLog } from '../../storage/event-log.ts'
import type { Caller } from '../auth/caller.ts'
import type { Keys } from '../auth/keys.ts'
import {
  type EventRow,
  type LogReadDeps,
  readLogEntry,
  selectEvents,
  slackMs,
  visibleTo,
} from './log-rows.ts'

/** Events per read, so that other reads run in between. */
const windowSize = 50_000
/** A search ends after this many events; `next_before` says where to continue. */
const maxScanned = 2_000_000
const maxRequestMs = 20 * 60_000

type Condition = readonly [sql: string, value: unknown]
/** Sequence numbers from `low` to before `high`. */
type SeqRange = { readonly low: number; readonly high: number }

/** Searches the event log, newest first. */
export async function searchLog(
  { reader, eventLog, keys }: LogReadDeps,
  caller: Caller,
  query: LogQuery,
): Promise<LogList> {
  const conditions = conditionsOf(keys, caller, query)
  const types = eventTypesOf(query.type)
  const sql = `${selectEvents}
    WHERE e.seq >= ? AND e.seq < ? AND e.type IN (${types.map(() => '?').join(', ')})
      ${conditions.map(([part]) => `AND ${part}`).join(' ')} ${visibleTo(caller)}
    ORDER BY e.seq DESC LIMIT ?`
  const values = [...types, ...conditions.map(([, value]) => value)]
  const found: EventRow[] = []
  let scanned = 0
  for (const { low, high } of rangesOf(eventLog, query)) {
    for (let end = high; end > low && found.length <= query.limit; end -= windowSize) {
      if (scanned >= maxScanned) {
        return {
          data: found.map((row) => readLogEntry(keys, row)),
          has_more: true,
          next_before: end,
        }
      }
      const begin = Math.max(low, end - windowSize)
      const limit = query.limit + 1 - found.length
      found.push(...(await reader.all<EventRow>(sql, begin, end, ...values, limit)))
      scanned += end - begin
    }
    if (query.request_id !== undefined && found.length > 0) break
  }
  const page = found.slice(0, query.limit)
  const hasMore = found.length > page.length
  return {
    data: page.map((row) => readLogEntry(keys, row)),
    has_more: hasMore,
    next_before: hasMore ? (page.at(-1)?.seq ?? null) : null,
  }
}

function conditionsOf(keys: Keys, caller: Caller, query: LogQuery): Condition[] {
  const conditions: Condition[] = []
  const add = (sql: string, value: unknown) => {
    if (value !== undefined && value !== null) conditions.push([sql, value])
  }
  add('e.tenant_id = ?', caller.tenantId)
  if (query.key_id !== undefined) add('e.key_id = ?', keys.idOf(query.key_id) ?? -1)
  add("e.data ->> '$.route' = ?", query.route)
  add("e.data ->> '$.outcome' = ?", query.outcome)
  add("e.data ->> '$.status' = ?", query.status)
  add("e.data ->> '$.address' = ?", query.address)
  add("e.data ->> '$.request_id' = ?", query.request_id)
  if (query.text) {
    add(
      "(e.type || ' ' || coalesce(m.public_id, '') || ' ' || e.data) LIKE ? ESCAPE '\\'",
      `%${query.text.replace(/[\\%_]/g, '\\$&')}%`,
    )
  }
  if (query.from) add('e.at >= ?', Date.parse(query.from))
  if (query.to) add('e.at < ?', Date.parse(query.to))
  return conditions
}

/** The ranges of the log to search, the likeliest first. */
function rangesOf(
  eventLog: EventLog,
  { from, to, before, after, request_id: requestId }: LogQuery,
): SeqRange[] {
  const low = Math.max((after ?? 0) + 1, from ? eventLog.seqAt(Date.parse(from) - slackMs) : 0)
  const high = Math.min(
    before ?? Number.MAX_SAFE_INTEGER,
    to ? eventLog.seqBehind(Date.parse(to) + slackMs) : Number.MAX_SAFE_INTEGER,
    eventLog.lastSeq() + 1,
  )
  const requestedAt = requestId === undefined ? null : timeOf(requestId)
  if (requestedAt === null) return [{ low, high }]
  // A request id holds its time. Only a long stream is logged much later.
  const begin = Math.max(low, eventLog.seqAt(requestedAt - slackMs))
  const usual = Math.min(high, eventLog.seqBehind(requestedAt + maxRequestMs))
  return [
    { low: begin, high: usual },
    { low: Math.max(begin, usual), high },
  ]
}
