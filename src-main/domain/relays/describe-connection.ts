import { iso } from '../../base/clock.ts'
import type { RelayConnection, RelayStep } from '../../contract/relays.ts'
import type { ConnectionState } from './connection-state.ts'

type Facts = {
  readonly connection: ConnectionState
  /** The message for which the relay has not answered for too long. */
  readonly hanging: { readonly step: RelayStep; readonly stepSince: number } | undefined
  readonly isAsked: boolean
  /** From elapsed time to the wall clock. */
  readonly wall: (elapsedMs: number) => number
}

/** The state of a relay's connection in the API. */
export function describeConnection(facts: Facts): Omit<RelayConnection, 'waiting'> {
  const { connection, hanging, isAsked, wall } = facts
  if (hanging) {
    const { step, stepSince } = hanging
    const state = step === 'connect' ? 'unreachable' : 'hangs'
    return { state, since: iso(wall(stepSince)), step, next_try_at: null }
  }
  if (connection.type !== 'failing') {
    const state = connection.type === 'untried' ? 'untried' : 'answers'
    return { state, since: null, step: null, next_try_at: null }
  }
  const { trouble, since, nextTryAt } = connection
  const silent = trouble?.timedOut ? 'hangs' : 'refuses'
  return {
    state: trouble === null || trouble.step === 'connect' ? 'unreachable' : silent,
    since: iso(wall(since)),
    step: trouble?.step ?? null,
    next_try_at: isAsked ? null : iso(wall(nextTryAt)),
  }
}
