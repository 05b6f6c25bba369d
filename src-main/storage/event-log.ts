import type { EventType } from '../contract/events.ts'
import type { Database } from './database.ts'

export type NewEvent = {
  readonly type: EventType
  readonly keyId?: number | null
  readonly tenantId?: string | null
  readonly messageId?: number | null
  /** Ids, sizes and codes; never bodies or secrets. */
  readonly data?: Readonly<Record<string, unknown>>
}

export type StoredEvent = {
  readonly seq: number
  readonly at: number
  readonly type: EventType
  readonly keyId: number | null
  readonly tenantId: string | null
  readonly messageId: number | null
  readonly data: Readonly<Record<string, unknown>>
}

export type EventLog = ReturnType<typeof createEventLog>

type EventRow = Omit<StoredEvent, 'data'> & { readonly data: string }

/** The append-only table of facts. Only the commit queue appends to it. */
export function createEventLog(database: Database) {
  const insert = database.prepare<
    [number, string, number | null, string | null, number | null, string]
  >(`
    INSERT INTO events (at, type, key_id, tenant_id, message_id, data)
    VALUES (?, ?, ?, ?, ?, ?)
  `)
  const after = database.prepare<[number, number], EventRow>(`
    SELECT seq, at, type, key_id AS keyId, tenant_id AS tenantId, message_id AS messageId, data
    FROM events WHERE seq > ? ORDER BY seq LIMIT ?
  `)
  const from = database.prepare<[number], { seq: number; at: number }>(
    'SELECT seq, at FROM events WHERE seq >= ? ORDER BY seq LIMIT 1',
  )
  const last = database.prepare<[], number | null>('SELECT max(seq) FROM events').pluck()
  const cursor = database
    .prepare<[string], number>('SELECT seq FROM cursors WHERE follower = ?')
    .pluck()
  const moveCursor = database.prepare<[string, number]>(`
    INSERT INTO cursors (follower, seq) VALUES (?, ?)
    ON CONFLICT (follower) DO UPDATE SET seq = excluded.seq
  `)

  return {
    append(at: number, event: NewEvent): void {
      const data = event.data ? JSON.stringify(event.data) : '{}'
      const { keyId = null, tenantId = null, messageId = null } = event
      insert.run(at, event.type, keyId, tenantId, messageId, data)
    },

    /** The next `limit` events after `seq`, oldest first. */
    read(seq: number, limit: number): StoredEvent[] {
      return after.all(seq, limit).map((row) => ({ ...row, data: JSON.parse(row.data) }))
    },

    lastSeq: (): number => last.get() ?? 0,

    /** The first event at or after a time, by halving: they are written in the order of time. */
    seqAt(at: number): number {
      let low = 0
      let high = (last.get() ?? 0) + 1
      while (low < high) {
        const middle = Math.floor((low + high) / 2)
        const found = from.get(middle)
        if (!found || found.at >= at) high = middle
        else low = found.seq + 1
      }
      return low
    },

    cursor: (follower: string): number => cursor.get(follower) ?? 0,

    /** Inside the transaction that writes what the follower made of the events. */
    moveCursor: (follower: string, seq: number): void => void moveCursor.run(follower, seq),
  }
}
