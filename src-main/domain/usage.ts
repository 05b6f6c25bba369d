import { type Clock, iso } from '../base/clock.ts'
import { csvLine } from '../base/csv.ts'
import type { Log } from '../base/log.ts'
import { startLoop } from '../base/loop.ts'
import { type Outcome, outcomes } from '../contract/events.ts'
import { Fault } from '../contract/faults.ts'
import {
  deliveryOutcomes,
  type Figures,
  type Usage,
  type UsageBucket,
  type UsageQuery,
} from '../contract/usage.ts'
import type { CommitQueue } from '../storage/commit-queue.ts'
import type { Database } from '../storage/database.ts'
import type { EventLog, StoredEvent } from '../storage/event-log.ts'
import type { Reader } from '../storage/reader.ts'
import type { Caller } from './caller.ts'
import type { Keys } from './keys.ts'
import { latencyColumns, meanMs, quantileMs } from './latency.ts'
import { startHours } from './usage-hours.ts'
import { minuteMs, rollUp, rollUpDeliveries } from './usage-rollup.ts'

export type UsageBook = ReturnType<typeof createUsage>

const follower = 'usage'
const batchSize = 2000
const bucketMs: Record<UsageBucket, number> = {
  minute: minuteMs,
  hour: 60 * minuteMs,
  day: 1440 * minuteMs,
}
const longestSeries = 800
/** So many buckets of an export are read at a time. */
const exportBuckets = 60

type UsageDeps = {
  readonly database: Database
  readonly queue: CommitQueue
  readonly reader: Reader
  readonly eventLog: EventLog
  readonly keys: Keys
  readonly clock: Clock
  readonly log: Log
  /** Others that count what happens, so that the log is read once for all of them. */
  readonly counters: readonly ((events: readonly StoredEvent[]) => void)[]
}

