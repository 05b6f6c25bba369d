import type { Database, Statement } from '../../storage/database.ts'

/** The mail of one tenant with the same chosen relay: it may leave through the same relays. */
export type MailQueue = {
  readonly tenantId: string | null
  readonly chosenId: number | null
}

export type DueQueue = MailQueue & { readonly dueAt: number }

export type DeliveryQueues = ReturnType<typeof createDeliveryQueues>

type Key = readonly [tenant: string, relayChoice: number]
type Row = { readonly tenant: string; readonly choice: number }

type Steps<R> = {
  readonly ofTenant: Statement<[string, number], R>
  readonly ofNextTenant: Statement<[string], R>
}

/** The count of waiting recipients stops here. */
export const maxCounted = 1000

export const keyOf = ({ tenantId, chosenId }: MailQueue): Key => [tenantId ?? '', chosenId ?? 0]

/** Finds the queues with mail, by one index lookup per queue, however much mail there is. */
export function createDeliveryQueues(database: Database) {
  // A comparison of both columns at once would read through all rows of the queue before.
  const statements = <R extends Row>(columns: string, where: string) => ({
    ofTenant: database.prepare<[string, number], R>(`
      SELECT ${columns} FROM deliveries WHERE ${where} AND tenant = ? AND relay_choice > ?
      ORDER BY relay_choice, next_attempt_at LIMIT 1
    `),
    ofNextTenant: database.prepare<[string], R>(`
      SELECT ${columns} FROM deliveries WHERE ${where} AND tenant > ?
      ORDER BY tenant, relay_choice, next_attempt_at LIMIT 1
    `),
  })
  const key = 'tenant, relay_choice AS choice'
  const due = statements<Row & { dueAt: number }>(
    `${key}, next_attempt_at AS dueAt`,
    'next_attempt_at IS NOT NULL',
  )
  const awaiting = statements<Row>(key, 'awaits_relay = 1')
  const countWaiting = database
    .prepare<[string, number, number, string, number], number>(`
      SELECT count(*) FROM (
        SELECT 1 FROM deliveries INDEXED BY deliveries_queue
        WHERE tenant = ? AND relay_choice = ? AND next_attempt_at <= ?
        UNION ALL
        SELECT 1 FROM deliveries INDEXED BY deliveries_awaiting
        WHERE awaits_relay = 1 AND tenant = ? AND relay_choice = ?
        LIMIT ${maxCounted}
      )
    `)
    .pluck()

  function each<R extends Row>({ ofTenant, ofNextTenant }: Steps<R>): R[] {
    const found: R[] = []
    let row = ofTenant.get('', -1) ?? ofNextTenant.get('')
    while (row) {
      found.push(row)
      row = ofTenant.get(row.tenant, row.choice) ?? ofNextTenant.get(row.tenant)
    }
    return found
  }

  return {
    /** Queues with mail that is due now or later, with the earliest time of each. */
    pending: (): DueQueue[] => each(due).map((row) => ({ ...toQueue(row), dueAt: row.dueAt })),

    /** Queues with recipients that were deferred because no relay answered. */
    awaiting: (): MailQueue[] => each(awaiting).map(toQueue),

    /** Recipients that wait for nothing but a relay, up to 1000. */
    waitingIn(queue: MailQueue, now: number): number {
      const key = keyOf(queue)
      return countWaiting.get(...key, now, ...key) ?? 0
    },
  }
}

function toQueue({ tenant, choice }: Row): MailQueue {
  return { tenantId: tenant === '' ? null : tenant, chosenId: choice === 0 ? null : choice }
}
