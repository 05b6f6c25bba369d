import type { Clock } from '../base/clock.ts'
import type { RelayStep } from '../contract/relays.ts'

type Limit = { readonly stalledMs: number; readonly maxMs: number }

/**
 * A step is reported as stalled after `stalledMs`, and fails after `maxMs`. The limits after sign-in
 * are those of RFC 5321 §4.5.3.2. The last one is long because the relay may have accepted the
 * message already, and a retry would send it twice.
 */
export const stepLimits: Readonly<Record<RelayStep, Limit>> = {
  connect: { stalledMs: 5_000, maxMs: 10_000 },
  greeting: { stalledMs: 10_000, maxMs: 30_000 },
  tls: { stalledMs: 10_000, maxMs: 30_000 },
  sign_in: { stalledMs: 10_000, maxMs: 30_000 },
  envelope: { stalledMs: 20_000, maxMs: 300_000 },
  data: { stalledMs: 20_000, maxMs: 180_000 },
  acceptance: { stalledMs: 60_000, maxMs: 600_000 },
}

type Listener = {
  readonly began: (step: RelayStep) => void
  readonly stalled: () => void
  readonly timedOut: (step: RelayStep) => void
}

/** Times one step after the other; `begin` with the same step restarts its time. */
export function createStepTimer(clock: Clock, listener: Listener) {
  let step: RelayStep = 'connect'
  let cancel = (): void => undefined

  function start(next: RelayStep): void {
    cancel()
    step = next
    const { stalledMs, maxMs } = stepLimits[next]
    cancel = clock.after(stalledMs, () => {
      cancel = clock.after(maxMs - stalledMs, () => listener.timedOut(next))
      listener.stalled()
    })
  }

  return {
    get step(): RelayStep {
      return step
    },
    begin(next: RelayStep): void {
      start(next)
      listener.began(next)
    },
    stop: (): void => cancel(),
  }
}