/** Usage by minute, key, route and outcome: a rollup that follows the event log. */
export function createUsage(deps: UsageDeps) {
  const { database, queue, reader, eventLog, keys, clock, log, counters } = deps
  const add = database.prepare(`
    INSERT INTO usage (
      minute, key_id, tenant_id, route, outcome, requests, emails, ms_total,
      ${latencyColumns.join(', ')}
    ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ${latencyColumns.map(() => '?').join(', ')})
    ON CONFLICT (minute, key_id, route, outcome) DO UPDATE SET
      requests = requests + excluded.requests, emails = emails + excluded.emails,
      ms_total = ms_total + excluded.ms_total,
      ${latencyColumns.map((name) => `${name} = ${name} + excluded.${name}`).join(', ')}
  `)
  const addDelivery = database.prepare<[number, string, string, number]>(`
    INSERT INTO delivery_usage (minute, tenant, outcome, recipients) VALUES (?, ?, ?, ?)
    ON CONFLICT (minute, tenant, outcome) DO UPDATE SET
      recipients = recipients + excluded.recipients
  `)
  const hours = startHours({ database, queue, eventLog, clock, log })
  const loop = startLoop({ name: 'usage', clock, log, run, settleMs: 200 })
  const stopListening = queue.onEvents(loop.wake)
  loop.wake()

  async function run(): Promise<number | null> {
    const page = eventLog.read(eventLog.cursor(follower), batchSize)
    const last = page.at(-1)
    if (!last) return null
    const entries = rollUp(page)
    const deliveries = rollUpDeliveries(page)
    // The rollup appends no event of its own, so it does not wake itself.
    await queue.write(() => {
      for (const {
        minute,
        keyId,
        tenantId,
        route,
        outcome,
        requests,
        emails,
        latency,
      } of entries) {
        const { totalMs, counts } = latency
        add.run(minute, keyId, tenantId, route, outcome, requests, emails, totalMs, ...counts)
      }
      for (const { minute, tenant, outcome, recipients } of deliveries) {
        addDelivery.run(minute, tenant, outcome, recipients)
      }
      eventLog.moveCursor(follower, last.seq)
    })
    for (const count of counters) count(page)
    return page.length === batchSize ? 0 : null
  }

  /** The span asked for in whole minutes, `to` not included; of old ones only hours are known. */
  function spanOf(query: UsageQuery) {
    const to = query.to ? Date.parse(query.to) : clock.now()
    const from = query.from ? Date.parse(query.from) : to - bucketMs.day
    if (from >= to) {
      throw new Fault('invalid_parameter', '“from” must lie before “to”.', { field: 'from' })
    }
    const toMinute = query.to ? Math.ceil(to / minuteMs) : Math.floor(to / minuteMs) + 1
    const minute = Math.floor(from / minuteMs)
    const isOld = minute < hours.through()
    const bucket = query.bucket ?? finestBucket(to - from, isOld)
    const width = bucketMs[bucket] / minuteMs
    const known = isOld ? Math.floor(minute / 60) * 60 : minute
    return { from, to, bucket, width, fromMinute: known, toMinute }
  }

  return {
    async read(caller: Caller, query: UsageQuery): Promise<Usage> {
      const { from, to, bucket, width, fromMinute, toMinute } = spanOf(query)
      if ((toMinute - fromMinute) / width > longestSeries * 2) {
        throw new Fault(
          'invalid_parameter',
          `That is too many ${bucket}s for one answer. Choose a wider “bucket” or a shorter time.`,
          { field: 'bucket' },
        )
      }
      const [rows, deliveries] = await Promise.all([
        readRows(caller, query, fromMinute, toMinute, width),
        readDeliveries(caller, query, fromMinute, toMinute),
      ])
      const start = Math.floor(fromMinute / width) * width
      const byBucket = new Map(groups(rows, (row) => row.minute))
      const series = Array.from({ length: Math.ceil((toMinute - start) / width) }, (_, index) => {
        const minute = start + index * width
        return { at: iso(minute * minuteMs), ...sum(byBucket.get(minute) ?? []) }
      })
      return {
        from: iso(from),
        to: iso(to),
        bucket,
        totals: sum(rows),
        series,
        keys: groups(rows, (row) => row.keyId).map(([keyId, members]) => ({
          key_id: keys.nameOf(keyId)?.publicId ?? null,
          name: keyName(keyId),
          ...sum(members),
        })),
        tenants: groups(rows, (row) => row.tenantId).map(([tenantId, members]) => ({
          tenant_id: tenantId,
          ...sum(members),
        })),
        routes: groups(rows, (row) => row.route)
          .map(([route, members]) => ({ route, ...sum(members) }))
          .filter(({ requests }) => requests > 0),
        deliveries,
      }
    },

    /**
     * The same figures as lines of CSV (RFC 4180), one for each bucket, key, route and outcome. Read
     * piece by piece, so that a year of them costs no more memory than a day.
     */
    export: (caller: Caller, query: UsageQuery): AsyncGenerator<string> =>
      exportLines(caller, query, spanOf(query)),

    /** The current UTC day, as `read` takes it. */
    today(): { readonly from: string; readonly to: string } {
      const start = Math.floor(clock.now() / bucketMs.day) * bucketMs.day
      return { from: iso(start), to: iso(start + bucketMs.day) }
    },

    /** Until everything committed so far is in the rollup. */
    async idle(): Promise<void> {
      await Promise.all([loop.idle(), hours.idle()])
    },

    async close(): Promise<void> {
      stopListening()
      await Promise.all([loop.close(), hours.close()])
    },
  }

  async function* exportLines(
    caller: Caller,
    query: UsageQuery,
    { width, fromMinute, toMinute }: ReturnType<typeof spanOf>,
  ): AsyncGenerator<string> {
    yield csvLine([
      'at',
      'key_id',
      'key_name',
      'tenant_id',
      'route',
      'outcome',
      'requests',
      'emails',
      'mean_ms',
      'p95_ms',
    ])
    let minute: number | null = fromMinute
    for (;;) {
      // Years without use are passed over.
      minute = await firstUsed(minute, toMinute)
      if (minute === null) return
      const end: number = Math.min(toMinute, (Math.floor(minute / width) + exportBuckets) * width)
      const rows = await readRows(caller, query, minute, end, width)
      const text = rows.map((row) => csvLine(exportRow(row))).join('')
      if (text !== '') yield text
      minute = end
    }
  }

  function keyName(keyId: number): string {
    return keys.nameOf(keyId)?.name ?? 'Without a key'
  }

  function exportRow(row: UsageRow): readonly (string | number | null)[] {
    const { requests, emails, mean_ms: mean, p95_ms: p95 } = sum([row])
    return [
      iso(row.minute * minuteMs),
      keys.nameOf(row.keyId)?.publicId ?? null,
      keyName(row.keyId),
      row.tenantId,
      row.route,
      row.outcome,
      requests,
      emails,
      mean,
      p95,
    ]
  }

  async function firstUsed(fromMinute: number, toMinute: number): Promise<number | null> {
    const row = await reader.first<{ minute: number | null }>(
      'SELECT min(minute) AS minute FROM usage WHERE minute >= ? AND minute < ?',
      fromMinute,
      toMinute,
    )
    return row?.minute ?? null
  }

  function readRows(
    caller: Caller,
    query: UsageQuery,
    fromMinute: number,
    toMinute: number,
    width: number,
  ): Promise<UsageRow[]> {
    const keyId = query.key_id === undefined ? null : (keys.idOf(query.key_id) ?? -1)
    const tenantId = query.tenant_id ?? null
    return reader.all<UsageRow>(
      // A bound number is a REAL to SQLite: % makes it whole, where / would not.
      `SELECT minute - minute % ? AS minute, key_id AS keyId, tenant_id AS tenantId, route,
         outcome, sum(requests) AS requests, sum(emails) AS emails, sum(ms_total) AS msTotal,
         ${latencyColumns.map((name) => `sum(${name}) AS ${name}`).join(', ')}
       FROM usage
       WHERE minute >= ? AND minute < ? AND (? IS NULL OR tenant_id = ?)
         AND (? IS NULL OR tenant_id = ?) AND (? IS NULL OR key_id = ?)
       GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 4, 5`,
      width,
      fromMinute,
      toMinute,
      caller.tenantId,
      caller.tenantId,
      tenantId,
      tenantId,
      keyId,
      keyId,
    )
  }

  async function readDeliveries(
    caller: Caller,
    query: UsageQuery,
    fromMinute: number,
    toMinute: number,
  ): Promise<Usage['deliveries']> {
    const rows = await reader.all<{ outcome: string; recipients: number }>(
      `SELECT outcome, sum(recipients) AS recipients FROM delivery_usage
       WHERE minute >= ? AND minute < ? AND (? IS NULL OR tenant = ?)
         AND (? IS NULL OR tenant = ?) GROUP BY outcome`,
      fromMinute,
      toMinute,
      caller.tenantId,
      caller.tenantId,
      query.tenant_id ?? null,
      query.tenant_id ?? null,
    )
    const found = new Map(rows.map(({ outcome, recipients }) => [outcome, recipients]))
    return Object.fromEntries(
      deliveryOutcomes.map((outcome) => [outcome, found.get(outcome) ?? 0]),
    ) as Usage['deliveries']
  }
}

