import type { Database } from '../storage/database.ts'

/** The last message received before a time, by halving: ids are given in the order of time. */
export function createIdBefore(database: Database): (at: number) => number {
  const lastId = database.prepare<[], number | null>('SELECT max(id) FROM messages').pluck()
  const messageFrom = database.prepare<[number], { id: number; at: number }>(
    'SELECT id, received_at AS at FROM messages WHERE id >= ? ORDER BY id LIMIT 1',
  )
  return (at) => {
    let low = 0
    let high = (lastId.get() ?? 0) + 1
    while (low < high) {
      const middle = Math.floor((low + high) / 2)
      const found = messageFrom.get(middle)
      if (!found || found.at >= at) high = middle
      else low = found.id + 1
    }
    return low - 1
  }
}
