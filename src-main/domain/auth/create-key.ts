import type { Clock } from '../../base/clock.ts'
import type { CreatedKey, NewKey } from '../../contract/keys.ts'
import type { CommitQueue } from '../../storage/commit-queue.ts'
import { type Caller, requirePermission } from './caller.ts'
import { refuseWider } from './key-bounds.ts'
import { boundsOf, type LoadedKey, toWire } from './key-rows.ts'
import { makeSecret } from './key-secrets.ts'
import type { KeyStore, NewKeyRow } from './key-store.ts'
import type { TenantRecords } from './tenant-records.ts'

export type KeyContext = {
  readonly store: KeyStore
  readonly queue: CommitQueue
  readonly clock: Clock
  readonly tenantRecords: TenantRecords
}

/** Creates a key that is no wider than the caller. Its secret is in this reply only. */
export async function createKey(
  context: KeyContext,
  caller: Caller,
  input: NewKey,
): Promise<CreatedKey> {
  const { clock, tenantRecords } = context
  requirePermission(caller, 'api-keys:write')
  const bounds = boundsOf(caller, input, clock.now())
  refuseWider(caller, bounds)
  if (bounds.tenantId !== null) tenantRecords.require(bounds.tenantId)
  const secret = makeSecret(input.prefix, input.mode)
  const made = { name: input.name, source: 'created' as const, bounds, secret }
  const loaded = await insertKey(context, made, caller)
  return { ...toWire(loaded, clock.now()), key: secret.key }
}

export async function insertKey(
  { store, queue, clock }: KeyContext,
  key: Omit<NewKeyRow, 'createdAt'>,
  by: Caller,
): Promise<LoadedKey> {
  const { mode, tenantId } = key.bounds
  const id = await queue.write((transaction) => {
    const keyId = store.insert({ ...key, createdAt: clock.now() })
    const data = { mode, by: by.publicId }
    transaction.append({ type: 'key.created', keyId, tenantId, data })
    return keyId
  })
  return store.reload(id)
}
