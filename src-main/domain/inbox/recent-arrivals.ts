import type { Clock } from '../../base/clock.ts'
import type { CommitQueue } from '../../storage/commit-queue.ts'
import type { Database } from '../../storage/database.ts'

/** The newest message of an interval, and the monotonic times of its first and last commit. */
type Interval = { readonly id: number; readonly first: number; readonly last: number }

/** The precision of the answer. */
const intervalMs = 100

/** Finds the first message of the last `spanMs`, independent of the wall clock. */
export function createRecentArrivals(
  { database, queue, clock }: { database: Database; queue: CommitQueue; clock: Clock },
  spanMs: number,
) {
  const lastId = database.prepare<[], number | null>('SELECT max(id) FROM messages').pluck()
  let intervals: readonly Interval[] = []

  queue.onEvents(() => {
    const elapsed = clock.elapsed()
    const id = lastId.get() ?? 0
    const newest = intervals.at(-1)
    if (newest && elapsed - newest.first < intervalMs) {
      intervals = [...intervals.slice(0, -1), { id, first: newest.first, last: elapsed }]
      return
    }
    // Keeps the last interval before the span, because its id is the answer.
    const kept = intervals.findLastIndex((interval) => isBefore(interval, elapsed))
    intervals = [...intervals.slice(Math.max(0, kept)), { id, first: elapsed, last: elapsed }]
  })

  const isBefore = ({ last }: Interval, elapsed: number): boolean => last < elapsed - spanMs

  /** The last message before the span; null when this process wrote none before it. */
  return (): number | null =>
    intervals.findLast((interval) => isBefore(interval, clock.elapsed()))?.id ?? null
}
