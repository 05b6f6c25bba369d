import { type Clock, iso } from '../base/clock.ts'
import { csvLine } from '../base/csv.ts'
import type { Log } from '../base/log.ts'
import { startLoop } from '../base/loop.ts'
import { Fault } from '../contract/faults.ts'
import {
  deliveryOutcomes,
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
import { latencyColumns } from './latency.ts'
import { groups, seriesOf, sum, type UsageRow } from './usage-figures.ts'
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
const sums = `sum(requests) AS requests, sum(emails) AS emails, sum(ms_total) AS msTotal,
  ${latencyColumns.map((name) => `sum(${name}) AS ${name}`).join(', ')}`
/** With the values of `wantedValues`. */
const wanted = `minute >= ? AND minute < ? AND (? IS NULL OR tenant_id = ?)
  AND (? IS NULL OR tenant_id = ?) AND (? IS NULL OR key_id = ?) AND (? IS NULL OR route = ?)
  AND (? IS NULL OR outcome = ?)`
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
      const [rows, deliveries, previous] = await Promise.all([
        readRows(caller, query, fromMinute, toMinute, width),
        readDeliveries(caller, query, fromMinute, toMinute),
        query.compare === undefined ? null : readPrevious(caller, query, spanOf(query)),
      ])
      return {
        from: iso(from),
        to: iso(to),
        bucket,
        totals: sum(rows),
        series: seriesOf(rows, fromMinute, toMinute, width),
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
        previous,
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
    return reader.all<UsageRow>(
      // A bound number is a REAL to SQLite: % makes it whole, where / would not.
      `SELECT minute - minute % ? AS minute, key_id AS keyId, tenant_id AS tenantId, route,
         outcome, ${sums} FROM usage WHERE ${wanted}
       GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 4, 5`,
      width,
      ...wantedValues(caller, query, fromMinute, toMinute),
    )
  }

  /** As long a time before, moved by whole buckets, so that each has its counterpart. */
  async function readPrevious(
    caller: Caller,
    query: UsageQuery,
    { fromMinute, toMinute, width }: ReturnType<typeof spanOf>,
  ): Promise<Usage['previous']> {
    const shift = Math.max(1, Math.round((toMinute - fromMinute) / width)) * width
    const moved = fromMinute - shift
    const begin = moved < hours.through() ? Math.floor(moved / 60) * 60 : moved
    const end = toMinute - shift
    const [rows, deliveries] = await Promise.all([
      // Only what the comparison shows: a year of rows for each key and route would be read twice.
      reader.all<UsageRow>(
        `SELECT minute - minute % ? AS minute, 0 AS keyId, NULL AS tenantId, '' AS route,
           outcome, ${sums} FROM usage WHERE ${wanted} GROUP BY 1, 5 ORDER BY 1`,
        width,
        ...wantedValues(caller, query, begin, end),
      ),
      readDeliveries(caller, query, begin, end),
    ])
    return {
      from: iso(moved * minuteMs),
      to: iso(end * minuteMs),
      totals: sum(rows),
      series: seriesOf(rows, moved, end, width),
      deliveries,
    }
  }

  function wantedValues(
    caller: Caller,
    query: UsageQuery,
    fromMinute: number,
    toMinute: number,
  ): readonly unknown[] {
    const keyId = query.key_id === undefined ? null : (keys.idOf(query.key_id) ?? -1)
    const { tenant_id: tenant = null, route = null, outcome = null } = query
    const optional = [caller.tenantId, tenant, keyId, route, outcome]
    return [fromMinute, toMinute, ...optional.flatMap((value) => [value, value])]
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

function finestBucket(spanMs: number, isOld: boolean): UsageBucket {
  if (!isOld && spanMs / bucketMs.minute <= 120) return 'minute'
  return spanMs / bucketMs.hour <= 200 ? 'hour' : 'day'
}
