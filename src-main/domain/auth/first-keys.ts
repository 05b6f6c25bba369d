import { randomBase62 } from '../../base/ids.ts'
import type { KeyMode } from '../../contract/keys.ts'
import type { Permission } from '../../contract/permissions.ts'
import { consoleCaller } from './caller.ts'
import { insertKey, type KeyContext } from './create-key.ts'
import type { KeyRow } from './key-rows.ts'
import { digestText, makeSecret } from './key-secrets.ts'
import { revokeIn } from './revoke-key.ts'

const environmentKeyName = 'API_KEY (environment)'

/**
 * Makes the keys of the first start: a test key, and an admin key unless the environment has one.
 * Later starts only replace a changed `API_KEY`; the former one stops working.
 */
export async function makeFirstKeys(context: KeyContext, environmentKey: string | null) {
  const isFirst = context.store.byId.size === 0
  await applyEnvironmentKey(context, environmentKey)
  if (!isFirst) return null
  const make = async (name: string, mode: KeyMode, permissions: readonly Permission[]) => {
    const secret = makeSecret('ms', mode)
    const bounds = { ...consoleCaller, mode, permissions }
    await insertKey(context, { name, source: 'created', bounds, secret }, consoleCaller)
    return secret.key
  }
  const testPermissions = ['send', 'inbox:read', 'inbox:write', 'logs:read'] as const
  return {
    admin: environmentKey === null ? await make('Admin', 'live', ['*']) : null,
    test: await make('First test key', 'test', testPermissions),
  }
}

async function applyEnvironmentKey(context: KeyContext, key: string | null): Promise<void> {
  const { store, queue } = context
  const hash = key === null ? null : digestText(key)
  for (const { row, secrets } of [...store.byId.values()]) {
    if (row.source !== 'environment' || row.revoked_at !== null) continue
    if (secrets.some((secret) => secret.hash === hash)) return
    await queue.write((transaction) => revokeIn(context, transaction, row, consoleCaller))
    store.reload(row.id)
  }
  if (key === null || hash === null) return
  const known = store.byHash.get(hash)
  if (known) {
    // The same key as before was removed from the environment and set again.
    if (known.row.source === 'environment') await restoreKey(context, known.row)
    return
  }
  const secret = { key, keyId: randomBase62(8), prefix: `${key.slice(0, 4)}…` }
  const made = { name: environmentKeyName, source: 'environment', bounds: consoleCaller } as const
  await insertKey(context, { ...made, secret }, consoleCaller)
}

async function restoreKey({ store, queue }: KeyContext, { id }: KeyRow): Promise<void> {
  await queue.write((transaction) => {
    store.setRevoked(id, null)
    transaction.append({ type: 'key.created', keyId: id, data: { by: consoleCaller.publicId } })
  })
  store.reload(id)
}
