import { type Clock, iso } from '../base/clock.ts'
import type { Log } from '../base/log.ts'
import { startLoop } from '../base/loop.ts'
import { type Outcome, outcomes } from '../contract/events.ts'
import { Fault } from '../contract/faults.ts'
import type { Figures, Usage, UsageBucket, UsageQuery } from '../contract/usage.ts'
import type { CommitQueue } from '../storage/commit-queue.ts'
import type { Database } from '../storage/database.ts'
import type { EventLog, StoredEvent } from '../storage/event-log.ts'
import type { Reader } from '../storage/reader.ts'
import type { Caller } from './caller.ts'
import type { Keys } from './keys.ts'

export type UsageBook = ReturnType<typeof createUsage>

const follower = 'usage'
const batchSize = 2000
const minuteMs = 60_000
const bucketMs: Record<UsageBucket, number> = {
  minute: minuteMs,
  hour: 60 * minuteMs,
  day: 1440 * minuteMs,
}
const longestSeries = 800

type Entry = {
  readonly minute: number
  readonly keyId: number
  readonly tenantId: string | null
  readonly route: string
  readonly outcome: Outcome
  requests: number
  emails: number
}

type UsageDeps = {
  readonly database: Database
  readonly queue: CommitQueue
  readonly reader: Reader
  readonly eventLog: EventLog
  readonly keys: Keys
  readonly clock: Clock
  readonly log: Log
}

/** Usage by minute, key, route and outcome: a rollup that follows the event log. */
export function createUsage({ database, queue, reader, eventLog, keys, clock, log }: UsageDeps) {
  const add = database.prepare<[number, number, string | null, string, string, number, number]>(`
    INSERT INTO usage (minute, key_id, tenant_id, route, outcome, requests, emails)
    VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (minute, key_id, route, outcome) DO UPDATE SET
      requests = requests + excluded.requests, emails = emails + excluded.emails
  `)
  const loop = startLoop({ name: 'usage', clock, log, run, settleMs: 200 })
  const stopListening = queue.onEvents(loop.wake)
  loop.wake()

  async function run(): Promise<number | null> {
    const page = eventLog.read(eventLog.cursor(follower), batchSize)
    const last = page.at(-1)
    if (!last) return null
    const entries = rollUp(page)
    // The rollup appends no event of its own, so it does not wake itself.
    await queue.write(() => {
      for (const { minute, keyId, tenantId, route, outcome, requests, emails } of entries) {
        add.run(minute, keyId, tenantId, route, outcome, requests, emails)
      }
      eventLog.moveCursor(follower, last.seq)
    })
    return page.length === batchSize ? 0 : null
  }

  return {
    async read(caller: Caller, query: UsageQuery): Promise<Usage> {
      const to = query.to ? Date.parse(query.to) : clock.now()
      const from = query.from ? Date.parse(query.from) : to - bucketMs.day
      if (from >= to) {
        throw new Fault('invalid_parameter', '“from” must lie before “to”.', { field: 'from' })
      }
      const bucket = query.bucket ?? finestBucket(to - from)
      const width = bucketMs[bucket]
      if ((to - from) / width > longestSeries * 2) {
        throw new Fault(
          'invalid_parameter',
          `That is too many ${bucket}s for one answer. Choose a wider “bucket” or a shorter time.`,
          { field: 'bucket' },
        )
      }
      const rows = await readRows(caller, query.key_id, from, to, width)
      const start = Math.floor(from / width) * width
      const byBucket = new Map(groups(rows, (row) => row.bucket))
      const series = Array.from({ length: Math.ceil((to - start) / width) }, (_, index) => {
        const at = start + index * width
        return { at: iso(at), ...sum(byBucket.get(at) ?? []) }
      })
      return {
        from: iso(from),
        to: iso(to),
        bucket,
        totals: sum(rows),
        series,
        keys: groups(rows, (row) => row.keyId).map(([keyId, members]) => ({
          key_id: keys.nameOf(keyId)?.publicId ?? null,
          name: keys.nameOf(keyId)?.name ?? 'Without a key',
          ...sum(members),
        })),
        routes: groups(rows, (row) => row.route)
          .map(([route, members]) => ({ route, ...sum(members) }))
          .filter(({ requests }) => requests > 0),
      }
    },

    /** The current UTC day, as `read` takes it. */
    today(): { readonly from: string; readonly to: string } {
      const start = Math.floor(clock.now() / bucketMs.day) * bucketMs.day
      return { from: iso(start), to: iso(start + bucketMs.day) }
    },

    /** Until everything committed so far is in the rollup. */
    idle: loop.idle,

    async close(): Promise<void> {
      stopListening()
      await loop.close()
    },
  }

  function readRows(
    caller: Caller,
    keyPublicId: string | undefined,
    from: number,
    to: number,
    width: number,
  ): Promise<UsageRow[]> {
    const keyId = keyPublicId === undefined ? null : (keys.idOf(keyPublicId) ?? -1)
    return reader.all<UsageRow>(
      // A bound number is a REAL to SQLite: % makes it whole, where / would not.
      `SELECT (minute - minute % ?) * 60000 AS bucket, key_id AS keyId, route, outcome,
         sum(requests) AS requests, sum(emails) AS emails
       FROM usage
       WHERE minute >= ? AND minute <= ? AND (? IS NULL OR tenant_id = ?) AND (? IS NULL OR key_id = ?)
       GROUP BY 1, 2, 3, 4`,
      width / minuteMs,
      Math.floor(from / minuteMs),
      Math.floor(to / minuteMs),
      caller.tenantId,
      caller.tenantId,
      keyId,
      keyId,
    )
  }
}

