import { Fault } from '../../contract/faults.ts'
import type { CommitQueue } from '../../storage/commit-queue.ts'
import { type Caller, requireLive } from '../auth/caller.ts'
import { checkSender } from '../auth/senders.ts'
import type { Deliveries } from '../delivery/deliveries.ts'
import { oneMailbox } from '../messages/addresses.ts'
import { findJob, type JobDialect } from './find-job.ts'
import { afterAction, type JobAction, type JobRow, mayControl } from './rules.ts'
import type { JobContent, JobStore } from './store.ts'
import type { JobWork } from './work.ts'

type ControlDeps = {
  readonly store: JobStore
  readonly queue: CommitQueue
  readonly deliveries: Deliveries
  readonly work: JobWork
}

/** Pauses, resumes, stops or retries a job, together with its queued or failed messages. */
export async function controlJob(
  { store, queue, deliveries, work }: ControlDeps,
  caller: Caller,
  id: number,
  action: JobAction,
  dialect: JobDialect,
): Promise<JobRow> {
  await queue.write((transaction) => {
    const row = findJob(store, caller, id, dialect)
    checkJobSender(caller, JSON.parse(row.content) as JobContent)
    if (!mayControl(row.status, action)) throw refusedAction(row, action)
    const messages = messagesFor(store, row, action)
    // Only live mail is ever queued or failed.
    if (messages.length > 0) {
      const by = requireLive(caller, `The job ${id}`)
      const change = action === 'stop' ? deliveries.cancel : deliveries.retry
      for (const message of messages) change(transaction, message, by)
    }
    store.move(transaction, row, afterAction[action])
  })
  work.wake()
  deliveries.wake()
  return findJob(store, caller, id, dialect)
}

/** All messages of a job have one sender, in the envelope and in From. */
export function checkJobSender(caller: Caller, { from }: JobContent): void {
  if (caller.allowedSenders.length === 0) return
  checkSender(caller, oneMailbox('from', from, 'invalid_sender').address)
}

/** The messages that the action changes too. */
function messagesFor(store: JobStore, { id }: JobRow, action: JobAction): readonly number[] {
  if (action === 'stop') return store.stop(id)
  return action === 'retry' ? store.retryFailed(id) : []
}

function refusedAction({ status }: JobRow, action: JobAction): Fault {
  const done = { pause: 'paused', resume: 'resumed', stop: 'stopped', retry: 'retried' }[action]
  return new Fault(
    'invalid_request',
    `Failed to control job: a job that is ${status} cannot be ${done}.`,
    { status, action },
  )
}
