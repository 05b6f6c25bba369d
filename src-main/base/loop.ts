import { isStorageFault } from '../contract/faults.ts'
import type { Clock } from './clock.ts'
import type { Log } from './log.ts'

export type Loop = {
  /** Something may be there to do: run soon, or again when a run is under way. */
  readonly wake: () => void
  /** Resolves when the run under way, and any it was woken for, has ended; that begins at once. */
  readonly idle: () => Promise<void>
  readonly close: () => Promise<void>
}

export type LoopOptions = {
  readonly name: string
  readonly clock: Clock
  readonly log: Log
  /** Does what there is to do and answers in how many ms it wants to run again; null: when woken. */
  readonly run: () => Promise<number | null>
  /** At least this long from wake to run, so that a burst becomes one run; asked for each time. */
  readonly settleMs?: number | (() => number)
  /** Called before a run when the wall clock was set back: times that lie ahead may be wrong. */
  readonly onStepBack?: () => Promise<void>
}

const pauseAfterFailureMs = 1000
/** A timer knows nothing of a clock that was set, nor, on some systems, of a suspend. */
const longestSleepMs = 60_000
/** Clocks that are kept in step by the network go back by less. */
const stepMs = 1000

/**
 * A background worker, woken by events or by time; never two runs at once. A loop that waits for a
 * time looks at both clocks once a minute: it runs when either says so, or when the wall clock was
 * set back, since the time it waits for may have moved away with it.
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
      // A disk that fails is on record where it was found.
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
