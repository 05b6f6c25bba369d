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

type LoopState = {
  closed: boolean
  woken: boolean
  running: Promise<void> | null
  cancelTimer: (() => void) | null
  timerIsWake: boolean
  due: { readonly now: number; readonly elapsed: number }
  /** The last wall clock reading. */
  latest: number
}

type LoopContext = LoopOptions & { readonly state: LoopState }

/**
 * A background worker, woken by events or by time, with one run at a time. While it waits for a time,
 * it looks at both clocks once a minute and runs when either has reached it, or when the wall clock
 * was set back.
 */
export function startLoop(options: LoopOptions): Loop {
  const { clock } = options
  const state: LoopState = {
    closed: false,
    woken: false,
    running: null,
    cancelTimer: null,
    timerIsWake: false,
    due: { now: 0, elapsed: 0 },
    latest: clock.now(),
  }

  const context: LoopContext = { ...options, state }

  const stopListening = clock.onResume(() => {
    if (!state.cancelTimer) return
    state.cancelTimer()
    look(context)
  })

  return {
    wake() {
      if (state.closed) return
      state.woken = true
      if (state.running || (state.cancelTimer && state.timerIsWake)) return
      schedule(context, settleOf(context), true)
    },
    async idle() {
      while (state.running || (state.cancelTimer && state.timerIsWake)) {
        if (!state.running) {
          state.cancelTimer?.()
          start(context)
        }
        await state.running
      }
    },
    async close() {
      state.closed = true
      stopListening()
      state.cancelTimer?.()
      state.cancelTimer = null
      await state.running
    },
  }
}

const wasSetBack = ({ clock, state }: LoopContext): boolean => clock.now() < state.latest - stepMs

function schedule(context: LoopContext, delayMs: number, isWake: boolean): void {
  const { state, clock } = context
  state.cancelTimer?.()
  state.timerIsWake = isWake
  state.due = { now: clock.now() + delayMs, elapsed: clock.elapsed() + delayMs }
  sleep(context)
}

function sleep(context: LoopContext): void {
  const { state, clock } = context
  const leftMs = Math.max(0, state.due.elapsed - clock.elapsed())
  state.cancelTimer =
    leftMs <= longestSleepMs
      ? clock.after(leftMs, (): void => start(context))
      : clock.after(longestSleepMs, (): void => look(context))
}

function look(context: LoopContext): void {
  const { clock, state } = context
  const isDue = clock.now() >= state.due.now || clock.elapsed() >= state.due.elapsed
  if (isDue || wasSetBack(context)) start(context)
  else {
    state.latest = clock.now()
    sleep(context)
  }
}

function start(context: LoopContext): void {
  const { state } = context
  state.cancelTimer = null
  state.running = cycle(context)
}

async function cycle(context: LoopContext): Promise<void> {
  const { state, onStepBack, clock, run, log, name } = context
  state.woken = false
  let nextMs: number | null = pauseAfterFailureMs
  try {
    if (wasSetBack(context)) await onStepBack?.()
    state.latest = clock.now()
    nextMs = await run()
    log.debug(`The ${name} loop ran`, { next_run_ms: nextMs })
  } catch (error) {
    // A storage fault is logged where it was detected.
    if (!isStorageFault(error)) log.error(`The ${name} loop failed and will try again`, error)
  }
  state.running = null
  if (state.closed) return
  if (state.woken) schedule(context, settleOf(context), true)
  else if (nextMs !== null) schedule(context, nextMs, false)
}

const settleOf = ({ settleMs = 0 }: LoopContext): number =>
  typeof settleMs === 'function' ? settleMs() : settleMs
