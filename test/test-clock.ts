import { type Clock, systemClock } from '../src-main/base/clock.ts'

export type TestClock = Clock & {
  /** Moves time on and calls what falls due, in its order. */
  readonly advance: (ms: number) => void
}

/** Shorter pauses only gather work (settling, batching): they pass by themselves, and quickly. */
const shortestHeldMs = 1000
const longestPauseMs = 5

/** Stands still until it is told to advance. */
export function createTestClock(start = '2026-01-15T10:30:00Z'): TestClock {
  let nowMs = Date.parse(start)
  const waiting = new Set<{ readonly dueAt: number; readonly call: () => void }>()

  return {
    now: () => nowMs,
    after(delayMs, call) {
      if (delayMs < shortestHeldMs)
        return systemClock.after(Math.min(delayMs, longestPauseMs), call)
      const timer = { dueAt: nowMs + delayMs, call }
      waiting.add(timer)
      return () => void waiting.delete(timer)
    },
    advance(ms) {
      const target = nowMs + ms
      for (;;) {
        const [next] = [...waiting].sort((a, b) => a.dueAt - b.dueAt)
        if (!next || next.dueAt > target) break
        waiting.delete(next)
        nowMs = Math.max(nowMs, next.dueAt)
        next.call()
      }
      nowMs = target
    },
  }
}
