import { Fault } from '../../contract/faults.ts'
import type { Caller } from './caller.ts'
import { refuseWider } from './key-bounds.ts'
import { isVisible, type KeyRow, type LoadedKey, toCaller } from './key-rows.ts'
import type { KeyStore } from './key-store.ts'

/** A key that this caller may see; any other answers 404. */
export function findKey(store: KeyStore, caller: Caller, publicId: string): LoadedKey {
  for (const loaded of store.byId.values()) {
    if (loaded.row.public_id === publicId && isVisible(caller, loaded.row)) return loaded
  }
  throw noKey(publicId)
}

/** A key that this caller may change: visible, and no wider than the caller itself. */
export function findChangeableKey(
  store: KeyStore,
  caller: Caller,
  publicId: string,
  action: 'changed' | 'rotated' | 'revoked',
): LoadedKey {
  const found = findKey(store, caller, publicId)
  if (found.row.source === 'environment') {
    throw new Fault(
      'conflict',
      `This key comes from API_KEY in the environment and cannot be ${action} here. Change API_KEY and restart.`,
    )
  }
  refuseWider(caller, found.caller)
  return found
}

/** The same key inside the transaction: a change that came first may have made it wider. */
export function storedChangeableKey(
  store: KeyStore,
  caller: Caller,
  { row: known }: LoadedKey,
): KeyRow {
  const row = store.stored(known.id)
  if (!row || !isVisible(caller, row)) throw noKey(known.public_id)
  refuseWider(caller, toCaller(row))
  return row
}

function noKey(publicId: string): Fault {
  return new Fault('not_found', `There is no API key ${publicId}. It may have been revoked.`)
}
