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

/**
 * One limit for all bytes that clients are sending. A holder of bytes never waits for more, so two
 * half-received messages cannot wait for each other: the one that grows beyond the limit is refused.
 * Only a client that has sent nothing yet may wait.
 */
export function createByteBudget({ clock, maxBytes }: BudgetLimits) {
  /** The oldest first. */
  const holds = new Set<{ readonly isSlow: (now: number) => boolean; makeRoom: () => void }>()
  let waiting: Waiting[] = []
  let used = 0

  const isWithin = (bytes: number): boolean => used + bytes <= maxBytes
  const hasRoom = (bytes: number): boolean => bytes <= freeBytes || isWithin(bytes)

  /** Closes the holds of slow clients. */
  function clearRoom(bytes: number): boolean {
    const now = clock.elapsed()
    for (const hold of holds) {
      if (isWithin(bytes)) break
      if (hold.isSlow(now)) hold.makeRoom()
    }
    return isWithin(bytes)
  }

  /** Slow: few bytes in the last window, or a window that has lasted too long. */
  function watchPace() {
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

  function serveWaiting(): void {
    let room = maxBytes - used
    for (const { bytes, answer } of [...waiting]) {
      if (bytes > room) continue
      room -= bytes
      answer(true)
    }
  }

  return {
    /** `makeRoom` releases the bytes and closes the hold; null: the hold is never closed for others. */
    open(makeRoom: (() => void) | null): ByteHold {
      const pace = watchPace()
      const entry = { isSlow: pace.isSlow, makeRoom: () => makeRoom?.() }
      let isKept = !makeRoom
      let total = 0
      let charged = 0
      if (!isKept) holds.add(entry)
      return {
        grow(bytes) {
          const more = Math.max(0, total + bytes - freeBytes) - charged
          if (more > 0 && !isWithin(more)) {
            // A hold is not closed for itself.
            holds.delete(entry)
            const isCleared = clearRoom(more)
            if (!isKept) holds.add(entry)
            if (!isCleared) return false
          }
          total += bytes
          charged += more
          used += more
          return true
        },
        touch: pace.touch,
        keep() {
          isKept = true
          holds.delete(entry)
        },
        close() {
          holds.delete(entry)
          used -= charged
          total = 0
          charged = 0
          serveWaiting()
        },
      }
    },

    /** True when one hold can take this many bytes now. */
    hasRoom,

    /** Waits until a client without a hold can send this many bytes. False: it waited too long. */
    waitForRoom(bytes: number): Promise<boolean> {
      if (hasRoom(bytes)) return Promise.resolve(true)
      if (bytes > maxBytes) return Promise.resolve(false)
      return new Promise((resolve) => {
        const cancel = clock.after(maxWaitMs, () => entry.answer(clearRoom(bytes)))
        const entry: Waiting = {
          bytes,
          answer(isThere) {
            cancel()
            waiting = waiting.filter((other) => other !== entry)
            resolve(isThere)
          },
        }
        waiting.push(entry)
      })
    },

    get usedBytes(): number {
      return used
    },
  }
}
