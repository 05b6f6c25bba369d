import type { InboxMessage } from '../../../src-main/contract/messages.ts'

export type Rows = readonly InboxMessage[]

/** Adds new rows on top and replaces known rows in place. */
export function prependRows(rows: Rows, fresh: Rows): Rows {
  const known = new Set(rows.map(({ id }) => id))
  const added = fresh.filter(({ id }) => !known.has(id))
  return [...added, ...patchRows(rows, fresh)]
}

export function appendRows(rows: Rows, older: Rows): Rows {
  const known = new Set(rows.map(({ id }) => id))
  return [...rows, ...older.filter(({ id }) => !known.has(id))]
}

export function patchRows(rows: Rows, fresh: Rows): Rows {
  const byId = new Map(fresh.map((row) => [row.id, row]))
  return rows.map((row) => byId.get(row.id) ?? row)
}

/** Marks rows read or unread; `ids` null means all. */
export function markRows(rows: Rows, ids: readonly string[] | null, read: boolean): Rows {
  const marked = ids && new Set(ids)
  return rows.map((row) =>
    row.read === read || marked?.has(row.id) === false ? row : { ...row, read },
  )
}

export function removeRows(rows: Rows, ids: ReadonlySet<string>): Rows {
  return ids.size === 0 ? rows : rows.filter(({ id }) => !ids.has(id))
}

/** Puts rows back in the order of arrival. */
export function restoreRows(rows: Rows, removed: Rows): Rows {
  const gone = removed.filter(({ id }) => !rows.some((row) => row.id === id))
  return [...rows, ...gone].sort((one, other) => (one.received_at < other.received_at ? 1 : -1))
}

/** The row to select after this one is removed: the next older row, else the newer one. */
export function adjacentRow(rows: Rows, id: string): string | null {
  const at = rows.findIndex((row) => row.id === id)
  return (rows[at + 1] ?? rows[at - 1])?.id ?? null
}

/** Ids from one row to the other, inclusive, in any order. */
export function idsBetween(rows: Rows, from: string, to: string): string[] {
  const start = rows.findIndex(({ id }) => id === from)
  const end = rows.findIndex(({ id }) => id === to)
  if (end < 0) return []
  if (start < 0) return [to]
  return rows.slice(Math.min(start, end), Math.max(start, end) + 1).map(({ id }) => id)
}
