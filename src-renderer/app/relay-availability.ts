import type { RelayConnection } from '../../src-main/contract/relays.ts'
import { formatCountdown } from '../ui/countdown.tsx'
import { formatCount, formatWhen } from '../ui/format.ts'

const verbs = {
  hangs: 'connects, but has not answered',
  refuses: 'has taken no mail',
  unreachable: 'has not been reachable',
} as const

/** Whether mail passes a relay by at this moment. */
export const isUnavailable = ({ state }: RelayConnection): boolean =>
  state !== 'untried' && state !== 'answers'

/** In the words that follow the name of a relay: since when, when it is asked again, what waits. */
export function describeUnavailability(connection: RelayConnection, nowMs: number): string {
  const { state, since } = connection
  if (state === 'untried' || state === 'answers' || since === null) return 'cannot be reached.'
  const when = `${verbs[state]} since ${formatWhen(since, new Date(nowMs))}.`
  return `${when} ${nextTry(connection, nowMs)}${waits(connection)}.`
}

function nextTry({ next_try_at: at, state, waiting }: RelayConnection, nowMs: number): string {
  if (at === null) return state === 'hangs' ? 'It may still answer' : 'It is being asked again'
  const leftMs = Date.parse(at) - nowMs
  if (leftMs > 0) return `It is asked again ${formatCountdown(leftMs)}`
  return waiting > 0 ? 'It is being asked again' : 'It is asked again with the next message'
}

function waits({ waiting }: RelayConnection): string {
  if (waiting === 0) return ''
  const many = waiting >= 1000 ? '1,000 or more recipients' : `${formatCount(waiting)} recipients`
  return `; mail to ${waiting === 1 ? 'one recipient' : many} waits for it`
}
