import type { Clock } from '../../base/clock.ts'
import type { Vault } from '../../base/vault.ts'
import type { RelayDraft } from '../../contract/relay-tests.ts'
import type { NewRelay, RelayChange } from '../../contract/relays.ts'
import type { Database } from '../../storage/database.ts'
import type { RelayColumns, RelayRow } from './rows.ts'
import { createRelaySecrets, type RelaySecrets } from './secrets.ts'
import type { RelayTarget } from './upstream.ts'

export type RelayStore = ReturnType<typeof createRelayStore>

type StoreDeps = { readonly database: Database; readonly clock: Clock; readonly vault: Vault }

const columns = [
  'name',
  'host',
  'port',
  'username',
  'password_sealed',
  'tls',
  'tls_verify',
  'from_email',
  'priority',
  'is_default',
  'daily_limit',
  'oauth2_client_id',
  'oauth2_access_url',
  'oauth2_sealed',
  'dkim_domain',
  'dkim_selector',
  'dkim_public',
  'dkim_sealed',
] as const satisfies readonly (keyof RelayColumns)[]

/** A change of one of these resets the health of a relay. */
const connection: readonly (keyof RelayChange)[] = [
  'host',
  'port',
  'username',
  'password',
  'tls',
  'tls_verify',
  'oauth2',
]

type StoreContext = {
  readonly statements: ReturnType<typeof prepareStatements>
  readonly secrets: RelaySecrets
  readonly clock: Clock
}

/** The rows of relays, all of them in memory, secrets sealed. Writes belong into a transaction. */
export function createRelayStore({ database, clock, vault }: StoreDeps) {
  const statements = prepareStatements(database)
  const secrets = createRelaySecrets(vault)
  const context: StoreContext = { statements, secrets, clock }
  let rows = statements.select.all()
  let revision = 0
  let changed = (): void => undefined
  const revisions = new Map<number, number>()

  return {
    all: (): readonly RelayRow[] => rows,
    find: (id: number | null): RelayRow | undefined => rows.find((row) => row.id === id),
    byId(id: number): RelayRow {
      const row = rows.find((candidate) => candidate.id === id)
      if (!row) throw new Error(`Relay ${id} is gone`)
      return row
    },

    insert: (input: NewRelay, source: RelayRow['source'], tenantId: string | null) =>
      insertRow(context, input, source, tenantId),
    update: (row: RelayRow, change: RelayChange): void => updateRow(context, row, change),
    remove: (id: number): void => void statements.removeRow.run(id),
    makeDefault(id: number, tenantId: string | null): void {
      statements.setDefault.run(id)
      statements.dropDefault.run(tenantId, id)
    },
    setPriority: (id: number, priority: number): void =>
      void statements.setPriority.run(priority, id),
    setHealth: (id: number, failures: number, verifiedAt: number | null, error: string | null) =>
      void statements.setHealth.run(failures, verifiedAt, error, clock.now(), id),
    saveDay: (id: number, day: number, sent: number): void =>
      void statements.setDay.run(day, sent, id),

    /** Reads the rows again after a transaction. */
    refresh(): void {
      rows = statements.select.all()
    },
    /** Reads the rows again and ends the relay's open connections. */
    reload(id: number): void {
      revision += 1
      revisions.set(id, revision)
      rows = statements.select.all()
      changed()
    },
    /** Calls the one `listener` after a relay was added, changed or removed. */
    onChange(listener: () => void): void {
      changed = listener
    },

    /** For a test of a relay that is not saved. */
    toDraftTarget: (draft: RelayDraft, known: RelayRow | null): RelayTarget =>
      toDraftTarget(secrets, draft, known),
    toTarget: (row: RelayRow): RelayTarget => ({
      id: row.id,
      revision: `${row.id}.${revisions.get(row.id) ?? 0}`,
      name: row.name,
      host: row.host,
      port: row.port,
      tls: row.tls,
      tlsVerify: row.tls_verify === 1,
      username: row.username,
      ...secrets.open(row),
      secretProblem: secrets.problem(row),
    }),

    secretProblem: secrets.problem,
  }
}

