import type { EventType } from '../contract/events.ts'
import { createClockSteps, firstAt, lastOlderThan, type RowFrom } from './clock-steps.ts'
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

/** Clocks that are synchronised over the network go back by less. */
const stepMs = 1000

/** The append-only table of events. Only the commit queue appends. `mask` removes secrets. */
export function createEventLog(
  database: Database,
  mask: (text: string) => string = (text) => text,
) {
  const statements = prepareStatements(database)
  const steps = createClockSteps(database)
  let latest = statements.lastTime.get() ?? 0
  const rowFrom: RowFrom = (seq) => statements.from.get(seq)
  const end = (): number => (statements.last.get() ?? 0) + 1

  /** The message of the first event after a step was written after the step as well. */
  function noteStep(at: number, { type, messageId }: NewEvent): void {
    const isNew = type === 'captured' || type === 'queued'
    const before = isNew && messageId ? messageId : Number.MAX_SAFE_INTEGER
    steps.note({ seq: end() - 1, messageId: statements.lastMessage.get(before) ?? 0, at: latest })
    latest = at
  }

  return {
    append(at: number, event: NewEvent): void {
      if (at < latest - stepMs) noteStep(at, event)
      latest = Math.max(latest, at)
      const data = event.data ? mask(JSON.stringify(event.data)) : '{}'
      const { keyId = null, tenantId = null, messageId = null } = event
      statements.insert.run(at, event.type, keyId, tenantId, messageId, data)
    },

    steps,
    /** The time of the last event; 0: there is none. */
    lastTime: (): number => latest,

    /** The next `limit` events after `seq`, oldest first. */
    read(seq: number, limit: number): StoredEvent[] {
      return statements.after.all(seq, limit).map((row) => ({ ...row, data: JSON.parse(row.data) }))
    },

    lastSeq: (): number => statements.last.get() ?? 0,

    /** The first event that may be at or after a time. */
    seqAt(at: number): number {
      const firsts = steps.ofEvents().map((stretch) => {
        const first = firstAt(stretch, end(), rowFrom, at)
        return first > stretch.last ? end() : first
      })
      return Math.min(...firsts)
    },

    /** An event such that it and all later ones are at or after a time. */
    seqBehind(at: number): number {
      const behind = steps.ofEvents().map((stretch) => firstAt(stretch, end(), rowFrom, at))
      return Math.max(...behind.map((seq) => Math.min(seq, end())))
    },

    /** See `lastOlderThan`. */
    lastOlderThan: (span: { readonly cutoff: number; readonly now: number }): number =>
      lastOlderThan(steps.ofEvents(), end(), rowFrom, span),

    cursor: (follower: string): number => statements.cursor.get(follower) ?? 0,

    /** Inside the transaction that writes the results of these events. */
    moveCursor: (follower: string, seq: number): void =>
      void statements.moveCursor.run(follower, seq),
  }
}

function prepareStatements(database: Database) {
  return {
    insert: database.prepare<
      [number, string, number | null, string | null, number | null, string]
    >(`
      INSERT INTO events (at, type, key_id, tenant_id, message_id, data)
      VALUES (?, ?, ?, ?, ?, ?)
    `),
    after: database.prepare<[number, number], EventRow>(`
      SELECT seq, at, type, key_id AS keyId, tenant_id AS tenantId, message_id AS messageId, data
      FROM events WHERE seq > ? ORDER BY seq LIMIT ?
    `),
    from: database.prepare<[number], { number: number; at: number }>(
      'SELECT seq AS number, at FROM events WHERE seq >= ? ORDER BY seq LIMIT 1',
    ),
    last: database.prepare<[], number | null>('SELECT max(seq) FROM events').pluck(),
    lastTime: database
      .prepare<[], number>('SELECT at FROM events ORDER BY seq DESC LIMIT 1')
      .pluck(),
    lastMessage: database
      .prepare<[number], number | null>('SELECT max(id) FROM messages WHERE id < ?')
      .pluck(),
    cursor: database
      .prepare<[string], number>('SELECT seq FROM cursors WHERE follower = ?')
      .pluck(),
    moveCursor: database.prepare<[string, number]>(`
      INSERT INTO cursors (follower, seq) VALUES (?, ?)
      ON CONFLICT (follower) DO UPDATE SET seq = excluded.seq
    `),
  }
}
