import type { OutboxFilter, OutboxMessage } from '../../../src-main/contract/outbox.ts'

export type Rows = readonly OutboxMessage[]
export type Filter = OutboxFilter | 'all'

/** Replaces known rows, adds new ones on top and removes rows that no longer match the filter. */
export function mergeRows(rows: Rows, fresh: Rows, filter: Filter): Rows {
  const byId = new Map(fresh.map((row) => [row.id, row]))
  const known = new Set(rows.map(({ id }) => id))
  const added = fresh.filter(({ id }) => !known.has(id))
  return [...added, ...rows.map((row) => byId.get(row.id) ?? row)].filter((row) =>
    matchesFilter(row, filter),
  )
}

export function appendRows(rows: Rows, older: Rows): Rows {
  const known = new Set(rows.map(({ id }) => id))
  return [...rows, ...older.filter(({ id }) => !known.has(id))]
}

export function matchesFilter({ status }: OutboxMessage, filter: Filter): boolean {
  if (filter === 'all') return true
  return filter === 'waiting' ? status === 'queued' || status === 'sending' : status === filter
}

/** True if at least one recipient can be retried now. */
export function canRetry({ deferred, status, position }: OutboxMessage): boolean {
  return position !== null && (deferred > 0 || status === 'failed')
}

/** The display name, else the address. */
export function shortName(address: string): string {
  const [, name = ''] = /^(.*)<[^<>]*>$/.exec(address) ?? []
  return name.trim() || address
}