function insertRow(
  { statements, secrets, clock }: StoreContext,
  input: NewRelay,
  source: RelayRow['source'],
  tenantId: string | null,
): { id: number; tenant_id: string | null } {
  const { lastInsertRowid } = statements.insert.run({
    is_default: 0,
    daily_limit: null,
    ...columnsOf(input),
    ...secrets.seal(input, null),
    source,
    tenant_id: tenantId,
    now: clock.now(),
  })
  const id = Number(lastInsertRowid)
  if (input.is_default) statements.dropDefault.run(tenantId, id)
  return { id, tenant_id: tenantId }
}

function updateRow(
  { statements, secrets, clock }: StoreContext,
  row: RelayRow,
  change: RelayChange,
): void {
  statements.update.run({
    ...row,
    ...columnsOf(change),
    ...secrets.seal(change, row),
    now: clock.now(),
  })
  if (change.is_default) statements.dropDefault.run(row.tenant_id, row.id)
  if (connection.some((name) => change[name] !== undefined)) statements.forgetHealth.run(row.id)
}

function toDraftTarget(
  secrets: RelaySecrets,
  draft: RelayDraft,
  known: RelayRow | null,
): RelayTarget {
  const kept = known ? secrets.open(known) : { password: null, oauth2: null }
  const { oauth2 } = draft
  return {
    id: 0,
    revision: 'draft',
    name: draft.host,
    host: draft.host,
    port: draft.port,
    tls: draft.tls,
    tlsVerify: draft.tls_verify,
    username: draft.username,
    password: draft.password === undefined ? kept.password : draft.password,
    oauth2:
      oauth2 === undefined
        ? kept.oauth2
        : oauth2 && {
            clientId: oauth2.client_id,
            clientSecret: oauth2.client_secret,
            refreshToken: oauth2.refresh_token,
            accessUrl: oauth2.access_url,
          },
    dkim: null,
    // The test needs only the saved secrets that the draft leaves out.
    secretProblem: known
      ? secrets.problem({
          ...known,
          password_sealed: draft.password === undefined ? known.password_sealed : null,
          oauth2_sealed: draft.oauth2 === undefined ? known.oauth2_sealed : null,
          dkim_sealed: null,
        })
      : null,
  }
}

/** The columns that a change names; the rest of the row stays. */
function columnsOf({ password, oauth2, dkim, tls_verify, is_default, ...plain }: RelayChange) {
  const flags = {
    tls_verify: tls_verify === undefined ? undefined : Number(tls_verify),
    is_default: is_default === undefined ? undefined : Number(is_default),
  }
  return Object.fromEntries(
    Object.entries({ ...plain, ...flags }).filter(([, value]) => value !== undefined),
  )
}

function prepareStatements(database: Database) {
  return {
    select: database.prepare<[], RelayRow>(
      'SELECT * FROM relays ORDER BY is_default DESC, priority, id',
    ),
    insert: database.prepare<unknown[]>(`
      INSERT INTO relays (${columns.join(', ')}, source, tenant_id, created_at, updated_at)
      VALUES (${columns.map((name) => `@${name}`).join(', ')}, @source, @tenant_id, @now, @now)
    `),
    update: database.prepare<unknown[]>(`
      UPDATE relays SET ${columns.map((name) => `${name} = @${name}`).join(', ')}, updated_at = @now
      WHERE id = @id
    `),
    forgetHealth: database.prepare<[number]>(
      'UPDATE relays SET failures = 0, verified_at = NULL, last_error = NULL WHERE id = ?',
    ),
    dropDefault: database.prepare<[string | null, number]>(
      'UPDATE relays SET is_default = 0 WHERE tenant_id IS ? AND id <> ?',
    ),
    setHealth: database.prepare<[number, number | null, string | null, number, number]>(
      'UPDATE relays SET failures = ?, verified_at = ?, last_error = ?, last_used_at = ? WHERE id = ?',
    ),
    setDefault: database.prepare<[number]>('UPDATE relays SET is_default = 1 WHERE id = ?'),
    setPriority: database.prepare<[number, number]>('UPDATE relays SET priority = ? WHERE id = ?'),
    setDay: database.prepare<[number, number, number]>(
      'UPDATE relays SET day = ?, sent_today = ? WHERE id = ?',
    ),
    removeRow: database.prepare<[number]>('DELETE FROM relays WHERE id = ?'),
  }
}
