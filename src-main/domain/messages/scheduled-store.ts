import type { Database } from '../../storage/database.ts'
import { type Caller, onlyMode } from '../auth/caller.ts'

export type ScheduledStore = ReturnType<typeof createScheduledStore>

/** A scheduled message. At its time it is accepted like any other. */
export type ScheduledRow = {
  readonly public_id: string
  readonly key_id: number | null
  readonly tenant_id: string | null
  readonly mode: 'live' | 'test'
  readonly status: 'scheduled' | 'cancelled' | 'failed'
  readonly due_at: number
  readonly mail_from: string
  readonly rcpt_to: string
  readonly raw: Buffer
  readonly options: string | null
  readonly relay_id: number | null
  readonly error: string | null
  readonly created_at: number
}

/** A row of a list; `raw` is the beginning of the message, with its header. */
export type ScheduledSummary = Pick<
  ScheduledRow,
  'public_id' | 'key_id' | 'mode' | 'status' | 'mail_from' | 'created_at' | 'raw'
>

export type NewScheduledRow = Omit<ScheduledRow, 'status' | 'relay_id' | 'error'>

type CallerFilter = [
  tenant: string | null,
  tenant: string | null,
  mode: string | null,
  mode: string | null,
]

const maxHeadBytes = 65_536
const batchSize = 50
const isReleased = 'public_id NOT IN (SELECT public_id FROM restored_scheduled)'
const isOfCaller = `
  status = 'scheduled' AND (? IS NULL OR tenant_id = ?) AND (? IS NULL OR mode = ?)`

/** The rows of scheduled messages. Writes belong into a transaction. */
export function createScheduledStore(database: Database) {
  const statements = prepareStatements(database)
  return {
    insert: (row: NewScheduledRow): void =>
      void statements.insert.run(
        row.public_id,
        row.key_id,
        row.tenant_id,
        row.mode,
        row.due_at,
        row.mail_from,
        row.rcpt_to,
        row.raw,
        row.options,
        row.created_at,
      ),
    /** The messages to send at `now`, the longest due first, a batch at a time. */
    due: (now: number): ScheduledRow[] => statements.due.all(now),
    nextDue: (): number | null => statements.nextDue.get() ?? null,
    find: (publicId: string): ScheduledRow | undefined => statements.byId.get(publicId),
    /** The next due first. */
    list(caller: Caller, { limit, offset }: { limit: number; offset: number }) {
      const { tenantId } = caller
      const filter: CallerFilter = [tenantId, tenantId, onlyMode(caller), onlyMode(caller)]
      return {
        rows: statements.page.all(...filter, limit, offset),
        total: statements.count.get(...filter) ?? 0,
      }
    },
    setDue: (publicId: string, at: number): void => void statements.setDue.run(at, publicId),
    setFailed: (publicId: string, error: string): void =>
      void statements.setFailed.run(error, publicId),
    setCancelled: (publicId: string): void => void statements.setCancelled.run(publicId),
    remove: (publicId: string): void => void statements.remove.run(publicId),
  }
}

function prepareStatements(database: Database) {
  return {
    insert: database.prepare(`
      INSERT INTO scheduled (
        public_id, key_id, tenant_id, mode, status, due_at, mail_from, rcpt_to, raw, options,
        created_at
      ) VALUES (?, ?, ?, ?, 'scheduled', ?, ?, ?, ?, ?, ?)
    `),
    due: database.prepare<[number], ScheduledRow>(`
      SELECT * FROM scheduled WHERE status = 'scheduled' AND due_at <= ? AND ${isReleased}
      ORDER BY due_at LIMIT ${batchSize}
    `),
    nextDue: database
      .prepare<[], number | null>(
        `SELECT min(due_at) FROM scheduled WHERE status = 'scheduled' AND ${isReleased}`,
      )
      .pluck(),
    byId: database.prepare<[string], ScheduledRow>('SELECT * FROM scheduled WHERE public_id = ?'),
    page: database.prepare<[...CallerFilter, limit: number, offset: number], ScheduledSummary>(`
      SELECT public_id, key_id, mode, status, mail_from, created_at,
        substr(raw, 1, ${maxHeadBytes}) AS raw
      FROM scheduled WHERE ${isOfCaller} ORDER BY due_at LIMIT ? OFFSET ?
    `),
    count: database
      .prepare<CallerFilter, number>(`SELECT count(*) FROM scheduled WHERE ${isOfCaller}`)
      .pluck(),
    remove: database.prepare<[string]>('DELETE FROM scheduled WHERE public_id = ?'),
    setFailed: database.prepare<[string, string]>(
      "UPDATE scheduled SET status = 'failed', error = ? WHERE public_id = ?",
    ),
    setDue: database.prepare<[number, string]>(
      'UPDATE scheduled SET due_at = ? WHERE public_id = ?',
    ),
    setCancelled: database.prepare<[string]>(
      "UPDATE scheduled SET status = 'cancelled' WHERE public_id = ?",
    ),
  }
}
