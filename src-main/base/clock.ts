import { uptime } from 'node:os'

/** Time is an argument, so that a test can stop it. */
export type Clock = {
  /** The wall clock, whole milliseconds since 1970 UTC. It can be set to any time at any moment. */
  readonly now: () => number
  /** Fractional milliseconds that only grow, for durations. Some systems stop it in a suspend. */
  readonly elapsed: () => number
  /** Milliseconds since the machine started, suspends included, independent of the wall clock. */
  readonly uptime: () => number
  /** Calls back once after at least `delayMs`; returns a function that cancels the call. */
  readonly after: (delayMs: number, call: () => void) => () => void
  /** Calls back each time the machine wakes from a suspend; returns a function that unsubscribes. */
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
      // A sandbox may forbid it. The age of this process is a lower bound.
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

/** The desktop app calls this when the machine wakes from a suspend. */
export function systemResumed(): void {
  for (const call of [...resumeListeners]) call()
}

export function iso(atMs: number): string {
  return new Date(atMs).toISOString()
}

export function isoOrNull(atMs: number | null): string | null {
  return atMs === null ? null : iso(atMs)
}

/** A time for sentences, to the minute. */
export function readableTime(atMs: number): string {
  return `${iso(atMs).slice(0, 16).replace('T', ' ')} UTC`
}
