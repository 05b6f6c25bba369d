import type { LogEntry } from '../../../src-main/contract/logs.ts'

export type Rows = readonly LogEntry[]

/** Junk is numbered by itself: an entry's name tells it from the log's own. */
export const nameOf = ({ type, id }: LogEntry): string =>
  type === 'junk' ? `junk-${id}` : String(id)

/** Newest first. What is known stays as it is; what came twice is kept once. */
export function mergeRows(rows: Rows, added: Rows): Rows {
  if (added.length === 0) return rows
  const known = new Set(rows.map(nameOf))
  const fresh = added.filter((entry) => !known.has(nameOf(entry)))
  if (fresh.length === 0) return rows
  const sorted = fresh.toSorted(byTime)
  const [newest] = rows
  const oldestFresh = sorted.at(-1)
  // As it nearly always is: all that came is newer than all that is shown.
  if (!newest || !oldestFresh || byTime(oldestFresh, newest) <= 0) return [...sorted, ...rows]
  return [...sorted, ...rows].sort(byTime)
}

/** A burst must not fill the window's memory: what is cut off can be read again further down. */
export function cutRows(
  rows: Rows,
  most: number,
): { readonly rows: Rows; readonly isCut: boolean } {
  return rows.length <= most ? { rows, isCut: false } : { rows: rows.slice(0, most), isCut: true }
}

/** Where to go on reading older entries: below the oldest one that the log itself numbers. */
export function oldestId(rows: Rows): number | null {
  return rows.findLast(({ type }) => type !== 'junk')?.id ?? null
}

/** The entry to go to from one, up or down the list. */
export function stepFrom(rows: Rows, name: string | null, by: number): LogEntry | undefined {
  const at = rows.findIndex((entry) => nameOf(entry) === name)
  return at < 0 ? rows[0] : rows[Math.min(rows.length - 1, Math.max(0, at + by))]
}

function byTime(one: LogEntry, other: LogEntry): number {
  if (one.timestamp !== other.timestamp) return one.timestamp < other.timestamp ? 1 : -1
  return one.type === 'junk' || other.type === 'junk' ? 0 : other.id - one.id
}
