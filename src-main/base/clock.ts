import { uptime } from 'node:os'

/** Time comes in as an argument, so that a test can hold it still. */
export type Clock = {
  /** Milliseconds since 1970, UTC: the wall clock, which may be set to any time at any moment. */
  readonly now: () => number
  /** Milliseconds that only grow, for what lasted how long; some systems stop it in a suspend. */
  readonly elapsed: () => number
  /** Milliseconds since the machine started, suspends included, whatever its clock was set to. */
  readonly uptime: () => number
  /** Calls back once after at least `delayMs`; answers a function that calls it off. */
  readonly after: (delayMs: number, call: () => void) => () => void
  /** Calls back each time the machine wakes from a suspend; answers a function that ends it. */
  readonly onResume: (call: () => void) => () => void
}

/** `setTimeout` fires at once when asked for more than 2^31 - 1 ms. */
const maxTimerMs = 2_147_483_647

const resumeListeners = new Set<() => void>()

export const systemClock: Clock = {
  now: Date.now,
  elapsed: () => performance.now(),
  uptime() {
    try {
      return uptime() * 1000
    } catch {
      // A sandbox may forbid it; this process has run for so long at least.
      return performance.now()
    }
  },
  after(delayMs, call) {
    const timer = setTimeout(call, Math.min(Math.max(0, delayMs), maxTimerMs))
    return () => clearTimeout(timer)
  },
  onResume(call) {
    resumeListeners.add(call)
    return () => void resumeListeners.delete(call)
  },
}

/** The desktop says that the machine has woken from a suspend. */
export function systemResumed(): void {
  for (const call of [...resumeListeners]) call()
}

export function iso(atMs: number): string {
  return new Date(atMs).toISOString()
}

export function isoOrNull(atMs: number | null): string | null {
  return atMs === null ? null : iso(atMs)
}

/** For sentences: to the minute, as people read it. */
export function readableTime(atMs: number): string {
  return `${iso(atMs).slice(0, 16).replace('T', ' ')} UTC`
}