type UsageRow = {
  /** The first of the bucket. */
  readonly minute: number
  readonly keyId: number
  readonly tenantId: string | null
  readonly route: string
  readonly outcome: Outcome
  readonly requests: number
  readonly emails: number
  readonly msTotal: number
} & { readonly [column: `ms_${string}`]: number }

function finestBucket(spanMs: number, isOld: boolean): UsageBucket {
  if (!isOld && spanMs / bucketMs.minute <= 120) return 'minute'
  return spanMs / bucketMs.hour <= 200 ? 'hour' : 'day'
}

function sum(rows: readonly UsageRow[]): Figures {
  const byOutcome = Object.fromEntries(outcomes.map((outcome) => [outcome, 0])) as Record<
    Outcome,
    number
  >
  const counts = latencyColumns.map(() => 0)
  let [requests, emails, totalMs] = [0, 0, 0]
  for (const row of rows) {
    requests += row.requests
    emails += row.emails
    totalMs += row.msTotal
    byOutcome[row.outcome] += row.requests
    for (const [index, column] of latencyColumns.entries()) {
      counts[index] = (counts[index] ?? 0) + (row[column as `ms_${string}`] ?? 0)
    }
  }
  const latency = { totalMs, counts }
  return {
    requests,
    emails,
    outcomes: byOutcome,
    mean_ms: meanMs(latency),
    p95_ms: quantileMs(latency, 0.95),
  }
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
