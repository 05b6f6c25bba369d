import { type Clock, iso } from '../../base/clock.ts'
import { csvLine } from '../../base/csv.ts'
import type { Log } from '../../base/log.ts'
import { startLoop } from '../../base/loop.ts'
import { Fault } from '../../contract/faults.ts'
import type { Usage, UsageBucket, UsageQuery } from '../../contract/usage.ts'
import type { CommitQueue } from '../../storage/commit-queue.ts'
import type { Database } from '../../storage/database.ts'
import type { EventLog, StoredEvent } from '../../storage/event-log.ts'
import type { Reader } from '../../storage/reader.ts'
import type { Caller } from '../auth/caller.ts'
import type { Keys } from '../auth/keys.ts'
import type { ProvenClock } from '../settings/proven-time.ts'
import { type BucketRow, groupTotals, type ShareRow, seriesOf, sum } from './figures.ts'
import { startHourlyCompaction } from './hourly-compaction.ts'
import { createUsageReads, type UsageSpan } from './reads.ts'
import { dayMinutes, minuteMs, rollUp, rollUpDeliveries } from './rollup.ts'
import { createUsageTables } from './tables.ts'

export type UsageRollup = ReturnType<typeof createUsage>

const follower = 'usage'
const batchSize = 2000
const bucketMs: Record<UsageBucket, number> = {
  minute: minuteMs,
  hour: 60 * minuteMs,
  day: dayMinutes * minuteMs,
}
const maxSeriesLength = 800
/** Buckets per read of an export. */
const exportBuckets = 60

type UsageDeps = {
  readonly database: Database
  readonly queue: CommitQueue
  readonly reader: Reader
  readonly eventLog: EventLog
  readonly keys: Keys
  readonly clock: Clock
  readonly provenClock: ProvenClock
  readonly log: Log
  /** Further consumers of the event log, so that it is read once for all of them. */
  readonly counters: readonly ((events: readonly StoredEvent[]) => void)[]
}

type UsageContext = UsageDeps & {
  readonly compaction: ReturnType<typeof startHourlyCompaction>
  readonly reads: ReturnType<typeof createUsageReads>
}

/** Usage by minute and day, key, route and outcome, added up from the event log. */
export function createUsage(deps: UsageDeps) {
  const { database, queue, reader, eventLog, keys, clock, log, counters } = deps

  const tables = createUsageTables(database)
  const reads = createUsageReads(reader, keys)
  const compaction = startHourlyCompaction(deps)
  const context: UsageContext = { ...deps, compaction, reads }

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
      tables.add(entries, deliveries)
      eventLog.moveCursor(follower, last.seq)
    })
    for (const count of counters) count(page)
    return page.length === batchSize ? 0 : null
  }

  return {
    read: (caller: Caller, query: UsageQuery): Promise<Usage> => readUsage(context, caller, query),

    /**
     * The same figures as CSV (RFC 4180), one line per bucket, key, route and outcome. They are read
     * in steps, so that a year needs no more memory than a day.
     */
    export: (caller: Caller, query: UsageQuery): AsyncGenerator<string> =>
      exportLines(context, caller, query, spanOf(context, query)),

    /** The current UTC day, in the form that `read` takes. */
    today(): { readonly from: string; readonly to: string } {
      const start = Math.floor(clock.now() / bucketMs.day) * bucketMs.day
      return { from: iso(start), to: iso(start + bucketMs.day) }
    },

    /** Resolves when every committed event is counted. */
    async idle(): Promise<void> {
      await Promise.all([loop.idle(), compaction.idle()])
    },

    async close(): Promise<void> {
      stopListening()
      await Promise.all([loop.close(), compaction.close()])
    },
  }
}

/** The requested span in whole minutes, without `to`. Old spans start at a whole hour. */
function spanOf({ clock, compaction }: UsageContext, query: UsageQuery) {
  const to = query.to ? Date.parse(query.to) : clock.now()
  const from = query.from ? Date.parse(query.from) : to - bucketMs.day
  if (from >= to) {
    throw new Fault('invalid_parameter', '“from” must be before “to”.', { field: 'from' })
  }
  const toMinute = query.to ? Math.ceil(to / minuteMs) : Math.floor(to / minuteMs) + 1
  const minute = Math.floor(from / minuteMs)
  const isOld = minute < compaction.through()
  const bucket = query.bucket ?? finestBucket(to - from, isOld)
  const width = bucketMs[bucket] / minuteMs
  const known = isOld ? Math.floor(minute / 60) * 60 : minute
  return { from, to, bucket, width, fromMinute: known, toMinute }
}

