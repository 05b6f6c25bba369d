import { Fault } from '../../contract/faults.ts'
import { type Caller, consoleCaller } from './caller.ts'
import type { KeyContext } from './create-key.ts'
import { refuseUnusable, unknownKey } from './key-rows.ts'

/**
 * The caller that a key stands for. Order of the checks: the key exists, is enabled, has not expired,
 * is allowed from this address. `hash`: `digestText` of the key.
 */
export function authenticate(
  { store, clock }: KeyContext,
  key: string,
  address: string,
  hash: string,
): Caller {
  const loaded = store.byHash.get(hash)
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
  if (secretEnd === null) return loaded.caller
  return { ...loaded.caller, expiresAt: Math.min(secretEnd, loaded.row.expires_at ?? Infinity) }
}

/** The caller for work that goes on after its request was answered; refuses an unusable key. */
export function callerOfKey({ store, clock }: KeyContext, keyId: number | null): Caller {
  if (keyId === null) return consoleCaller
  const loaded = store.byId.get(keyId)
  if (!loaded) throw new Fault('invalid_api_key', 'The key that asked for this is gone.')
  refuseUnusable(loaded.row, null, clock.now())
  return loaded.caller
}
