import { iso } from '../../base/clock.ts'
import type { RelayConnection, RelayStep } from '../../contract/relays.ts'
import type { Standing } from './connection-state.ts'

type Facts = {
  readonly standing: Standing
  /** The message that the relay has been silent about for too long. */
  readonly hanging: { readonly step: RelayStep; readonly stepSince: number } | undefined
  readonly isAsked: boolean
  /** From elapsed time to the wall clock. */
  readonly wall: (elapsedMs: number) => number
}

/** A relay's standing as the API shows it. */
export function describeConnection(facts: Facts): Omit<RelayConnection, 'waiting'> {
  const { standing, hanging, isAsked, wall } = facts
  if (hanging) {
    const { step, stepSince } = hanging
    const state = step === 'connect' ? 'unreachable' : 'hangs'
    return { state, since: iso(wall(stepSince)), step, next_try_at: null }
  }
  if (standing.type !== 'failing') {
    const state = standing.type === 'untried' ? 'untried' : 'answers'
    return { state, since: null, step: null, next_try_at: null }
  }
  const { trouble, since, nextTryAt } = standing
  const silent = trouble?.timedOut ? 'hangs' : 'refuses'
  return {
    state: trouble === null || trouble.step === 'connect' ? 'unreachable' : silent,
    since: iso(wall(since)),
    step: trouble?.step ?? null,
    next_try_at: isAsked ? null : iso(wall(nextTryAt)),
  }
}
