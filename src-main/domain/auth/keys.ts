import type { Clock } from '../../base/clock.ts'
import { randomBase62 } from '../../base/ids.ts'
import { Fault } from '../../contract/faults.ts'
import type { CreatedKey, Key, KeyChange, KeyMode, NewKey } from '../../contract/keys.ts'
import type { Permission } from '../../contract/permissions.ts'
import type { CommitQueue, Transaction } from '../../storage/commit-queue.ts'
import type { Database } from '../../storage/database.ts'
import { type Caller, consoleCaller, demand } from './caller.ts'
import { type KeyBounds, refuseWider } from './key-bounds.ts'
import { openKeyRing } from './key-ring.ts'
import {
  boundsAfter,
  boundsOf,
  isVisible,
  type KeyRow,
  type LoadedKey,
  refuseUnusable,
  toCaller,
  toWire,
  unknownKey,
} from './key-rows.ts'
import { digest, makeSecret } from './key-secrets.ts'
import type { TenantRecords } from './tenant-records.ts'

export type Keys = ReturnType<typeof createKeys>

const environmentKeyName = 'API_KEY (environment)'

const hashOf = (key: string): string => digest(key).toString('latin1')

type KeyDeps = {
  readonly database: Database
  readonly queue: CommitQueue
  readonly clock: Clock
  readonly version: string
  readonly tenantRecords: TenantRecords
}

