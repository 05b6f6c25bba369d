/** Upper bounds in milliseconds, narrow in the usual range of a local server. */
export const latencyBoundsMs = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000] as const

/** Histogram columns of the usage table; the last one counts durations beyond all bounds. */
export const latencyColumns = [...latencyBoundsMs.map((bound) => `ms_${bound}`), 'ms_more']

/** Routes that stay open as long as the client listens: their duration is no latency. */
const longRoutes: ReadonlySet<string> = new Set(['GET /v1/events', 'GET /v1/inbox/wait'])

export type Latency = { totalMs: number; readonly counts: number[] }

export const noLatency = (): Latency => ({ totalMs: 0, counts: latencyColumns.map(() => 0) })

export const isTimed = (route: string): boolean => !longRoutes.has(route)

export function addLatency(latency: Latency, durationMs: number): void {
  const found = latencyBoundsMs.findIndex((bound) => durationMs <= bound)
  const index = found === -1 ? latencyBoundsMs.length : found
  latency.counts[index] = (latency.counts[index] ?? 0) + 1
  latency.totalMs += durationMs
}

export function meanMs({ totalMs, counts }: Latency): number | null {
  const timed = sum(counts)
  return timed === 0 ? null : round(totalMs / timed)
}

/** Interpolates linearly within the bucket; a quantile beyond the last bound is that bound. */
export function quantileMs({ counts }: Latency, quantile: number): number | null {
  const timed = sum(counts)
  if (timed === 0) return null
  const rank = quantile * timed
  let below = 0
  for (const [index, upper] of latencyBoundsMs.entries()) {
    const inside = counts[index] ?? 0
    if (inside > 0 && below + inside >= rank) {
      const lower = latencyBoundsMs[index - 1] ?? 0
      return round(lower + ((upper - lower) * (rank - below)) / inside)
    }
    below += inside
  }
  return latencyBoundsMs.at(-1) ?? null
}

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0)
const round = (ms: number): number => Math.round(ms * 100) / 100
