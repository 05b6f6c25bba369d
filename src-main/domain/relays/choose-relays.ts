import { Fault } from '../../contract/faults.ts'
import { type Caller, isOfTenant } from '../auth/caller.ts'
import type { TenantRecords } from '../auth/tenant-records.ts'
import type { MailQueue } from './delivery-queues.ts'
import { type RelayRow, relayId } from './rows.ts'
import type { RelayStore } from './store.ts'

export type RelayChoice = ReturnType<typeof createRelayChoice>

type ChoiceDeps = { readonly store: RelayStore; readonly tenantRecords: TenantRecords }

/** The relays that a caller may see, and those that mail may leave through. */
export function createRelayChoice({ store, tenantRecords }: ChoiceDeps) {
  function visible(caller: Caller): RelayRow[] {
    return store.all().filter((row) => isOfTenant(caller, row.tenant_id))
  }

  /** The relays of a tenant, or of the installation. */
  const ownedBy = (tenantId: string | null): RelayRow[] =>
    store.all().filter((row) => row.tenant_id === tenantId)

  /**
   * A tenant uses its own relays, or those of the installation if it has none. A deleted tenant has no
   * relays at all: its mail is removed piece by piece, and must not leave meanwhile.
   */
  function usable(tenantId: string | null): RelayRow[] {
    if (tenantId !== null && tenantRecords.find(tenantId) === null) return []
    const own = ownedBy(tenantId)
    return own.length > 0 ? own : ownedBy(null)
  }

  return {
    visible,
    ownedBy,
    usable,

    /** Usable relays in the order of attempts; a relay that the sender chose comes first. */
    ordered: ({ tenantId, chosenId }: MailQueue): RelayRow[] =>
      usable(tenantId).toSorted((a, b) => Number(b.id === chosenId) - Number(a.id === chosenId)),

    find(caller: Caller, publicId: string): RelayRow {
      const row = visible(caller).find((candidate) => relayId(candidate.id) === publicId)
      if (!row) throw new Fault('not_found', `There is no relay ${publicId}.`)
      return row
    },

    /** The relay that a sender names (`3` or `relay_3`) among those it may use. */
    chosen(caller: Caller, reference: string): { id: number; from: string | null } {
      const row = usable(caller.tenantId).find(
        ({ id }) => reference === String(id) || reference === relayId(id),
      )
      if (row) return { id: row.id, from: row.from_email }
      throw new Fault('smtp_not_found', `There is no SMTP configuration ${reference.slice(0, 64)}.`)
    },

    defaultSender: (tenantId: string | null): string | null =>
      usable(tenantId).find((row) => row.from_email !== null)?.from_email ?? null,
  }
}

export function noRelay(): Fault {
  return new Fault(
    'relay_not_configured',
    'No SMTP relay is configured, so a live message cannot leave. Add a relay (screen Relays, or SMTP_HOST), or use a test key to capture it.',
  )
}
