import type { Clock } from '../../base/clock.ts'
import { randomBase62 } from '../../base/ids.ts'
import type { Key, KeyChange, KeyMode, NewKey } from '../../contract/keys.ts'
import type { CommitQueue, Transaction } from '../../storage/commit-queue.ts'
import type { Database } from '../../storage/database.ts'
import { authenticate, callerOfKey } from './authenticate.ts'
import { type Caller, consoleCaller } from './caller.ts'
import { rotateKey, updateKey } from './change-key.ts'
import { createKey, type KeyContext } from './create-key.ts'
import { findKey } from './find-key.ts'
import { makeFirstKeys } from './first-keys.ts'
import { isVisible, type LoadedKey, toWire } from './key-rows.ts'
import { digestText, resemblesKey } from './key-secrets.ts'
import { createKeyStore } from './key-store.ts'
import { revokeKey, revokeKeysOfTenant } from './revoke-key.ts'
import type { TenantRecords } from './tenant-records.ts'

export type Keys = ReturnType<typeof createKeys>

type KeyDeps = {
  readonly database: Database
  readonly queue: CommitQueue
  readonly clock: Clock
  readonly version: string
  readonly tenantRecords: TenantRecords
}

/** API keys: each use case is a function of its own, in the file named after it. */
export function createKeys({ database, queue, clock, version, tenantRecords }: KeyDeps) {
  const store = createKeyStore(database)
  const context: KeyContext = { store, queue, clock, tenantRecords }
  const { byId } = store
  const usedIds = new Set<number>()
  let consoleHash: string | null = null

  const visible = (caller: Caller): LoadedKey[] =>
    [...byId.values()].filter(({ row }) => isVisible(caller, row))

  return {
    create: (caller: Caller, input: NewKey) => createKey(context, caller, input),
    update: (caller: Caller, publicId: string, change: KeyChange) =>
      updateKey(context, caller, publicId, change),
    rotate: (caller: Caller, publicId: string, graceSeconds: number) =>
      rotateKey(context, caller, publicId, graceSeconds),
    revoke: (caller: Caller, publicId: string) => revokeKey(context, caller, publicId),
    revokeAllOf: (transaction: Transaction, tenantId: string, by: Caller) =>
      revokeKeysOfTenant(context, transaction, tenantId, by),

    /** Newest first. */
    list: (caller: Caller): Key[] =>
      visible(caller)
        .map((loaded) => toWire(loaded, clock.now()))
        .reverse(),
    get: (caller: Caller, publicId: string): Key =>
      toWire(findKey(store, caller, publicId), clock.now()),
    /** The keys of `list` as callers. */
    callers: (caller: Caller): Caller[] => visible(caller).map((loaded) => loaded.caller),

    /** The digest that `authenticate` looks up; a client of one key over many requests keeps it. */
    hashOf: digestText,
    authenticate(key: string, address: string, hash = digestText(key)): Caller {
      if (hash === consoleHash) return consoleCaller
      const caller = authenticate(context, key, address, hash)
      if (caller.keyId !== null) usedIds.add(caller.keyId)
      return caller
    },
    /** True also for a revoked key and for a former `API_KEY`. */
    isKeyOrLike: (text: string): boolean =>
      resemblesKey(text) || store.byHash.has(digestText(text)),
    callerOf: (keyId: number | null): Caller => callerOfKey(context, keyId),

    /** Every key that is neither revoked nor switched off, for alerts. */
    watched: () =>
      [...byId.values()]
        .filter(({ row }) => row.revoked_at === null && row.enabled === 1)
        .map(({ row, caller }) => ({ caller, id: row.id, expiresAt: row.expires_at })),

    nameOf: (id: number): { publicId: string; name: string } | null => {
      const row = byId.get(id)?.row
      return row ? { publicId: row.public_id, name: row.name } : null
    },
    modeOf: (id: number): KeyMode | null => byId.get(id)?.row.mode ?? null,
    idOf(publicId: string): number | null {
      for (const { row } of byId.values()) if (row.public_id === publicId) return row.id
      return null
    },

    session: (caller: Caller) => toSession(caller, version),

    /** Saves when keys were last used; called once per batch of requests. */
    saveLastUsed(): void {
      for (const id of usedIds) {
        const { lastUsedAt = null, lastUsedFrom = null } = byId.get(id) ?? {}
        if (lastUsedAt !== null) store.setUsed(id, lastUsedAt, lastUsedFrom)
      }
      usedIds.clear()
    },

    /** Makes the key of the window: a new one at each start, never stored. */
    makeConsoleKey(): string {
      const key = `ms_console_${randomBase62(32)}`
      consoleHash = digestText(key)
      return key
    },
    bootstrap: (environmentKey: string | null) => makeFirstKeys(context, environmentKey),
  }
}

/** A key as its own holder sees it. */
const toSession = ({ publicId, name, mode, permissions }: Caller, version: string) => ({
  key_id: publicId,
  name,
  mode,
  permissions: [...permissions],
  version,
})
