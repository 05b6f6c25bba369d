import { addressFilter } from '../../base/ip-addresses.ts'
import type { Database } from '../../storage/database.ts'
import type { KeyBounds } from './key-bounds.ts'
import { type KeyRow, type LoadedKey, toCaller } from './key-rows.ts'
import { digest, type KeySecret } from './key-secrets.ts'

export type KeyStore = ReturnType<typeof createKeyStore>

export type NewKeyRow = Pick<KeyRow, 'name' | 'source'> & {
  readonly bounds: KeyBounds
  readonly secret: KeySecret
  readonly createdAt: number
}

export type ChangedKey = Pick<KeyRow, 'id' | 'name' | 'enabled'> & { readonly bounds: KeyBounds }

/**
 * The rows of keys, all of them in memory by secret and by id, so that a request reads no table.
 * Writes belong into a transaction; `reload` follows its commit.
 */
export function createKeyStore(database: Database) {
  const statements = prepareStatements(database)
  const byHash = new Map<string, LoadedKey>()
  const byId = new Map<number, LoadedKey>()
  for (const row of statements.selectAll.all()) load(row)

  function load(row: KeyRow): LoadedKey {
    const ips = JSON.parse(row.allowed_ips) as string[]
    const known = byId.get(row.id)
    for (const { hash } of known?.secrets ?? []) byHash.delete(hash)
    const loaded: LoadedKey = {
      row,
      caller: toCaller(row),
      allows: ips.length > 0 ? addressFilter(ips) : null,
      secrets: statements.selectSecrets
        .all(row.id)
        .map(({ hash, expires_at }) => ({ hash: hash.toString('latin1'), expiresAt: expires_at })),
      lastUsedAt: known?.lastUsedAt ?? row.last_used_at,
      lastUsedFrom: known?.lastUsedFrom ?? row.last_used_from,
    }
    byId.set(row.id, loaded)
    for (const { hash } of loaded.secrets) byHash.set(hash, loaded)
    return loaded
  }

  return {
    byHash: byHash as ReadonlyMap<string, LoadedKey>,
    byId: byId as ReadonlyMap<number, LoadedKey>,
    /** The row as the table has it, for use inside a transaction: memory follows after the commit. */
    stored: (id: number): KeyRow | undefined => statements.select.get(id),
    reload(id: number): LoadedKey {
      const row = statements.select.get(id)
      if (!row) throw new Error(`Key ${id} is gone`)
      return load(row)
    },

    insert: (key: NewKeyRow): number => insertKeyRow(statements, key),

    update: ({ id, name, enabled, bounds }: ChangedKey): void =>
      void statements.update.run(
        name,
        JSON.stringify(bounds.permissions),
        enabled,
        bounds.requestsPerMinute,
        bounds.emailsPerDay,
        bounds.inbox,
        JSON.stringify(bounds.allowedSenders),
        JSON.stringify(bounds.allowedIps),
        id,
      ),

    /** The new secret works at once, the old ones until `graceUntil`; those that ended are deleted. */
    replaceSecret(id: number, secret: KeySecret, now: number, graceUntil: number): void {
      statements.expireSecrets.run(graceUntil, id, graceUntil)
      statements.deleteExpired.run(id, now)
      statements.insertSecret.run(digest(secret.key), id)
      statements.setPrefix.run(secret.prefix, id)
    },

    setRevoked: (id: number, at: number | null): void => void statements.setRevoked.run(at, id),
    setUsed: (id: number, at: number, from: string | null): void =>
      void statements.setUsed.run(at, from, id),
  }
}

function insertKeyRow(
  statements: Statements,
  { name, source, bounds, secret, createdAt }: NewKeyRow,
): number {
  const { lastInsertRowid } = statements.insert.run(
    `key_${secret.keyId}`,
    secret.prefix,
    name,
    bounds.mode,
    JSON.stringify(bounds.permissions),
    source,
    bounds.tenantId,
    bounds.inbox,
    bounds.requestsPerMinute,
    bounds.emailsPerDay,
    JSON.stringify(bounds.allowedSenders),
    JSON.stringify(bounds.allowedIps),
    createdAt,
    bounds.expiresAt,
  )
  const id = Number(lastInsertRowid)
  statements.insertSecret.run(digest(secret.key), id)
  return id
}

type Statements = ReturnType<typeof prepareStatements>

function prepareStatements(database: Database) {
  return {
    select: database.prepare<[number], KeyRow>('SELECT * FROM keys WHERE id = ?'),
    selectAll: database.prepare<[], KeyRow>('SELECT * FROM keys ORDER BY id'),
    selectSecrets: database.prepare<[number], { hash: Buffer; expires_at: number | null }>(
      'SELECT hash, expires_at FROM key_secrets WHERE key_id = ?',
    ),
    insert: database.prepare(`
      INSERT INTO keys (
        public_id, prefix, name, mode, permissions, source, tenant_id, inbox,
        requests_per_minute, emails_per_day, allowed_senders, allowed_ips, created_at, expires_at
      ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    `),
    insertSecret: database.prepare<[Buffer, number]>(
      'INSERT INTO key_secrets (hash, key_id) VALUES (?, ?)',
    ),
    update: database.prepare(`
      UPDATE keys SET name = ?, permissions = ?, enabled = ?, requests_per_minute = ?,
        emails_per_day = ?, inbox = ?, allowed_senders = ?, allowed_ips = ?
      WHERE id = ?
    `),
    expireSecrets: database.prepare<[number, number, number]>(`
      UPDATE key_secrets SET expires_at = ?
      WHERE key_id = ? AND (expires_at IS NULL OR expires_at > ?)
    `),
    deleteExpired: database.prepare<[number, number]>(
      'DELETE FROM key_secrets WHERE key_id = ? AND expires_at <= ?',
    ),
    setPrefix: database.prepare<[string, number]>('UPDATE keys SET prefix = ? WHERE id = ?'),
    setRevoked: database.prepare<[number | null, number]>(
      'UPDATE keys SET revoked_at = ? WHERE id = ?',
    ),
    setUsed: database.prepare<[number, string | null, number]>(
      'UPDATE keys SET last_used_at = ?, last_used_from = ? WHERE id = ?',
    ),
  }
}
