import type { Clock } from '../base/clock.ts'

export type Progress = ReturnType<typeof createProgress>

/** Steps of a transaction towards an accepted message. */
export const steps = { none: 0, sender: 1, recipient: 2, message: 3 } as const
export type Step = (typeof steps)[keyof typeof steps]

/** Fewer bytes of a message only keep a connection open. */
const minBytes = 65_536

/**
 * The time since a client last came closer to an accepted message. A step counts once for each
 * message, so a client that repeats commands makes no progress.
 */
export function createProgress(clock: Clock) {
  let progressedAt = clock.elapsed()
  let reached: Step = steps.none
  let uncountedBytes = 0
  let hasAccepted = false

  return {
    reach(step: Step): void {
      if (step <= reached) return
      reached = step
      progressedAt = clock.elapsed()
    },

    receive(bytes: number): void {
      uncountedBytes += bytes
      if (uncountedBytes < minBytes) return
      uncountedBytes = 0
      progressedAt = clock.elapsed()
    },

    signIn(): void {
      progressedAt = clock.elapsed()
    },

    accept(): void {
      hasAccepted = true
      reached = steps.none
      progressedAt = clock.elapsed()
    },

    get hasAccepted(): boolean {
      return hasAccepted
    },

    ageMs: (): number => Math.max(0, clock.elapsed() - progressedAt),
  }
}
