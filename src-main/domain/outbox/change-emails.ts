import { Fault } from '../../contract/faults.ts'
import type { CommitQueue } from '../../storage/commit-queue.ts'
import { type Caller, type LiveCaller, requireLive } from '../auth/caller.ts'
import type { Deliveries } from '../delivery/deliveries.ts'
import type { Sending } from '../messages/sending.ts'
import { noRelay } from '../relays/choose-relays.ts'
import type { Relays } from '../relays/relays.ts'
import type { EmailStore } from './email-store.ts'

export type ChangeDeps = {
  readonly store: EmailStore
  readonly queue: CommitQueue
  readonly deliveries: Deliveries
  readonly sending: Sending
  readonly relays: Relays
}

/** Retries deferred and failed recipients now. Delivered recipients get nothing again. */
export async function retryEmail(
  { store, queue, deliveries, sending, relays }: ChangeDeps,
  caller: LiveCaller,
  publicId: string,
): Promise<void> {
  const scheduled = sending.findScheduled(caller, publicId)
  if (scheduled) {
    throw new Fault(
      'conflict',
      `The email ${publicId} is ${scheduled.status}: it was not sent to a relay yet.`,
    )
  }
  const row = store.findLive(caller, publicId)
  if (!relays.hasAny(row.tenant_id)) throw noRelay()
  const retried = await queue.write((transaction) => deliveries.retry(transaction, row.id, caller))
  if (retried === 0) {
    throw new Fault(
      'conflict',
      `The email ${publicId} is ${row.status}: no recipient can be retried.`,
    )
  }
  deliveries.wake()
}

/** Retries the emails that have such recipients, and skips the others. */
export async function retryEmails(
  { store, queue, deliveries, relays }: ChangeDeps,
  caller: LiveCaller,
  ids: readonly string[],
) {
  const wanted = [...new Set(ids)]
  const retried = await queue.write((transaction) =>
    wanted.filter((publicId) => {
      const row = store.visible(caller, publicId)
      if (!row || !relays.hasAny(row.tenant_id)) return false
      return deliveries.retry(transaction, row.id, caller) > 0
    }),
  )
  deliveries.wake()
  const done = new Set(retried)
  return { retried, skipped: wanted.filter((id) => !done.has(id)) }
}

/** Cancels a scheduled message, or the pending deliveries of a queued one. */
export async function cancelEmail(
  { store, queue, deliveries, sending }: ChangeDeps,
  caller: Caller,
  publicId: string,
): Promise<void> {
  if (sending.findScheduled(caller, publicId)) return sending.cancel(caller, publicId)
  const row = store.find(caller, publicId)
  if (row.mode === 'live') {
    const by = requireLive(caller, `The email ${row.public_id}`)
    const cancelled = await queue.write((transaction) => deliveries.cancel(transaction, row.id, by))
    if (cancelled > 0) return
  }
  throw new Fault(
    'conflict',
    `The email ${row.public_id} is ${row.status}: no delivery can be cancelled.`,
  )
}
