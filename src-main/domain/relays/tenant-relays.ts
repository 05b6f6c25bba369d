import type { NewRelay, Relay, RelayChange } from '../../contract/relays.ts'
import type { Transaction } from '../../storage/commit-queue.ts'
import { type LiveCaller, requirePermission } from '../auth/caller.ts'
import { appendChange, type RelayContext, removeIn } from './change-relays.ts'

/** A password that is left out stays. */
export type RelayOverride = Omit<NewRelay, 'password'> & Pick<RelayChange, 'password'>

/** The relay of a tenant's `smtp`, for the domain of tenants: inside its transactions. */
export function createTenantRelays({ store, choice, views, reload }: RelayContext) {
  return {
    get: (id: number | null): Relay | null => {
      const row = store.find(id)
      return row ? views.one(row) : null
    },

    /** Changes the relay `known`, or creates one; returns its id. */
    put(
      transaction: Transaction,
      by: LiveCaller,
      tenantId: string,
      known: number | null,
      input: RelayOverride,
    ): number {
      requirePermission(by, 'relays:write')
      const row = store.find(known)
      if (row) store.update(row, input)
      const { password = null } = input
      const made = row ?? store.insert({ ...input, password }, 'created', tenantId)
      appendChange(transaction, row ? 'relay.updated' : 'relay.created', made, by)
      return made.id
    },

    remove(transaction: Transaction, by: LiveCaller, id: number): void {
      requirePermission(by, 'relays:write')
      const row = store.find(id)
      if (row) removeIn(store, transaction, by, row)
    },

    /** Removes all relays of a tenant that is deleted; returns their ids. */
    removeAllOf(transaction: Transaction, by: LiveCaller, tenantId: string): number[] {
      const own = choice.ownedBy(tenantId)
      for (const row of own) removeIn(store, transaction, by, row)
      return own.map(({ id }) => id)
    },

    /** Call this after the commit. */
    reload,
  }
}
