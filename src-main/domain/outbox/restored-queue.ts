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

/** The queue of a restored backup. It is held, across restarts, until a person decides. */
export function createRestoredQueue(deps: RestoredDeps) {
  const { database, queue, clock, deliveries, sending, jobs, webhooks } = deps
  const select = database.prepare<[], Row>(
    'SELECT restored_at, kept_file, lost_messages FROM restored_queue',
  )
  const heldMessages = database
    .prepare<[number], number>(
      'SELECT DISTINCT message_id FROM deliveries WHERE held = 2 ORDER BY message_id LIMIT ?',
    )
    .pluck()
  const countMessages = database
    .prepare<[string | null, string | null], number>(`
      SELECT count(DISTINCT d.message_id) FROM deliveries d JOIN messages m ON m.id = d.message_id
      WHERE d.held = 2 AND (? IS NULL OR m.tenant_id = ?)
    `)
    .pluck()
  const countScheduled = database
    .prepare<[string | null, string | null], number>(`
      SELECT count(*) FROM restored_scheduled r JOIN scheduled s ON s.public_id = r.public_id
      WHERE s.status = 'scheduled' AND (? IS NULL OR s.tenant_id = ?)
    `)
    .pluck()
  const heldScheduled = database
    .prepare<[], string>(`
      SELECT r.public_id FROM restored_scheduled r JOIN scheduled s ON s.public_id = r.public_id
      WHERE s.status = 'scheduled'
    `)
    .pluck()
  const heldJobs = database
    .prepare<[], number>(`
      SELECT job_id FROM restored_jobs JOIN jobs ON jobs.id = job_id
      WHERE status IN ('pending', 'processing', 'paused')
    `)
    .pluck()
  const countWebhooks = database
    .prepare<[number], number>('SELECT count(*) FROM webhook_deliveries WHERE next_attempt_at = ?')
    .pluck()
  const forget = ['restored_queue', 'restored_scheduled', 'restored_jobs'].map((table) =>
    database.prepare(`DELETE FROM ${table}`),
  )
  const releaseDeliveries = database.prepare<[number]>(
    'UPDATE deliveries SET held = 0, next_attempt_at = ? WHERE held = 2',
  )
  const releaseWebhooks = database.prepare<[number, number]>(
    'UPDATE webhook_deliveries SET next_attempt_at = ? WHERE next_attempt_at = ?',
  )
  const cancelWebhooks = database.prepare<[number]>(`
    UPDATE webhook_deliveries SET status = 'failed', next_attempt_at = NULL,
      error = 'The queue of the restored backup was cancelled.'
    WHERE next_attempt_at = ?
  `)

  const heldFor = (tenantId: string | null): number =>
    (countMessages.get(tenantId, tenantId) ?? 0) + (countScheduled.get(tenantId, tenantId) ?? 0)

  function state(): RestoredQueueWire | null {
    const row = select.get()
    if (!row) return null
    return {
      restored_at: iso(row.restored_at),
      kept_file: row.kept_file,
      lost_messages: row.lost_messages,
      held: {
        messages: heldFor(null),
        jobs: heldJobs.all().length,
        webhook_deliveries: countWebhooks.get(untilReleased) ?? 0,
      },
    }
  }

  function requireState(caller: LiveCaller): RestoredQueueWire {
    requireInstallation(caller, 'decide about the queue of a restored backup')
    requireUnbound(caller, 'release or cancel the queue of a restored backup')
    const found = state()
    if (found) return found
    throw new Fault('not_found', 'There is no held queue of a restored backup.')
  }

  function end(transaction: Transaction, type: 'released' | 'cancelled', by: LiveCaller): void {
    const { held } = requireState(by)
    for (const statement of forget) statement.run()
    transaction.append({ type: `restore.${type}`, data: { ...held, by: by.publicId } })
  }

  function wakeAll(): void {
    for (const { wake } of [deliveries, sending, jobs, webhooks]) wake()
  }

  return {
    state,

    /** The number of held messages of a tenant; null counts all. */
    heldFor,

    /** Releases the queue. Scheduled messages are still sent at their time. */
    async release(caller: LiveCaller): Promise<RestoredQueueWire> {
      const released = requireState(caller)
      await queue.write((transaction) => {
        end(transaction, 'released', caller)
        releaseDeliveries.run(clock.now())
        releaseWebhooks.run(clock.now(), untilReleased)
      })
      wakeAll()
      return released
    },

    /** Cancels everything in the held queue. */
    async cancel(caller: LiveCaller): Promise<RestoredQueueWire> {
      const cancelled = requireState(caller)
      for (const id of heldJobs.all()) await jobs.act(caller, id, 'stop')
      for (const publicId of heldScheduled.all()) await sending.cancel(caller, publicId)
      let count: number
      do {
        count = await queue.write((transaction) => {
          const ids = heldMessages.all(maxCancelled)
          for (const id of ids) deliveries.cancel(transaction, id, caller)
          return ids.length
        })
      } while (count > 0)
      await queue.write((transaction) => {
        end(transaction, 'cancelled', caller)
        cancelWebhooks.run(untilReleased)
      })
      wakeAll()
      return cancelled
    },
  }
}
