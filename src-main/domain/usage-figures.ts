import { iso } from '../base/clock.ts'
import { type Outcome, outcomes } from '../contract/events.ts'
import type { Figures, Usage } from '../contract/usage.ts'
import { latencyColumns, meanMs, quantileMs } from './latency.ts'
import { minuteMs } from './usage-rollup.ts'

export type UsageRow = {
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

export function sum(rows: readonly UsageRow[]): Figures {
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

export function groups<T, K>(rows: readonly T[], keyOf: (row: T) => K): [K, T[]][] {
  const found = new Map<K, T[]>()
  for (const row of rows) {
    const name = keyOf(row)
    const members = found.get(name)
    if (members) members.push(row)
    else found.set(name, [row])
  }
  return [...found].sort(([, a], [, b]) => b.length - a.length)
}

/** Every bucket of `width` minutes from the one that has `fromMinute`, empty ones too. */
export function seriesOf(
  rows: readonly UsageRow[],
  fromMinute: number,
  toMinute: number,
  width: number,
): Usage['series'] {
  const start = Math.floor(fromMinute / width) * width
  const byBucket = new Map(groups(rows, (row) => row.minute))
  return Array.from({ length: Math.ceil((toMinute - start) / width) }, (_, index) => {
    const minute = start + index * width
    return { at: iso(minute * minuteMs), ...sum(byBucket.get(minute) ?? []) }
  })
}
