import { type Clock, iso } from '../../base/clock.ts'
import { Fault } from '../../contract/faults.ts'
import type { RestoredQueue as RestoredQueueWire } from '../../contract/storage.ts'
import type { CommitQueue, Transaction } from '../../storage/commit-queue.ts'
import type { Database } from '../../storage/database.ts'
import { untilReleased } from '../../storage/restored-queue.ts'
import { type LiveCaller, requireInstallation } from '../auth/caller.ts'
import { requireUnbound } from '../auth/key-bounds.ts'
import type { Deliveries } from '../delivery/deliveries.ts'
import type { Jobs } from '../jobs/jobs.ts'
import type { Sending } from '../messages/sending.ts'
import type { Webhooks } from '../webhooks/webhooks.ts'

export type RestoredQueue = ReturnType<typeof createRestoredQueue>

type Row = {
  readonly restored_at: number
  readonly kept_file: string | null
  readonly lost_messages: number | null
}

/** Messages per transaction, so that mail is accepted in between. */
const maxCancelled = 200

type RestoredDeps = {
  readonly database: Database
  readonly queue: CommitQueue
  readonly clock: Clock
  readonly deliveries: Deliveries
  readonly sending: Sending
  readonly jobs: Jobs
  readonly webhooks: Webhooks
}

type RestoredContext = RestoredDeps & {
  readonly statements: Statements
}

/** The queue of a restored backup. It is held, across restarts, until a person decides. */
export function createRestoredQueue(deps: RestoredDeps) {
  const { database, queue, clock, deliveries, sending, jobs, webhooks } = deps
  const statements = prepareStatements(database)
  const context: RestoredContext = { ...deps, statements }

  function wakeAll(): void {
    for (const { wake } of [deliveries, sending, jobs, webhooks]) wake()
  }

  return {
    state: (): RestoredQueueWire | null => state(context),

    /** The number of held messages of a tenant; null counts all. */
    heldFor: (tenantId: string | null): number => heldFor(context, tenantId),

    /** Releases the queue. Scheduled messages are still sent at their time. */
    async release(caller: LiveCaller): Promise<RestoredQueueWire> {
      const released = requireState(context, caller)
      await queue.write((transaction) => {
        end(context, transaction, 'released', caller)
        statements.releaseDeliveries.run(clock.now())
        statements.releaseWebhooks.run(clock.now(), untilReleased)
      })
      wakeAll()
      return released
    },

    /** Cancels everything in the held queue. */
    async cancel(caller: LiveCaller): Promise<RestoredQueueWire> {
      const cancelled = requireState(context, caller)
      for (const id of statements.heldJobs.all()) await jobs.act(caller, id, 'stop')
      for (const publicId of statements.heldScheduled.all()) await sending.cancel(caller, publicId)
      let count: number
      do {
        count = await queue.write((transaction) => {
          const ids = statements.heldMessages.all(maxCancelled)
          for (const id of ids) deliveries.cancel(transaction, id, caller)
          return ids.length
        })
      } while (count > 0)
      await queue.write((transaction) => {
        end(context, transaction, 'cancelled', caller)
        statements.cancelWebhooks.run(untilReleased)
      })
      wakeAll()
      return cancelled
    },
  }
}

function state(context: RestoredContext): RestoredQueueWire | null {
  const { statements } = context
  const row = statements.select.get()
  if (!row) return null
  return {
    restored_at: iso(row.restored_at),
    kept_file: row.kept_file,
    lost_messages: row.lost_messages,
    held: {
      messages: heldFor(context, null),
      jobs: statements.heldJobs.all().length,
      webhook_deliveries: statements.countWebhooks.get(untilReleased) ?? 0,
    },
  }
}

function requireState(context: RestoredContext, caller: LiveCaller): RestoredQueueWire {
  requireInstallation(caller, 'decide about the queue of a restored backup')
  requireUnbound(caller, 'release or cancel the queue of a restored backup')
  const found = state(context)
  if (found) return found
  throw new Fault('not_found', 'There is no held queue of a restored backup.')
}

function end(
  context: RestoredContext,
  transaction: Transaction,
  type: 'released' | 'cancelled',
  by: LiveCaller,
): void {
  const { statements } = context
  const { held } = requireState(context, by)
  for (const statement of statements.forget) statement.run()
  transaction.append({ type: `restore.${type}`, data: { ...held, by: by.publicId } })
}

function heldFor({ statements }: RestoredContext, tenantId: string | null): number {
  return (
    (statements.countMessages.get(tenantId, tenantId) ?? 0) +
    (statements.countScheduled.get(tenantId, tenantId) ?? 0)
  )
}

type Statements = ReturnType<typeof prepareStatements>

function prepareStatements(database: Database) {
  return {
    select: database.prepare<[], Row>(
      'SELECT restored_at, kept_file, lost_messages FROM restored_queue',
    ),
    heldMessages: database
      .prepare<[number], number>(
        'SELECT DISTINCT message_id FROM deliveries WHERE held = 2 ORDER BY message_id LIMIT ?',
      )
      .pluck(),
    countMessages: database
      .prepare<[string | null, string | null], number>(`
        SELECT count(DISTINCT d.message_id) FROM deliveries d JOIN messages m ON m.id = d.message_id
        WHERE d.held = 2 AND (? IS NULL OR m.tenant_id = ?)
      `)
      .pluck(),
    countScheduled: database
      .prepare<[string | null, string | null], number>(`
        SELECT count(*) FROM restored_scheduled r JOIN scheduled s ON s.public_id = r.public_id
        WHERE s.status = 'scheduled' AND (? IS NULL OR s.tenant_id = ?)
      `)
      .pluck(),
    heldScheduled: database
      .prepare<[], string>(`
        SELECT r.public_id FROM restored_scheduled r JOIN scheduled s ON s.public_id = r.public_id
        WHERE s.status = 'scheduled'
      `)
      .pluck(),
    heldJobs: database
      .prepare<[], number>(`
        SELECT job_id FROM restored_jobs JOIN jobs ON jobs.id = job_id
        WHERE status IN ('pending', 'processing', 'paused')
      `)
      .pluck(),
    countWebhooks: database
      .prepare<[number], number>(
        'SELECT count(*) FROM webhook_deliveries WHERE next_attempt_at = ?',
      )
      .pluck(),
    releaseDeliveries: database.prepare<[number]>(
      'UPDATE deliveries SET held = 0, next_attempt_at = ? WHERE held = 2',
    ),
    releaseWebhooks: database.prepare<[number, number]>(
      'UPDATE webhook_deliveries SET next_attempt_at = ? WHERE next_attempt_at = ?',
    ),
    forget: ['restored_queue', 'restored_scheduled', 'restored_jobs'].map((table) =>
      database.prepare(`DELETE FROM ${table}`),
    ),
    cancelWebhooks: database.prepare<[number]>(`
      UPDATE webhook_deliveries SET status = 'failed', next_attempt_at = NULL,
        error = 'The queue of the restored backup was cancelled.'
      WHERE next_attempt_at = ?
    `),
  }
}
