import { Fault } from '../../contract/faults.ts'
import type { Database } from '../../storage/database.ts'
import { type Caller, type LiveCaller, sees } from '../auth/caller.ts'
import { type DeliveryRow, emailColumns, type OwnedEmailRow } from './email-rows.ts'

export type EmailStore = ReturnType<typeof createEmailStore>

/** Messages and their recipients, as their sender may see them. */
export function createEmailStore(database: Database) {
  const byPublicId = database.prepare<[string], OwnedEmailRow>(
    `SELECT ${emailColumns}, tenant_id, options FROM messages WHERE public_id = ?`,
  )
  const rowIdOf = database
    .prepare<[string], number>('SELECT id FROM messages WHERE public_id = ?')
    .pluck()
  const deliveriesOf = database.prepare<[number], DeliveryRow>(`
    SELECT recipient, status, attempts, next_attempt_at, relay_id, last_reply, delivered_at
    FROM deliveries WHERE message_id = ? ORDER BY id
  `)

  function visible(caller: Caller, publicId: string): OwnedEmailRow | null {
    const row = byPublicId.get(publicId)
    return row && sees(caller, row) ? row : null
  }

  function find(caller: Caller, publicId: string): OwnedEmailRow {
    const row = visible(caller, publicId)
    if (row) return row
    throw new Fault('not_found', `There is no email ${publicId}.`)
  }

  return {
    visible,
    find,

    /** Refuses a captured message: reading it needs the permission for inboxes, not for logs. */
    findLive(caller: LiveCaller, publicId: string): OwnedEmailRow {
      const row = find(caller, publicId)
      if (row.mode === 'live') return row
      throw new Fault(
        'not_found',
        `The email ${publicId} was captured, not sent. Read it at /v1/inbox/${publicId}.`,
      )
    },

    deliveriesOf: (id: number): DeliveryRow[] => deliveriesOf.all(id),

    /** The position of a message in a list; 0 for an unknown id: nothing is older, everything newer. */
    positionOf: (publicId: string): number => rowIdOf.get(publicId) ?? 0,
  }
}
