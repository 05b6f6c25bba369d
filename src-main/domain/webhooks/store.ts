import { iso, isoOrNull } from '../../base/clock.ts'
import type { Vault } from '../../base/vault.ts'
import { Fault } from '../../contract/faults.ts'
import type { KeyMode } from '../../contract/keys.ts'
import type { Webhook, WebhookEvent } from '../../contract/webhooks.ts'
import type { Database } from '../../storage/database.ts'
import type { StoredEvent } from '../../storage/event-log.ts'
import { type Caller, sees } from '../auth/caller.ts'

export type WebhookStore = ReturnType<typeof createWebhookStore>

export type WebhookRow = {
  readonly id: number
  readonly publicId: string
  readonly tenantId: string | null
  /** A webhook that a test key created gets events of test mail only. */
  readonly mode: KeyMode
  readonly url: string
  readonly events: readonly WebhookEvent[]
  readonly secretSealed: Buffer
  readonly active: boolean
  readonly sinceSeq: number
  readonly failures: number
  readonly disabledAt: number | null
  readonly createdAt: number
}

type StoredRow = Omit<WebhookRow, 'events' | 'active'> & {
  readonly events: string
  readonly active: number
}

/** All webhooks, in memory and in the table. Writes run inside a transaction. */
export function createWebhookStore(database: Database) {
  const statements = prepareStatements(database)
  let rows: readonly WebhookRow[] = []
  let byId: ReadonlyMap<number, WebhookRow> = new Map()

  function read(): void {
    rows = statements.select.all().map(toRow)
    byId = new Map(rows.map((row) => [row.id, row]))
  }
  read()

  const visible = (caller: Caller): readonly WebhookRow[] =>
    rows.filter(({ tenantId: tenant_id, mode }) => sees(caller, { tenant_id, mode }))

  return {
    visible,
    hasActive: (): boolean => rows.some(({ active }) => active),
    get: (id: number): WebhookRow | undefined => byId.get(id),

    find(caller: Caller, publicId: string): WebhookRow {
      const row = visible(caller).find((candidate) => candidate.publicId === publicId)
      if (!row) throw new Fault('not_found', `There is no webhook ${publicId}.`)
      return row
    },

    /** A tenant's webhooks get the events of their tenant; those without a tenant get all events. */
    subscribedTo: (event: WebhookEvent, { tenantId, seq }: StoredEvent, isTest: boolean) =>
      rows.filter(
        (row) =>
          row.active &&
          row.sinceSeq < seq &&
          row.events.includes(event) &&
          (row.mode === 'live' || isTest) &&
          (row.tenantId === null || row.tenantId === tenantId),
      ),

    /** From the table, for use inside a transaction. */
    stored(id: number): WebhookRow | undefined {
      const row = statements.selectOne.get(id)
      return row && toRow(row)
    },
    isAnyStoredActive: (): boolean => statements.anyActive.get() !== undefined,

    insert(row: Omit<WebhookRow, 'id' | 'failures' | 'disabledAt'>): void {
      statements.insert.run(
        row.publicId,
        row.tenantId,
        row.mode,
        row.url,
        JSON.stringify(row.events),
        row.secretSealed,
        Number(row.active),
        row.sinceSeq,
        row.createdAt,
      )
    },

    update(row: WebhookRow): void {
      statements.update.run(
        row.url,
        JSON.stringify(row.events),
        row.secretSealed,
        Number(row.active),
        row.sinceSeq,
        row.failures,
        row.disabledAt,
        row.id,
      )
    },

    remove: (id: number, at: number): void => void statements.remove.run(at, id),

    /** Reads the table into memory, after the commit. */
    read,
  }
}

const columns = `
  id, public_id AS publicId, tenant_id AS tenantId, mode, url, events, secret_sealed AS secretSealed,
  active, since_seq AS sinceSeq, failures, disabled_at AS disabledAt, created_at AS createdAt
`

function prepareStatements(database: Database) {
  return {
    select: database.prepare<[], StoredRow>(
      `SELECT ${columns} FROM webhooks WHERE deleted_at IS NULL ORDER BY id DESC`,
    ),
    selectOne: database.prepare<[number], StoredRow>(
      `SELECT ${columns} FROM webhooks WHERE id = ? AND deleted_at IS NULL`,
    ),
    anyActive: database.prepare<[], number>('SELECT 1 FROM webhooks WHERE active = 1').pluck(),
    insert: database.prepare(`
      INSERT INTO webhooks (
        public_id, tenant_id, mode, url, events, secret_sealed, active, since_seq, created_at
      ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
    `),
    update: database.prepare(`
      UPDATE webhooks SET url = ?, events = ?, secret_sealed = ?, active = ?, since_seq = ?,
        failures = ?, disabled_at = ?
      WHERE id = ?
    `),
    remove: database.prepare<[number, number]>(`
      UPDATE webhooks SET active = 0, secret_sealed = x'', deleted_at = ? WHERE id = ?
    `),
  }
}

function toRow({ events, active, ...row }: StoredRow): WebhookRow {
  return { ...row, events: JSON.parse(events) as WebhookEvent[], active: active === 1 }
}

export const unreadableSecret =
  'Its saved secret cannot be read with the vault key of this data folder. Set a new secret, or restore the old vault.key and restart MailSage.'

export function toWire(row: WebhookRow, vault: Vault): Webhook {
  return {
    id: row.publicId,
    url: row.url,
    events: [...row.events],
    active: row.active,
    tenant_id: row.tenantId,
    mode: row.mode,
    failures: row.failures,
    disabled_at: isoOrNull(row.disabledAt),
    problem: vault.open(row.secretSealed) === null ? unreadableSecret : null,
    created_at: iso(row.createdAt),
  }
}
