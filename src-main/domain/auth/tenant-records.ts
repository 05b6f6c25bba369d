import { Fault } from '../../contract/faults.ts'
import type { Database } from '../../storage/database.ts'

export type TenantRecords = ReturnType<typeof createTenantRecords>

export type TenantRow = {
  readonly id: string
  readonly name: string
  readonly domain: string | null
  readonly from_name: string | null
  readonly reply_to: string | null
  readonly requests_per_minute: number | null
  readonly emails_per_day: number | null
  readonly relay_id: number | null
  readonly created_at: number
  readonly updated_at: number
}

type Rates = { readonly requestsPerMinute: number | null; readonly emailsPerDay: number | null }

/** All tenants that are not deleted, in memory: keys, limits and sends read them often. */
export function createTenantRecords(database: Database) {
  const select = database.prepare<[], TenantRow>(
    'SELECT * FROM tenants WHERE deleted_at IS NULL ORDER BY rowid',
  )
  const load = () => new Map(select.all().map((row) => [row.id, row]))
  let rows = load()

  return {
    all: (): TenantRow[] => [...rows.values()],
    find: (id: string): TenantRow | null => rows.get(id) ?? null,

    require(id: string): TenantRow {
      const row = rows.get(id)
      if (row) return row
      throw new Fault('not_found', `There is no tenant ${id}. List the tenants to see their ids.`)
    },

    /** The limits of all keys of a tenant together. */
    ratesOf(id: string): Rates {
      const row = rows.get(id)
      return {
        requestsPerMinute: row?.requests_per_minute ?? null,
        emailsPerDay: row?.emails_per_day ?? null,
      }
    },

    /** Sender name and Reply-To of this tenant's mail, where a send gives none. */
    senderOf(id: string | null): {
      readonly fromName: string | null
      readonly replyTo: string | null
    } {
      const row = id === null ? undefined : rows.get(id)
      return { fromName: row?.from_name ?? null, replyTo: row?.reply_to ?? null }
    },

    /** Call this after a transaction that changed tenants. */
    reload(): void {
      rows = load()
    },
  }
}
