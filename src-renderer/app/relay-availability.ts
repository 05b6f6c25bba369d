import type { RelayConnection } from '../../src-main/contract/relays.ts'
import { formatCountdown } from '../ui/countdown.tsx'
import { formatCount, formatWhen } from '../ui/format.ts'
import { relayLabels } from './labels.ts'

/** The server stops counting here. */
const maxCounted = 1000

/** True while deliveries skip the relay. */
export const isUnavailable = ({ state }: RelayConnection): boolean =>
  state !== 'untried' && state !== 'answers'

/** A predicate for the name of a relay: the problem, the next attempt and the waiting recipients. */
export function describeUnavailability(connection: RelayConnection, nowMs: number): string {
  const { state, since, waiting } = connection
  if (state === 'untried' || state === 'answers' || since === null) return relayLabels.unknown
  const problem = relayLabels.since[state](formatWhen(since, new Date(nowMs)))
  const count = waiting >= maxCounted ? `${formatCount(maxCounted)}+` : formatCount(waiting)
  return `${problem} ${nextAttempt(connection, nowMs)}${relayLabels.waiting(waiting, count)}.`
}

function nextAttempt({ next_try_at: at, state, waiting }: RelayConnection, nowMs: number): string {
  if (at === null) return state === 'hangs' ? relayLabels.awaitingReply : relayLabels.retrying
  const leftMs = Date.parse(at) - nowMs
  if (leftMs > 0) return relayLabels.nextAttempt(formatCountdown(leftMs))
  return waiting > 0 ? relayLabels.retrying : relayLabels.retryWithNextMessage
}
