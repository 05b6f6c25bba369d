import type { OutboxFilter, OutboxMessage } from '../../../src-main/contract/outbox.ts'

export type Rows = readonly OutboxMessage[]
export type Filter = OutboxFilter | 'all'

/** Fresh rows in the place of those known, the rest on top; what no longer fits goes. */
export function mergeRows(rows: Rows, fresh: Rows, filter: Filter): Rows {
  const byId = new Map(fresh.map((row) => [row.id, row]))
  const known = new Set(rows.map(({ id }) => id))
  const added = fresh.filter(({ id }) => !known.has(id))
  return [...added, ...rows.map((row) => byId.get(row.id) ?? row)].filter((row) =>
    fits(row, filter),
  )
}

export function appendRows(rows: Rows, older: Rows): Rows {
  const known = new Set(rows.map(({ id }) => id))
  return [...rows, ...older.filter(({ id }) => !known.has(id))]
}

export function fits({ status }: OutboxMessage, filter: Filter): boolean {
  if (filter === 'all') return true
  return filter === 'waiting' ? status === 'queued' || status === 'sending' : status === filter
}

/** Whether somebody of this message can be tried again now. */
export function canRetry({ deferred, status, position }: OutboxMessage): boolean {
  return position !== null && (deferred > 0 || status === 'failed')
}

/** "Ann", or the address where there is no name. */
export function shortName(address: string): string {
  const [, name = ''] = /^(.*)<[^<>]*>$/.exec(address) ?? []
  return name.trim() || address
}
