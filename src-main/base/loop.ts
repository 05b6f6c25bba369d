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
}

const pauseAfterFailureMs = 1000

/** A background worker, woken by events or by time; never two runs at once. */
export function startLoop({ name, clock, log, run, settleMs = 0 }: LoopOptions): Loop {
  const settle = (): number => (typeof settleMs === 'function' ? settleMs() : settleMs)
  let closed = false
  let woken = false
  let running: Promise<void> | null = null
  let cancelTimer: (() => void) | null = null
  let timerIsWake = false

  function schedule(delayMs: number, isWake: boolean): void {
    cancelTimer?.()
    timerIsWake = isWake
    cancelTimer = clock.after(delayMs, start)
  }

  function start(): void {
    cancelTimer = null
    running = cycle()
  }

  async function cycle(): Promise<void> {
    woken = false
    let nextMs: number | null = pauseAfterFailureMs
    try {
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
      cancelTimer?.()
      cancelTimer = null
      await running
    },
  }
}
