import { type Clock, systemClock } from '../src-main/base/clock.ts'

export type TestClock = Clock & {
  /** Advances the time and calls due timers in order. */
  readonly advance: (ms: number) => void
  /** Sets the wall clock forward or back; no time passes, and no timer runs. */
  readonly step: (ms: number) => void
  /** The machine sleeps: time passes, but not for timers. */
  readonly suspend: (ms: number) => void
  /** Notifies listeners that the machine woke up. */
  readonly resume: () => void
}

/** Shorter timers only collect work (debouncing, batching), so they run in real time. */
const minHeldMs = 1000
const maxPauseMs = 5
/** The machine was on before the program. */
const uptimeAtStartMs = 3_600_000

/** No two readings of a real clock are the same: code that compares two of them must not rely on it. */
const readingMs = 1e-6

/** A clock that stands still until `advance`. */
export function createTestClock(start = '2026-01-15T10:30:00Z'): TestClock {
  let nowMs = Date.parse(start)
  let elapsedMs = 0
  let sleptMs = 0
  let readings = 0
  const waiting = new Set<{ readonly dueAt: number; readonly call: () => void }>()
  const listeners = new Set<() => void>()

  function pass(ms: number): void {
    elapsedMs += ms
    nowMs += ms
  }

  return {
    now: () => Math.round(nowMs),
    elapsed() {
      readings += 1
      return elapsedMs + readings * readingMs
    },
    uptime: () => uptimeAtStartMs + elapsedMs + sleptMs,
    after(delayMs, call) {
      if (delayMs < minHeldMs) return systemClock.after(Math.min(delayMs, maxPauseMs), call)
      const timer = { dueAt: elapsedMs + delayMs, call }
      waiting.add(timer)
      return () => void waiting.delete(timer)
    },
    onResume(call) {
      listeners.add(call)
      return () => void listeners.delete(call)
    },
    advance(ms) {
      const target = elapsedMs + ms
      for (;;) {
        const [next] = [...waiting].sort((a, b) => a.dueAt - b.dueAt)
        if (!next || next.dueAt > target) break
        waiting.delete(next)
        pass(Math.max(0, next.dueAt - elapsedMs))
        next.call()
      }
      pass(target - elapsedMs)
    },
    step(ms) {
      nowMs += ms
    },
    suspend(ms) {
      nowMs += ms
      sleptMs += ms
    },
    resume() {
      for (const call of [...listeners]) call()
    },
  }
}