/** API keys: made, found, checked, rotated, revoked. */
export function createKeys(deps: KeyDeps) {
  const { database, queue, clock, version, tenantRecords } = deps
  const { byHash, byId, stored, reload } = openKeyRing(database)
  const insertKey = database.prepare(`
    INSERT INTO keys (
      public_id, prefix, name, mode, permissions, source, tenant_id, inbox,
      requests_per_minute, emails_per_day, allowed_senders, allowed_ips, created_at, expires_at
    ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  `)
  const insertSecret = database.prepare<[Buffer, number]>(
    'INSERT INTO key_secrets (hash, key_id) VALUES (?, ?)',
  )
  const updateKey = database.prepare(`
    UPDATE keys SET name = ?, permissions = ?, enabled = ?, requests_per_minute = ?,
      emails_per_day = ?, inbox = ?, allowed_senders = ?, allowed_ips = ?
    WHERE id = ?
  `)
  const expireSecrets = database.prepare<[number, number, number]>(`
    UPDATE key_secrets SET expires_at = ? WHERE key_id = ? AND (expires_at IS NULL OR expires_at > ?)
  `)
  const dropExpiredSecrets = database.prepare<[number, number]>(
    'DELETE FROM key_secrets WHERE key_id = ? AND expires_at <= ?',
  )
  const setPrefix = database.prepare<[string, number]>('UPDATE keys SET prefix = ? WHERE id = ?')
  const setRevoked = database.prepare<[number, number]>(
    'UPDATE keys SET revoked_at = ? WHERE id = ?',
  )
  const setUsed = database.prepare<[number, string | null, number]>(
    'UPDATE keys SET last_used_at = ?, last_used_from = ? WHERE id = ?',
  )

  const used = new Set<number>()

  let consoleHash: string | null = null

  /** The key as this caller may see it; what it may not see is not there. */
  function find(caller: Caller, publicId: string): LoadedKey {
    for (const loaded of byId.values()) {
      if (loaded.row.public_id === publicId && isVisible(caller, loaded.row)) return loaded
    }
    throw noKey(publicId)
  }

  function refuseEnvironment({ row }: LoadedKey, action: string): void {
    if (row.source !== 'environment') return
    throw new Fault(
      'conflict',
      `This key comes from API_KEY in the environment and cannot be ${action} here. Change API_KEY and restart.`,
    )
  }

  async function insert(
    { name, source }: Pick<KeyRow, 'name' | 'source'>,
    bounds: KeyBounds,
    secret: { readonly key: string; readonly keyId: string; readonly prefix: string },
    by: Caller,
  ): Promise<LoadedKey> {
    const id = await queue.write((transaction) => {
      const { lastInsertRowid } = insertKey.run(
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
        clock.now(),
        bounds.expiresAt,
      )
      const keyId = Number(lastInsertRowid)
      insertSecret.run(digest(secret.key), keyId)
      transaction.append({
        type: 'key.created',
        keyId,
        tenantId: bounds.tenantId,
        data: { mode: bounds.mode, by: by.publicId },
      })
      return keyId
    })
    return reload(id)
  }

  /** The key as this caller may change it: found, and no wider than the caller itself. */
  function findWithin(caller: Caller, publicId: string, action: string): LoadedKey {
    const found = find(caller, publicId)
    refuseEnvironment(found, action)
    refuseWider(caller, found.caller)
    return found
  }

  /** The same key inside a transaction: a change that came first may have made it wider. */
  function storedWithin(caller: Caller, { row: known }: LoadedKey): KeyRow {
    const row = stored(known.id)
    if (!row || !isVisible(caller, row)) throw noKey(known.public_id)
    refuseWider(caller, toCaller(row))
    return row
  }

  return {
    async create(caller: Caller, input: NewKey): Promise<CreatedKey> {
      demand(caller, 'api-keys:write')
      const bounds = boundsOf(caller, input, clock.now())
      refuseWider(caller, bounds)
      if (bounds.tenantId !== null) tenantRecords.demand(bounds.tenantId)
      const secret = makeSecret(input.prefix, input.mode)
      const loaded = await insert({ name: input.name, source: 'created' }, bounds, secret, caller)
      return { ...toWire(loaded, clock.now()), key: secret.key }
    },

    list(caller: Caller): Key[] {
      return [...byId.values()]
        .filter(({ row }) => isVisible(caller, row))
        .map((loaded) => toWire(loaded, clock.now()))
        .reverse()
    },

    /** Those whom `list` shows, as the doors know them. */
    callers: (caller: Caller): Caller[] =>
      [...byId.values()].filter(({ row }) => isVisible(caller, row)).map((loaded) => loaded.caller),

    get: (caller: Caller, publicId: string): Key => toWire(find(caller, publicId), clock.now()),

    async update(caller: Caller, publicId: string, change: KeyChange): Promise<Key> {
      const found = findWithin(caller, publicId, 'changed')
      await queue.write((transaction) => {
        const row = storedWithin(caller, found)
        const after = boundsAfter(toCaller(row), change)
        refuseWider(caller, after)
        updateKey.run(
          change.name ?? row.name,
          JSON.stringify(after.permissions),
          change.enabled === undefined ? row.enabled : Number(change.enabled),
          after.requestsPerMinute,
          after.emailsPerDay,
          after.inbox,
          JSON.stringify(after.allowedSenders),
          JSON.stringify(after.allowedIps),
          row.id,
        )
        transaction.append({
          type: 'key.updated',
          keyId: row.id,
          tenantId: row.tenant_id,
          data: { changed: Object.keys(change), by: caller.publicId },
        })
      })
      return toWire(reload(found.row.id), clock.now())
    },

    async rotate(caller: Caller, publicId: string, graceSeconds: number): Promise<CreatedKey> {
      const found = findWithin(caller, publicId, 'rotated')
      const { row } = found
      const family = row.prefix.startsWith('sk_') ? 'sk' : 'ms'
      const secret = makeSecret(family, row.mode, row.public_id.slice('key_'.length))
      const now = clock.now()
      await queue.write((transaction) => {
        storedWithin(caller, found)
        const graceUntil = now + graceSeconds * 1000
        expireSecrets.run(graceUntil, row.id, graceUntil)
        dropExpiredSecrets.run(row.id, now)
        insertSecret.run(digest(secret.key), row.id)
        setPrefix.run(secret.prefix, row.id)
        transaction.append({
          type: 'key.rotated',
          keyId: row.id,
          tenantId: row.tenant_id,
          data: { grace_seconds: graceSeconds, by: caller.publicId },
        })
      })
      return { ...toWire(reload(row.id), clock.now()), key: secret.key }
    },

    async revoke(caller: Caller, publicId: string): Promise<{ id: string; revoked: true }> {
      const found = findWithin(caller, publicId, 'revoked')
      await queue.write((transaction) => revokeIn(transaction, storedWithin(caller, found), caller))
      reload(found.row.id)
      return { id: publicId, revoked: true }
    },

    /** Of a tenant that goes: inside its transaction; `revoked` takes effect when called after it. */
    revokeAllOf(transaction: Transaction, tenantId: string, by: Caller) {
      const rows = [...byId.values()].flatMap(({ row, caller }) => {
        if (row.tenant_id !== tenantId || row.revoked_at !== null) return []
        refuseWider(by, caller)
        return [row]
      })
      for (const row of rows) revokeIn(transaction, row, by)
      return {
        count: rows.length,
        revoked(): void {
          for (const { id } of rows) reload(id)
        },
      }
    },

    /** What `authenticate` looks for; whoever asks for one key again and again keeps it. */
    hashOf,

    /** Who a key is. Order: exists, enabled, not expired, allowed from here. */
    authenticate(key: string, address: string, hash = hashOf(key)): Caller {
      if (hash === consoleHash) return consoleCaller
      const loaded = byHash.get(hash)
      if (!loaded) throw unknownKey(key)
      const secretEnd = loaded.secrets.find((secret) => secret.hash === hash)?.expiresAt ?? null
      refuseUnusable(loaded.row, secretEnd, clock.now())
      if (loaded.allows && !loaded.allows(address)) {
        throw new Fault(
          'address_not_allowed',
          `This key may not be used from ${address}. Its allowed_ips name the addresses it works from.`,
        )
      }
      loaded.lastUsedAt = clock.now()
      loaded.lastUsedFrom = address
      used.add(loaded.row.id)
      if (secretEnd === null) return loaded.caller
      return { ...loaded.caller, expiresAt: Math.min(secretEnd, loaded.row.expires_at ?? Infinity) }
    },

    /** On whose behalf work goes on after the request was answered; refuses like the door would. */
    callerOf(keyId: number | null): Caller {
      if (keyId === null) return consoleCaller
      const loaded = byId.get(keyId)
      if (!loaded) throw new Fault('invalid_api_key', 'The key that asked for this is gone.')
      refuseUnusable(loaded.row, null, clock.now())
      return loaded.caller
    },

    /** Every key that is not revoked or switched off, for those who watch over them. */
    watched: () =>
      [...byId.values()]
        .filter(({ row }) => row.revoked_at === null && row.enabled === 1)
        .map(({ row, caller }) => ({ caller, id: row.id, expiresAt: row.expires_at })),

    /** The caller behind an id, for logs and rollups. */
    nameOf: (id: number): { publicId: string; name: string } | null => {
      const row = byId.get(id)?.row
      return row ? { publicId: row.public_id, name: row.name } : null
    },

    modeOf: (id: number): KeyMode | null => byId.get(id)?.row.mode ?? null,

    idOf(publicId: string): number | null {
      for (const { row } of byId.values()) if (row.public_id === publicId) return row.id
      return null
    },

    session: (caller: Caller) => ({
      key_id: caller.publicId,
      name: caller.name,
      mode: caller.mode,
      permissions: [...caller.permissions],
      version,
    }),

    /** Writes down when keys were last used; called with a batch of requests, not with each. */
    saveLastUsed(): void {
      for (const id of used) {
        const { lastUsedAt = null, lastUsedFrom = null } = byId.get(id) ?? {}
        if (lastUsedAt !== null) setUsed.run(lastUsedAt, lastUsedFrom, id)
      }
      used.clear()
    },

    /** The window's own key: made anew at each start, never stored. */
    makeConsoleKey(): string {
      const key = `ms_console_${randomBase62(32)}`
      consoleHash = hashOf(key)
      return key
    },

    /**
     * The keys of the first start: an admin key unless the environment brings one, and a test key.
     * On later starts only a changed `API_KEY` is taken over; the former one stops working.
     */
    async bootstrap(environmentKey: string | null) {
      const isFirst = byId.size === 0
      await takeEnvironmentKey(environmentKey)
      if (!isFirst) return null
      const make = async (name: string, mode: KeyMode, permissions: readonly Permission[]) => {
        const secret = makeSecret('ms', mode)
        const bounds = { ...consoleCaller, mode, permissions }
        await insert({ name, source: 'created' }, bounds, secret, consoleCaller)
        return secret.key
      }
      return {
        admin: environmentKey === null ? await make('Admin', 'live', ['*']) : null,
        test: await make('First test key', 'test', [
          'send',
          'inbox:read',
          'inbox:write',
          'logs:read',
        ]),
      }
    },
  }

  async function takeEnvironmentKey(key: string | null): Promise<void> {
    const hash = key === null ? null : hashOf(key)
    for (const loaded of [...byId.values()]) {
      const { row, secrets } = loaded
      if (row.source !== 'environment' || row.revoked_at !== null) continue
      if (secrets.some((secret) => secret.hash === hash)) return
      await revokeRow(row, consoleCaller)
    }
    if (key === null || hash === null) return
    const known = byHash.get(hash)
    if (known) {
      // The same string as before, taken out of the environment and put back.
      if (known.row.source === 'environment') await unrevoke(known.row)
      return
    }
    const secret = { key, keyId: randomBase62(8), prefix: `${key.slice(0, 4)}…` }
    const named = { name: environmentKeyName, source: 'environment' } as const
    await insert(named, consoleCaller, secret, consoleCaller)
  }

  async function unrevoke(row: KeyRow): Promise<void> {
    await queue.write((transaction) => {
      database.prepare<[number]>('UPDATE keys SET revoked_at = NULL WHERE id = ?').run(row.id)
      transaction.append({
        type: 'key.created',
        keyId: row.id,
        data: { by: consoleCaller.publicId },
      })
    })
    reload(row.id)
  }

  async function revokeRow(row: KeyRow, by: Caller): Promise<void> {
    await queue.write((transaction) => revokeIn(transaction, row, by))
    reload(row.id)
  }

  function revokeIn(transaction: Transaction, row: KeyRow, by: Caller): void {
    setRevoked.run(clock.now(), row.id)
    transaction.append({
      type: 'key.revoked',
      keyId: row.id,
      tenantId: row.tenant_id,
      data: { by: by.publicId },
    })
  }
}

function noKey(publicId: string): Fault {
  return new Fault('not_found', `There is no API key ${publicId}. It may have been revoked.`)
}
