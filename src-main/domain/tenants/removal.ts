import type { Clock } from '../../base/clock.ts'
import { Fault } from '../../contract/faults.ts'
import type { TenantDeleted } from '../../contract/tenants.ts'
import type { CommitQueue } from '../../storage/commit-queue.ts'
import type { Database } from '../../storage/database.ts'
import type { Reader } from '../../storage/reader.ts'
import { consoleCaller, type LiveCaller } from '../auth/caller.ts'
import type { Keys } from '../auth/keys.ts'
import type { TenantRecords } from '../auth/tenant-records.ts'
import type { Indexing } from '../reading/indexing.ts'
import type { Relays } from '../relays/relays.ts'
import type { Webhooks } from '../webhooks/webhooks.ts'

type Removed = TenantDeleted['removed']

/** Messages per transaction: other writes come in between. */
const chunkSize = 500
const maxWebhooks = 100

export type TenantRemovalDeps = {
  readonly database: Database
  readonly queue: CommitQueue
  readonly reader: Reader
  readonly clock: Clock
  readonly records: TenantRecords
  readonly keys: Keys
  readonly relays: Relays
  readonly webhooks: Webhooks
  readonly indexing: Indexing
}

type RemovalContext = TenantRemovalDeps & {
  readonly statements: Statements
}

/**
 * Deletes a tenant: its keys and relays at once, then its mail and settings piece by piece. The next
 * start finishes a removal that the end of the process interrupted.
 */
export function createTenantRemoval(deps: TenantRemovalDeps) {
  const { database } = deps
  const statements = prepareStatements(database)
  const context: RemovalContext = { ...deps, statements }

  return {
    remove: (caller: LiveCaller, tenantId: string, isForced: boolean): Promise<TenantDeleted> =>
      removeTenant(context, caller, tenantId, isForced),

    async finish(): Promise<void> {
      for (const tenantId of statements.unfinished.all())
        await empty(context, tenantId, consoleCaller)
    },
  }
}

/** Counts accepted live mail that has not left yet. */
async function countWaiting({ reader }: RemovalContext, tenantId: string): Promise<number> {
  const row = await reader.first<{ count: number }>(
    `SELECT
       (SELECT count(*) FROM messages
        WHERE tenant_id = ? AND mode = 'live' AND status IN ('queued', 'sending'))
       + (SELECT count(*) FROM scheduled
          WHERE tenant_id = ? AND mode = 'live' AND status = 'scheduled')
       + (SELECT count(*) FROM job_recipients r JOIN jobs j ON j.id = r.job_id
          WHERE j.tenant_id = ? AND r.status = 'pending' AND j.status <> 'stopped') AS count`,
    tenantId,
    tenantId,
    tenantId,
  )
  return row?.count ?? 0
}

async function removeAllMessages(
  { queue, statements, indexing }: RemovalContext,
  tenantId: string,
): Promise<number> {
  let removed = 0
  for (;;) {
    const ids = await queue.write(() => statements.removeMessages.all(tenantId, chunkSize))
    if (ids.length === 0) return removed
    indexing.forget(ids)
    removed += ids.length
  }
}

async function removeWebhooks({ webhooks }: RemovalContext, by: LiveCaller): Promise<number> {
  const { data } = webhooks.list(by, { page: 1, limit: maxWebhooks })
  for (const { id } of data) await webhooks.remove(by, id)
  return data.length
}

async function empty(
  context: RemovalContext,
  tenantId: string,
  by: LiveCaller,
): Promise<Omit<Removed, 'api_keys' | 'relays'>> {
  const { queue, statements, clock } = context
  const removedWebhooks = await removeWebhooks(context, { ...by, tenantId })
  await queue.write(() => statements.removeSearches.run(tenantId))
  const rest = await queue.write(() => ({
    templates: statements.removeTemplates.run(tenantId).changes,
    jobs: statements.removeJobs.run(tenantId).changes,
    scheduled: statements.removeScheduled.run(tenantId).changes,
  }))
  const emails = await removeAllMessages(context, tenantId)
  await queue.write((transaction) => {
    statements.setEmptied.run(clock.now(), tenantId)
    if (emails === 0) return
    transaction.append({ type: 'inbox.changed', tenantId, data: { change: 'deleted' } })
  })
  return { webhooks: removedWebhooks, emails, ...rest }
}

async function removeTenant(
  context: RemovalContext,
  caller: LiveCaller,
  tenantId: string,
  isForced: boolean,
): Promise<TenantDeleted> {
  const { queue, keys, relays, statements, clock, records } = context
  const waiting = isForced ? 0 : await countWaiting(context, tenantId)
  if (waiting > 0) {
    throw new Fault(
      'conflict',
      `${waiting} live emails of this tenant are not delivered yet. Wait for them, or add ?force=true to delete them.`,
      { waiting },
    )
  }
  const gone = await queue.write((transaction) => {
    const revocation = keys.revokeAllOf(transaction, tenantId, caller)
    const relayIds = relays.override.removeAllOf(transaction, caller, tenantId)
    statements.setDeleted.run(clock.now(), tenantId)
    transaction.append({ type: 'tenant.deleted', tenantId, data: { by: caller.publicId } })
    return { revocation, relayIds }
  })
  gone.revocation.revoked()
  // Before the relays, whose reload wakes the dispatcher: a deleted tenant has no relays at all.
  records.reload()
  for (const id of gone.relayIds) relays.override.reload(id)
  const removed = {
    api_keys: gone.revocation.count,
    relays: gone.relayIds.length,
    ...(await empty(context, tenantId, caller)),
  }
  return { id: tenantId, deleted: true, removed }
}

type Statements = ReturnType<typeof prepareStatements>

function prepareStatements(database: Database) {
  return {
    setDeleted: database.prepare<[number, string]>(
      'UPDATE tenants SET deleted_at = ? WHERE id = ?',
    ),
    setEmptied: database.prepare<[number, string]>(
      'UPDATE tenants SET emptied_at = ? WHERE id = ?',
    ),
    unfinished: database
      .prepare<[], string>(
        'SELECT id FROM tenants WHERE deleted_at IS NOT NULL AND emptied_at IS NULL',
      )
      .pluck(),
    removeSearches: database.prepare<[string]>('DELETE FROM saved_searches WHERE tenant = ?'),
    removeTemplates: database.prepare<[string]>('DELETE FROM templates WHERE tenant_id = ?'),
    removeJobs: database.prepare<[string]>('DELETE FROM jobs WHERE tenant_id = ?'),
    removeScheduled: database.prepare<[string]>('DELETE FROM scheduled WHERE tenant_id = ?'),
    removeMessages: database
      .prepare<[string, number], number>(`
        DELETE FROM messages WHERE id IN (SELECT id FROM messages WHERE tenant_id = ? LIMIT ?)
        RETURNING id
      `)
      .pluck(),
  }
}
