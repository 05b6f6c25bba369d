import { iso } from '../../base/clock.ts'
import { type Outcome, outcomes } from '../../contract/events.ts'
import type { Figures, Usage } from '../../contract/usage.ts'
import { latencyColumns, meanMs, quantileMs } from '../metrics/latency.ts'
import { minuteMs } from './rollup.ts'

export type FigureRow = {
  readonly outcome: Outcome
  readonly requests: number
  readonly emails: number
  readonly msTotal: number
} & { readonly [column: `ms_${string}`]: number }

/** `minute` is the first of the bucket. */
export type BucketRow = FigureRow & { readonly minute: number }

export type ShareRow = FigureRow & {
  readonly keyId: number
  readonly tenantId: string | null
  readonly route: string
}

export function sum(rows: readonly FigureRow[]): Figures {
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

/** Totals per group, the most requests first. */
export function groupTotals<K>(
  rows: readonly ShareRow[],
  keyOf: (row: ShareRow) => K,
): (readonly [K, Figures])[] {
  return [...groups(rows, keyOf)]
    .map(([key, members]) => [key, sum(members)] as const)
    .sort(([, a], [, b]) => b.requests - a.requests)
}

/** Every bucket of `width` minutes from the one of `fromMinute` on, including empty ones. */
export function seriesOf(
  rows: readonly BucketRow[],
  fromMinute: number,
  toMinute: number,
  width: number,
): Usage['series'] {
  const start = Math.floor(fromMinute / width) * width
  const byBucket = groups(rows, (row) => row.minute)
  return Array.from({ length: Math.ceil((toMinute - start) / width) }, (_, index) => {
    const minute = start + index * width
    return { at: iso(minute * minuteMs), ...sum(byBucket.get(minute) ?? []) }
  })
}

function groups<T, K>(rows: readonly T[], keyOf: (row: T) => K): ReadonlyMap<K, readonly T[]> {
  const found = new Map<K, T[]>()
  for (const row of rows) {
    const name = keyOf(row)
    const members = found.get(name)
    if (members) members.push(row)
    else found.set(name, [row])
  }
  return found
}
