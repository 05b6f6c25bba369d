import { totalmem } from 'node:os'
import type { Clock } from './clock.ts'

export type ByteBudget = ReturnType<typeof createByteBudget>

/** The bytes of one message or body while it is in memory. */
export type ByteHold = {
  /** Counts more bytes. False: the budget is spent, and none of them is counted. */
  readonly grow: (bytes: number) => boolean
  /** Records arrived bytes. A hold whose bytes arrive fast enough is never closed for others. */
  readonly touch: (bytes: number) => void
  /** From now on, this hold is never closed for others. */
  readonly keep: () => void
  readonly close: () => void
}

type Waiting = { readonly bytes: number; readonly answer: (hasRoom: boolean) => void }

type BudgetLimits = { readonly clock: Clock; readonly maxBytes: number }

const mebibyte = 1024 * 1024
/** Not counted, so that a small message is always accepted; the number of connections is limited. */
const freeBytes = 64 * 1024
/** When the budget is spent, holds with fewer bytes per window are closed, oldest first. */
const minBytesInWindow = 64 * 1024
const windowMs = 10_000
const maxWaitMs = 10_000

/** A quarter of the memory that this process may use, between 128 and 256 MiB. */
export function maxBytesUnderWay(): number {
  const constrained = process.constrainedMemory()
  const memory = constrained > 0 ? Math.min(constrained, totalmem()) : totalmem()
  return Math.min(256 * mebibyte, Math.max(128 * mebibyte, Math.floor(memory / 4)))
}

type BudgetState = {
  waiting: Waiting[]
  used: number
}

type BudgetContext = BudgetLimits & {
  readonly state: BudgetState
  /** The oldest first. */
  readonly holds: Set<{ readonly isSlow: (now: number) => boolean; makeRoom: () => void }>
}

/**
 * One limit for all bytes that clients are sending. A holder of bytes never waits for more, so two
 * half-received messages cannot wait for each other: the one that grows beyond the limit is refused.
 * Only a client that has sent nothing yet may wait.
 */
export function createByteBudget(deps: BudgetLimits) {
  const state: BudgetState = { waiting: [], used: 0 }
  const context: BudgetContext = { ...deps, state, holds: new Set() }

  return {
    /** `makeRoom` releases the bytes and closes the hold; null: the hold is never closed for others. */
    open: (makeRoom: (() => void) | null): ByteHold => openHold(context, makeRoom),

    /** True when one hold can take this many bytes now. */
    hasRoom: (bytes: number): boolean => hasRoom(context, bytes),

    /** Waits until a client without a hold can send this many bytes. False: it waited too long. */
    waitForRoom: (bytes: number): Promise<boolean> => waitForRoom(context, bytes),

    get usedBytes(): number {
      return state.used
    },
  }
}

const isWithin = ({ state, maxBytes }: BudgetContext, bytes: number): boolean =>
  state.used + bytes <= maxBytes

const hasRoom = (context: BudgetContext, bytes: number): boolean =>
  bytes <= freeBytes || isWithin(context, bytes)

/** Closes the holds of slow clients. */
function clearRoom(context: BudgetContext, bytes: number): boolean {
  const { clock, holds } = context
  const now = clock.elapsed()
  for (const hold of holds) {
    if (isWithin(context, bytes)) break
    if (hold.isSlow(now)) hold.makeRoom()
  }
  return isWithin(context, bytes)
}

/** Slow: few bytes in the last window, or a window that has lasted too long. */
function watchPace({ clock }: BudgetContext) {
  let beganAt = clock.elapsed()
  let came = 0
  let isSlow = false
  return {
    isSlow: (now: number): boolean => isSlow || now - beganAt >= windowMs,
    touch(bytes: number): void {
      const now = clock.elapsed()
      came += bytes
      if (now - beganAt < windowMs / 2) return
      isSlow = came < minBytesInWindow
      beganAt = now
      came = 0
    },
  }
}

function serveWaiting({ maxBytes, state }: BudgetContext): void {
  let room = maxBytes - state.used
  for (const { bytes, answer } of [...state.waiting]) {
    if (bytes > room) continue
    room -= bytes
    answer(true)
  }
}

function openHold(context: BudgetContext, makeRoom: (() => void) | null): ByteHold {
  const { holds, state } = context
  const pace = watchPace(context)
  const entry = { isSlow: pace.isSlow, makeRoom: () => makeRoom?.() }
  let isKept = !makeRoom
  let total = 0
  let charged = 0
  if (!isKept) holds.add(entry)
  return {
    grow(bytes) {
      const more = Math.max(0, total + bytes - freeBytes) - charged
      if (more > 0 && !isWithin(context, more)) {
        // A hold is not closed for itself.
        holds.delete(entry)
        const isCleared = clearRoom(context, more)
        if (!isKept) holds.add(entry)
        if (!isCleared) return false
      }
      total += bytes
      charged += more
      state.used += more
      return true
    },
    touch: pace.touch,
    keep() {
      isKept = true
      holds.delete(entry)
    },
    close() {
      holds.delete(entry)
      state.used -= charged
      total = 0
      charged = 0
      serveWaiting(context)
    },
  }
}

function waitForRoom(context: BudgetContext, bytes: number): Promise<boolean> {
  const { maxBytes, clock, state } = context
  if (hasRoom(context, bytes)) return Promise.resolve(true)
  if (bytes > maxBytes) return Promise.resolve(false)
  return new Promise((resolve) => {
    const cancel = clock.after(maxWaitMs, () => entry.answer(clearRoom(context, bytes)))
    const entry: Waiting = {
      bytes,
      answer(isThere) {
        cancel()
        state.waiting = state.waiting.filter((other) => other !== entry)
        resolve(isThere)
      },
    }
    state.waiting.push(entry)
  })
}
