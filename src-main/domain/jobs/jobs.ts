import type { Clock } from '../../base/clock.ts'
import type { Log } from '../../base/log.ts'
import type { BatchJob } from '../../contract/jobs.ts'
import type { CommitQueue } from '../../storage/commit-queue.ts'
import type { Database } from '../../storage/database.ts'
import type { Reader } from '../../storage/reader.ts'
import type { Caller } from '../auth/caller.ts'
import type { Keys } from '../auth/keys.ts'
import type { Deliveries } from '../delivery/deliveries.ts'
import type { Limits } from '../limits/limits.ts'
import type { Messages } from '../messages/accept.ts'
import type { Composing } from '../messages/composing.ts'
import type { Idempotency } from '../messages/idempotency.ts'
import type { Relays } from '../relays/relays.ts'
import type { Templates } from '../templates/templates.ts'
import { controlJob } from './control-job.ts'
import { createBatchJob, createSingleJob } from './create-job.ts'
import { findJob } from './find-job.ts'
import { toBatchJob, toStatus } from './job-views.ts'
import {
  type JobFilter,
  type JobPage,
  listJobs,
  listRecipients,
  pageOfJobs,
  type RecipientSpan,
} from './list-jobs.ts'
import type { JobAction, JobRow } from './rules.ts'
import { createJobStore, type JobContent, type JobRecipient } from './store.ts'
import { startJobWork } from './work.ts'

export type Jobs = ReturnType<typeof createJobs>

export const maxJobRecipients = 10_000

type JobDeps = {
  readonly database: Database
  readonly queue: CommitQueue
  readonly reader: Reader
  readonly clock: Clock
  readonly log: Log
  readonly keys: Keys
  readonly limits: Limits
  readonly templates: Templates
  readonly composing: Composing
  readonly messages: Messages
  readonly deliveries: Deliveries
  readonly relays: Relays
  readonly idempotency: Idempotency
}

/** MailSage's jobs: one content for many recipients, controlled as a whole. */
export function createJobs(jobDeps: JobDeps) {
  const { reader, keys } = jobDeps
  const store = createJobStore(jobDeps)
  const work = startJobWork({ ...jobDeps, store })
  const deps = { ...jobDeps, store, work }
  const viewOf = (row: JobRow): Promise<BatchJob> => toBatchJob(store, keys, row)
  const statusOf = (row: JobRow) => toStatus(store, row)

  return {
    sendOne: (
      caller: Caller,
      content: JobContent,
      recipient: JobRecipient & { readonly field: string },
      idempotencyKey?: string,
      requestId?: string,
    ) => createSingleJob(deps, caller, content, recipient, { idempotencyKey, requestId }),

    sendBatch: (
      caller: Caller,
      content: JobContent,
      recipients: readonly JobRecipient[],
      idempotencyKey?: string,
      requestId?: string,
    ) => createBatchJob(deps, caller, content, recipients, { idempotencyKey, requestId }),

    /** MailSage's dialect. */
    status: async (caller: Caller, id: number) => statusOf(findJob(store, caller, id, 'mailsage')),

    list: async (caller: Caller, filter: JobFilter) =>
      Promise.all((await listJobs(reader, caller, filter)).map(statusOf)),

    control: async (caller: Caller, id: number, action: JobAction) =>
      statusOf(await controlJob(deps, caller, id, action, 'mailsage')),

    deliveries: async (caller: Caller, id: number, span: RecipientSpan) =>
      listRecipients(deps, caller, findJob(store, caller, id, 'mailsage').id, span),

    /** The native dialect. */
    get: async (caller: Caller, id: number): Promise<BatchJob> =>
      viewOf(findJob(store, caller, id, 'native')),

    async page(caller: Caller, page: JobPage): Promise<{ data: BatchJob[]; has_more: boolean }> {
      const rows = await pageOfJobs(reader, caller, page)
      const data = await Promise.all(rows.slice(0, page.limit).map(viewOf))
      return { data, has_more: rows.length > page.limit }
    },

    act: async (caller: Caller, id: number, action: JobAction): Promise<BatchJob> =>
      viewOf(await controlJob(deps, caller, id, action, 'native')),

    recipients: async (caller: Caller, id: number, span: RecipientSpan) =>
      listRecipients(deps, caller, findJob(store, caller, id, 'native').id, span),

    wake: work.wake,
    idle: work.idle,
    close: work.close,
  }
}
