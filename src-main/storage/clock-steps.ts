import type { Database } from './database.ts'

/** A range of rows whose times rise with their numbers. */
export type Stretch = {
  readonly first: number
  readonly last: number
  /** The latest time before the clock was set back to the start of this range; null: the first range. */
  readonly after: number | null
}

export type ClockStep = { readonly seq: number; readonly messageId: number; readonly at: number }

export type ClockSteps = ReturnType<typeof createClockSteps>

/** A clock that is set back more often is broken. */
const maxSteps = 100

/**
 * Rows are numbered in the order of writing. A binary search by time needs times that rise with the
 * numbers, so every row at which the clock was set back is stored.
 */
export function createClockSteps(database: Database) {
  const select = database.prepare<[], ClockStep>(
    'SELECT seq, message_id AS messageId, at FROM clock_steps ORDER BY seq',
  )
  const insert = database.prepare<[number, number, number]>(
    'INSERT OR REPLACE INTO clock_steps (seq, message_id, at) VALUES (?, ?, ?)',
  )
  const removeOldest = database.prepare<[number]>(`
    DELETE FROM clock_steps WHERE seq NOT IN (
      SELECT seq FROM clock_steps ORDER BY seq DESC LIMIT ?
    )
  `)
  let steps: readonly ClockStep[] = select.all()

  const stretches = (numberOf: (step: ClockStep) => number): Stretch[] =>
    [null, ...steps].map((step, index) => {
      const next = steps[index]
      return {
        first: step ? numberOf(step) + 1 : 0,
        last: next ? numberOf(next) : Number.MAX_SAFE_INTEGER,
        after: step?.at ?? null,
      }
    })

  return {
    /** Inside the transaction that writes the first row after the clock was set back. */
    note(step: ClockStep): void {
      insert.run(step.seq, step.messageId, step.at)
      removeOldest.run(maxSteps)
      steps = select.all()
    },
    ofEvents: (): Stretch[] => stretches(({ seq }) => seq),
    ofMessages: (): Stretch[] => stretches(({ messageId }) => messageId),
  }
}

/** Reads the first row at or after a number; undefined: there is none. */
export type RowFrom = (
  number: number,
) => { readonly number: number; readonly at: number } | undefined

/** The first number in a range whose row is at or after a time, by binary search. */
export function firstAt(stretch: Stretch, end: number, rowFrom: RowFrom, at: number): number {
  let low = stretch.first
  let high = Math.min(stretch.last + 1, Math.max(end, stretch.first))
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const found = rowFrom(middle)
    if (!found || found.number >= high || found.at >= at) high = middle
    else low = found.number + 1
  }
  return low
}

/**
 * The last number such that it and all before it were certainly written before `cutoff`. A row with a
 * time after `now` proves nothing: the clock was ahead when it was written.
 */
export function lastOlderThan(
  stretches: readonly Stretch[],
  end: number,
  rowFrom: RowFrom,
  { cutoff, now }: { readonly cutoff: number; readonly now: number },
): number {
  let last = 0
  for (const stretch of stretches) {
    // This range was written after a row that is not old.
    if (stretch.after !== null && stretch.after >= cutoff && stretch.after <= now) break
    const first = firstAt(stretch, end, rowFrom, cutoff)
    if (first > stretch.first) last = first - 1
    const next = rowFrom(first)
    if (next && next.number <= stretch.last && next.at <= now) break
  }
  return last
}
