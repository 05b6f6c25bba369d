/** Time comes in as an argument, so that a test can hold it still. */
export type Clock = {
  /** Milliseconds since 1970, UTC. */
  readonly now: () => number
  /** Calls back once after at least `delayMs`; answers a function that calls it off. */
  readonly after: (delayMs: number, call: () => void) => () => void
}

/** `setTimeout` fires at once when asked for more than 2^31 - 1 ms. */
const longestTimerMs = 2_147_483_647

export const systemClock: Clock = {
  now: Date.now,
  after(delayMs, call) {
    const timer = setTimeout(call, Math.min(Math.max(0, delayMs), longestTimerMs))
    return () => clearTimeout(timer)
  },
}

export function iso(atMs: number): string {
  return new Date(atMs).toISOString()
}

export function isoOrNull(atMs: number | null): string | null {
  return atMs === null ? null : iso(atMs)
}
