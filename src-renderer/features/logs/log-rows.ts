import type { LogEntry } from '../../../src-main/contract/logs.ts'

export type Rows = readonly LogEntry[]

/** Unauthenticated requests have their own ids, so their names have a prefix. */
export const nameOf = ({ type, id }: LogEntry): string =>
  type === 'junk' ? `junk-${id}` : String(id)

/** Newest first, without duplicates. Known rows keep their identity. */
export function mergeRows(rows: Rows, added: Rows): Rows {
  if (added.length === 0) return rows
  const known = new Set(rows.map(nameOf))
  const fresh = added.filter((entry) => !known.has(nameOf(entry)))
  if (fresh.length === 0) return rows
  const sorted = fresh.toSorted(byTime)
  const [newest] = rows
  const oldestFresh = sorted.at(-1)
  // The usual case: all new rows are newer than all shown rows.
  if (!newest || !oldestFresh || byTime(oldestFresh, newest) <= 0) return [...sorted, ...rows]
  return [...sorted, ...rows].sort(byTime)
}

/** Bounds the memory of the window; the rows that are cut off can be loaded again. */
export function cutRows(rows: Rows, max: number): { readonly rows: Rows; readonly isCut: boolean } {
  return rows.length <= max ? { rows, isCut: false } : { rows: rows.slice(0, max), isCut: true }
}

/** The id before which older entries load: the oldest id of the log itself. */
export function oldestId(rows: Rows): number | null {
  return rows.findLast(({ type }) => type !== 'junk')?.id ?? null
}

/** The entry above or below the given one. */
export function stepFrom(rows: Rows, name: string | null, by: number): LogEntry | undefined {
  const at = rows.findIndex((entry) => nameOf(entry) === name)
  return at < 0 ? rows[0] : rows[Math.min(rows.length - 1, Math.max(0, at + by))]
}

function byTime(one: LogEntry, other: LogEntry): number {
  if (one.timestamp !== other.timestamp) return one.timestamp < other.timestamp ? 1 : -1
  return one.type === 'junk' || other.type === 'junk' ? 0 : other.id - one.id
}
