import type { Transaction } from '../../storage/commit-queue.ts'
import type { Caller } from './caller.ts'
import type { KeyContext } from './create-key.ts'
import { findChangeableKey, storedChangeableKey } from './find-key.ts'
import { refuseWider } from './key-bounds.ts'
import type { KeyRow } from './key-rows.ts'

export async function revokeKey(
  context: KeyContext,
  caller: Caller,
  publicId: string,
): Promise<{ id: string; revoked: true }> {
  const { store, queue } = context
  const found = findChangeableKey(store, caller, publicId, 'revoked')
  await queue.write((transaction) =>
    revokeIn(context, transaction, storedChangeableKey(store, caller, found), caller),
  )
  store.reload(found.row.id)
  return { id: publicId, revoked: true }
}

/** Revokes all keys of a tenant that is deleted. Call `revoked` after the commit. */
export function revokeKeysOfTenant(
  context: KeyContext,
  transaction: Transaction,
  tenantId: string,
  by: Caller,
) {
  const rows = [...context.store.byId.values()].flatMap(({ row, caller }) => {
    if (row.tenant_id !== tenantId || row.revoked_at !== null) return []
    refuseWider(by, caller)
    return [row]
  })
  for (const row of rows) revokeIn(context, transaction, row, by)
  return {
    count: rows.length,
    revoked(): void {
      for (const { id } of rows) context.store.reload(id)
    },
  }
}

export function revokeIn(
  { store, clock }: KeyContext,
  transaction: Transaction,
  row: KeyRow,
  by: Caller,
): void {
  store.setRevoked(row.id, clock.now())
  transaction.append({
    type: 'key.revoked',
    keyId: row.id,
    tenantId: row.tenant_id,
    data: { by: by.publicId },
  })
}
