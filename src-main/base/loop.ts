import { isStorageFault } from '../contract/faults.ts'
import type { Clock } from './clock.ts'
import type { Log } from './log.ts'

export type Loop = {
  /** There may be work: run soon, or again after the current run. */
  readonly wake: () => void
  /** Resolves when the current run, and any requested run, has ended. */
  readonly idle: () => Promise<void>
  readonly close: () => Promise<void>
}

export type LoopOptions = {
  readonly name: string
  readonly clock: Clock
  readonly log: Log
  /** Does the work; returns the delay of the next run in ms, or null to wait for `wake`. */
  readonly run: () => Promise<number | null>
  /** Minimum delay from wake to run in ms, which turns a burst into one run; read each time. */
  readonly settleMs?: number | (() => number)
  /** Called before a run when the wall clock was set back: stored future times may be wrong. */
  readonly onStepBack?: () => Promise<void>
}

const pauseAfterFailureMs = 1000
/** Timers ignore a changed wall clock and, on some systems, a suspend. */
const longestSleepMs = 60_000
/** Time synchronisation sets the clock back by less. */
const stepMs = 1000

/**
 * A background worker, woken by events or by time, with one run at a time. While it waits for a time,
 * it looks at both clocks once a minute and runs when either has reached it, or when the wall clock
 * was set back.
 */
export function startLoop(options: LoopOptions): Loop {
  const { name, clock, log, run, settleMs = 0, onStepBack } = options
  const settle = (): number => (typeof settleMs === 'function' ? settleMs() : settleMs)
  let closed = false
  let woken = false
  let running: Promise<void> | null = null
  let cancelTimer: (() => void) | null = null
  let timerIsWake = false
  let due = { now: 0, elapsed: 0 }
  let latest = clock.now()
  const stopListening = clock.onResume(() => {
    if (!cancelTimer) return
    cancelTimer()
    look()
  })

  const wasSetBack = (): boolean => clock.now() < latest - stepMs

  function schedule(delayMs: number, isWake: boolean): void {
    cancelTimer?.()
    timerIsWake = isWake
    due = { now: clock.now() + delayMs, elapsed: clock.elapsed() + delayMs }
    sleep()
  }

  function sleep(): void {
    const leftMs = Math.max(0, due.elapsed - clock.elapsed())
    cancelTimer =
      leftMs <= longestSleepMs ? clock.after(leftMs, start) : clock.after(longestSleepMs, look)
  }

  function look(): void {
    const isDue = clock.now() >= due.now || clock.elapsed() >= due.elapsed
    if (isDue || wasSetBack()) start()
    else {
      latest = clock.now()
      sleep()
    }
  }

  function start(): void {
    cancelTimer = null
    running = cycle()
  }

  async function cycle(): Promise<void> {
    woken = false
    let nextMs: number | null = pauseAfterFailureMs
    try {
      if (wasSetBack()) await onStepBack?.()
      latest = clock.now()
      nextMs = await run()
    } catch (error) {
      // A storage fault is logged where it was detected.
      if (!isStorageFault(error)) log.error(`The ${name} loop failed and will try again`, error)
    }
    running = null
    if (closed) return
    if (woken) schedule(settle(), true)
    else if (nextMs !== null) schedule(nextMs, false)
  }

  return {
    wake() {
      if (closed) return
      woken = true
      if (running || (cancelTimer && timerIsWake)) return
      schedule(settle(), true)
    },
    async idle() {
      while (running || (cancelTimer && timerIsWake)) {
        if (!running) {
          cancelTimer?.()
          start()
        }
        await running
      }
    },
    async close() {
      closed = true
      stopListening()
      cancelTimer?.()
      cancelTimer = null
      await running
    },
  }
}