type UsageRow = {
  readonly bucket: number
  readonly keyId: number
  readonly route: string
  readonly outcome: Outcome
  readonly requests: number
  readonly emails: number
}

/**
 * Events to entries. An HTTP request has an event of its own; a message taken over SMTP is its own
 * request, so that the accept path writes one event, not two.
 */
export function rollUp(events: readonly StoredEvent[]): Entry[] {
  const entries = new Map<string, Entry>()
  for (const event of events) {
    const isMessage = event.type === 'captured' || event.type === 'queued'
    if (event.type !== 'request' && !isMessage) continue
    if (event.keyId === null) continue
    const overSmtp = isMessage && event.data.door === 'smtp'
    const route = overSmtp ? 'SMTP' : isMessage ? 'HTTP' : String(event.data.route)
    const outcome = isMessage ? 'ok' : (event.data.outcome as Outcome)
    const minute = Math.floor(event.at / minuteMs)
    const name = `${minute} ${event.keyId} ${route} ${outcome}`
    const { keyId, tenantId } = event
    const entry = entries.get(name) ?? {
      minute,
      keyId,
      tenantId,
      route,
      outcome,
      requests: 0,
      emails: 0,
    }
    if (!isMessage || overSmtp) entry.requests += 1
    if (isMessage) entry.emails += 1
    entries.set(name, entry)
  }
  return [...entries.values()]
}

function finestBucket(spanMs: number): UsageBucket {
  if (spanMs / bucketMs.minute <= 120) return 'minute'
  return spanMs / bucketMs.hour <= 200 ? 'hour' : 'day'
}

function sum(rows: readonly UsageRow[]): Figures {
  const byOutcome = Object.fromEntries(outcomes.map((outcome) => [outcome, 0])) as Record<
    Outcome,
    number
  >
  let requests = 0
  let emails = 0
  for (const row of rows) {
    requests += row.requests
    emails += row.emails
    byOutcome[row.outcome] += row.requests
  }
  return { requests, emails, outcomes: byOutcome }
}

function groups<T, K>(rows: readonly T[], keyOf: (row: T) => K): [K, T[]][] {
  const found = new Map<K, T[]>()
  for (const row of rows) {
    const name = keyOf(row)
    const members = found.get(name)
    if (members) members.push(row)
    else found.set(name, [row])
  }
  return [...found].sort(([, a], [, b]) => b.length - a.length)
}
