import type { Clock } from '../../base/clock.ts'
import type { CommitQueue } from '../../storage/commit-queue.ts'
import type { Database } from '../../storage/database.ts'

/** The last message that came in a short time, and when the first and the last of it came. */
type Mark = { readonly id: number; readonly first: number; readonly last: number }

/** So exact is the answer. */
const markEveryMs = 100

/** Tells where the messages begin that came in the last seconds, whatever the wall clock says. */
export function createRecentArrivals(
  { database, queue, clock }: { database: Database; queue: CommitQueue; clock: Clock },
  spanMs: number,
) {
  const lastId = database.prepare<[], number | null>('SELECT max(id) FROM messages').pluck()
  let marks: readonly Mark[] = []

  queue.onEvents(() => {
    const elapsed = clock.elapsed()
    const id = lastId.get() ?? 0
    const newest = marks.at(-1)
    if (newest && elapsed - newest.first < markEveryMs) {
      marks = [...marks.slice(0, -1), { id, first: newest.first, last: elapsed }]
      return
    }
    // The last one before the span says where it begins.
    const first = marks.findLastIndex((mark) => isBefore(mark, elapsed))
    marks = [...marks.slice(Math.max(0, first)), { id, first: elapsed, last: elapsed }]
  })

  const isBefore = (mark: Mark, elapsed: number): boolean => mark.last < elapsed - spanMs

  /** The last message before the span; null: nothing was written before it by this process. */
  return (): number | null => marks.findLast((mark) => isBefore(mark, clock.elapsed()))?.id ?? null
}
