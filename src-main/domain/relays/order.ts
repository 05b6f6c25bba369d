import { Fault } from '../../contract/faults.ts'
import { type RelayRow, relayId } from './rows.ts'

const step = 10
/** Priority of the relay from the environment at every start. */
const environmentPriority = 50
const maxPriority = 1000

/**
 * Priorities for an order of relays. The relay from the environment keeps its priority, so the others
 * are numbered around it.
 */
export function prioritiesFor(
  rows: readonly RelayRow[],
  ids: readonly string[],
): Map<number, number> {
  const ordered = ids.map((id) => rows.find((row) => relayId(row.id) === id))
  const isWhole = ordered.length === rows.length && new Set(ids).size === ids.length
  if (!isWhole || ordered.some((row) => row === undefined)) {
    throw new Fault(
      'conflict',
      'The order must name each relay once. Relays were added or removed meanwhile: load the list again.',
    )
  }
  const known = ordered.filter((row) => row !== undefined)
  const fixedAt = known.findIndex(({ source }) => source === 'environment')
  if (
    fixedAt >= environmentPriority ||
    known.length - fixedAt > maxPriority - environmentPriority
  ) {
    throw new Fault('conflict', 'There are too many relays to reorder them. Remove some first.')
  }
  const wide = known.length * step <= maxPriority ? step : 1
  return new Map(
    known.map(({ id }, at) => [
      id,
      fixedAt < 0 ? (at + 1) * wide : environmentPriority + (at - fixedAt),
    ]),
  )
}