async function* exportLines(
  context: UsageContext,
  caller: Caller,
  query: UsageQuery,
  { width, fromMinute, toMinute }: UsageSpan,
): AsyncGenerator<string> {
  const { reads } = context
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
    // Skips spans without usage.
    minute = await reads.firstUsed({ fromMinute: minute, toMinute, width })
    if (minute === null) return
    const end: number = Math.min(toMinute, (Math.floor(minute / width) + exportBuckets) * width)
    const rows = await reads.lines(caller, query, { fromMinute: minute, toMinute: end, width })
    const text = rows.map((row) => csvLine(exportRow(context, row))).join('')
    if (text !== '') yield text
    minute = end
  }
}

function keyName({ keys }: UsageContext, keyId: number): string {
  return keys.nameOf(keyId)?.name ?? 'Without a key'
}

function exportRow(
  context: UsageContext,
  row: BucketRow & ShareRow,
): readonly (string | number | null)[] {
  const { keys } = context
  const { requests, emails, mean_ms: mean, p95_ms: p95 } = sum([row])
  return [
    iso(row.minute * minuteMs),
    keys.nameOf(row.keyId)?.publicId ?? null,
    keyName(context, row.keyId),
    row.tenantId,
    row.route,
    row.outcome,
    requests,
    emails,
    mean,
    p95,
  ]
}

/** The span before, of equal length and moved by whole buckets, so that buckets correspond. */
async function readPrevious(
  { compaction, reads }: UsageContext,
  caller: Caller,
  query: UsageQuery,
  { fromMinute, toMinute, width }: UsageSpan,
): Promise<Usage['previous']> {
  const shift = Math.max(1, Math.round((toMinute - fromMinute) / width)) * width
  const moved = fromMinute - shift
  const begin = moved < compaction.through() ? Math.floor(moved / 60) * 60 : moved
  const end = toMinute - shift
  const span = { fromMinute: begin, toMinute: end, width }
  const [buckets, deliveries] = await Promise.all([
    reads.buckets(caller, query, span),
    reads.deliveries(caller, query, span),
  ])
  return {
    from: iso(moved * minuteMs),
    to: iso(end * minuteMs),
    totals: sum(buckets),
    series: seriesOf(buckets, moved, end, width),
    deliveries,
  }
}

async function readUsage(context: UsageContext, caller: Caller, query: UsageQuery): Promise<Usage> {
  const { reads, keys } = context
  const span = spanOf(context, query)
  const { from, to, bucket, width, fromMinute, toMinute } = span
  if ((toMinute - fromMinute) / width > maxSeriesLength * 2) {
    throw new Fault(
      'invalid_parameter',
      `The span has too many ${bucket}s. Choose a wider “bucket” or a shorter span.`,
      { field: 'bucket' },
    )
  }
  const [{ buckets, shares }, deliveries, previous] = await Promise.all([
    reads.figures(caller, query, span),
    reads.deliveries(caller, query, span),
    query.compare === undefined ? null : readPrevious(context, caller, query, span),
  ])
  return {
    from: iso(from),
    to: iso(to),
    bucket,
    totals: sum(buckets),
    series: seriesOf(buckets, fromMinute, toMinute, width),
    keys: groupTotals(shares, ({ keyId }) => keyId).map(([keyId, figures]) => ({
      key_id: keys.nameOf(keyId)?.publicId ?? null,
      name: keyName(context, keyId),
      ...figures,
    })),
    tenants: groupTotals(shares, ({ tenantId }) => tenantId).map(([tenantId, figures]) => ({
      tenant_id: tenantId,
      ...figures,
    })),
    routes: groupTotals(shares, ({ route }) => route)
      .map(([route, figures]) => ({ route, ...figures }))
      .filter(({ requests }) => requests > 0),
    deliveries,
    previous,
  }
}

function finestBucket(spanMs: number, isOld: boolean): UsageBucket {
  if (!isOld && spanMs / bucketMs.minute <= 120) return 'minute'
  return spanMs / bucketMs.hour <= 200 ? 'hour' : 'day'
}
