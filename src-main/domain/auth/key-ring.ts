import { addressFilter } from '../../base/ip-addresses.ts'
import type { Database } from '../../storage/database.ts'
import { type KeyRow, type LoadedKey, toCaller } from './key-rows.ts'

/** Every key in memory, by its secrets and by its number, so that a request asks no database. */
export function openKeyRing(database: Database) {
  const selectKey = database.prepare<[number], KeyRow>('SELECT * FROM keys WHERE id = ?')
  const selectKeys = database.prepare<[], KeyRow>('SELECT * FROM keys ORDER BY id')
  const selectSecrets = database.prepare<[number], { hash: Buffer; expires_at: number | null }>(
    'SELECT hash, expires_at FROM key_secrets WHERE key_id = ?',
  )
  const byHash = new Map<string, LoadedKey>()
  const byId = new Map<number, LoadedKey>()
  for (const row of selectKeys.all()) load(row)

  function load(row: KeyRow): LoadedKey {
    const ips = JSON.parse(row.allowed_ips) as string[]
    const known = byId.get(row.id)
    for (const { hash } of known?.secrets ?? []) byHash.delete(hash)
    const loaded: LoadedKey = {
      row,
      caller: toCaller(row),
      allows: ips.length > 0 ? addressFilter(ips) : null,
      secrets: selectSecrets
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
    /** As it is in the table, for use inside a transaction: memory follows after the commit. */
    stored: (id: number): KeyRow | undefined => selectKey.get(id),
    /** Reads a key anew after it was written. */
    reload(id: number): LoadedKey {
      const row = selectKey.get(id)
      if (!row) throw new Error(`Key ${id} is gone`)
      return load(row)
    },
  }
}
