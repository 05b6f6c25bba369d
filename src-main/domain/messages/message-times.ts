import { type ClockSteps, firstAt, lastOlderThan, type RowFrom } from '../../storage/clock-steps.ts'
import type { Database } from '../../storage/database.ts'

export type MessageTimes = ReturnType<typeof createMessageTimes>

/** Ids from `first` to `last`, both included. */
export type IdRange = { readonly first: number; readonly last: number }

/** Finds messages by the time they were received, by binary search; see `clock-steps.ts`. */
export function createMessageTimes(database: Database, steps: ClockSteps) {
  const lastId = database.prepare<[], number | null>('SELECT max(id) FROM messages').pluck()
  const messageFrom = database.prepare<[number], { number: number; at: number }>(
    'SELECT id AS number, received_at AS at FROM messages WHERE id >= ? ORDER BY id LIMIT 1',
  )
  const rowFrom: RowFrom = (id) => messageFrom.get(id)
  const end = (): number => (lastId.get() ?? 0) + 1

  return {
    /** The messages received before a time: one range if the clock was never set back. */
    receivedBefore: (at: number): IdRange[] =>
      steps
        .ofMessages()
        .map((stretch) => ({
          first: stretch.first,
          last: firstAt(stretch, end(), rowFrom, at) - 1,
        }))
        .filter(({ first, last }) => first <= last),

    /** See `lastOlderThan`. */
    lastOlderThan: (span: { readonly cutoff: number; readonly now: number }): number =>
      lastOlderThan(steps.ofMessages(), end(), rowFrom, span),
  }
}
