import type { CreatedKey, Key, KeyChange } from '../../contract/keys.ts'
import type { Caller } from './caller.ts'
import type { KeyContext } from './create-key.ts'
import { findChangeableKey, storedChangeableKey } from './find-key.ts'
import { refuseWider } from './key-bounds.ts'
import { boundsAfter, toCaller, toWire } from './key-rows.ts'
import { makeSecret } from './key-secrets.ts'

export async function updateKey(
  { store, queue, clock }: KeyContext,
  caller: Caller,
  publicId: string,
  change: KeyChange,
): Promise<Key> {
  const found = findChangeableKey(store, caller, publicId, 'changed')
  await queue.write((transaction) => {
    const row = storedChangeableKey(store, caller, found)
    const bounds = boundsAfter(toCaller(row), change)
    refuseWider(caller, bounds)
    store.update({
      id: row.id,
      name: change.name ?? row.name,
      enabled: change.enabled === undefined ? row.enabled : Number(change.enabled),
      bounds,
    })
    transaction.append({
      type: 'key.updated',
      keyId: row.id,
      tenantId: row.tenant_id,
      data: { changed: Object.keys(change), by: caller.publicId },
    })
  })
  return toWire(store.reload(found.row.id), clock.now())
}

/** Makes a new secret, which is in this reply only; the old one works for the grace period. */
export async function rotateKey(
  { store, queue, clock }: KeyContext,
  caller: Caller,
  publicId: string,
  graceSeconds: number,
): Promise<CreatedKey> {
  const found = findChangeableKey(store, caller, publicId, 'rotated')
  const { row } = found
  const family = row.prefix.startsWith('sk_') ? 'sk' : 'ms'
  const secret = makeSecret(family, row.mode, row.public_id.slice('key_'.length))
  const now = clock.now()
  await queue.write((transaction) => {
    storedChangeableKey(store, caller, found)
    store.replaceSecret(row.id, secret, now, now + graceSeconds * 1000)
    transaction.append({
      type: 'key.rotated',
      keyId: row.id,
      tenantId: row.tenant_id,
      data: { grace_seconds: graceSeconds, by: caller.publicId },
    })
  })
  return { ...toWire(store.reload(row.id), clock.now()), key: secret.key }
}
