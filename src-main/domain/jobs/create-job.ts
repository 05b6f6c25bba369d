import { readMailbox } from '../../contract/address-list.ts'
import { shown } from '../../contract/addresses.ts'
import { Fault } from '../../contract/faults.ts'
import type { CommitQueue } from '../../storage/commit-queue.ts'
import type { Caller } from '../auth/caller.ts'
import type { Deliveries } from '../delivery/deliveries.ts'
import type { Limits } from '../limits/limits.ts'
import { isNew } from '../messages/accept.ts'
import { oneMailbox } from '../messages/addresses.ts'
import type { Idempotency } from '../messages/idempotency.ts'
import type { Templates } from '../templates/templates.ts'
import { checkJobSender } from './control-job.ts'
import type { JobContent, JobRecipient, JobStore, JobTicket } from './store.ts'
import type { JobWork } from './work.ts'

type CreateDeps = {
  readonly store: JobStore
  readonly queue: CommitQueue
  readonly limits: Limits
  readonly templates: Templates
  readonly deliveries: Deliveries
  readonly idempotency: Idempotency
  readonly work: JobWork
}

/** The request that a job comes from. */
type JobRequest = {
  readonly idempotencyKey?: string | undefined
  readonly requestId?: string | undefined
}

/** A job for one recipient. Its message is accepted before the reply. */
export function createSingleJob(
  { store, templates, idempotency, work }: CreateDeps,
  caller: Caller,
  content: JobContent,
  { field, ...recipient }: JobRecipient & { readonly field: string },
  { idempotencyKey, requestId }: JobRequest,
): Promise<JobTicket> {
  const body = [content, recipient]
  return idempotency.once<JobTicket>(caller, idempotencyKey, body, async (saveReply) => {
    oneMailbox(field, recipient.email, 'invalid_recipient')
    const stored = await storedContent(templates, caller, content, requestId)
    let ticket: JobTicket | null = null
    await work.submit(caller, stored, recipient, (transaction, message) => {
      // A captured message is final.
      const status = caller.mode === 'test' ? 'completed' : 'processing'
      ticket = store.insert({
        caller,
        content: stored,
        total: 1,
        status,
        trackingId: message.publicId,
      })
      store.insertRecipient(ticket, recipient, message.id)
      saveReply(transaction, ticket)
    })
    if (ticket === null) throw new Error('The message was accepted without its job')
    if (caller.mode === 'live') work.wake()
    return ticket
  })
}

/** A job for many recipients. It is stored before the reply; its messages are sent afterwards. */
export function createBatchJob(
  { store, queue, limits, templates, deliveries, idempotency, work }: CreateDeps,
  caller: Caller,
  content: JobContent,
  recipients: readonly JobRecipient[],
  { idempotencyKey, requestId }: JobRequest,
): Promise<JobTicket> {
  const body = [content, recipients]
  return idempotency.once<JobTicket>(caller, idempotencyKey, body, async (saveReply) => {
    checkJobSender(caller, content)
    checkRecipients(recipients)
    if (caller.mode === 'live') deliveries.requireRelay(caller)
    limits.requireEmailsLeft(caller, recipients.length)
    const stored = await storedContent(templates, caller, content, requestId)
    if (stored.snapshot) templates.requireVariables(stored.snapshot, recipients)
    const ticket = await queue.write((transaction) => {
      const created = store.insert({
        caller,
        content: stored,
        total: recipients.length,
        status: 'pending',
      })
      for (const recipient of recipients) store.insertRecipient(created, recipient)
      saveReply(transaction, created)
      transaction.append({
        type: 'job.created',
        keyId: caller.keyId,
        tenantId: caller.tenantId,
        data: { job: created.id, recipients: recipients.length },
      })
      return created
    }, isNew)
    work.wake()
    return ticket
  })
}

/** The content with the version that its template has now. */
async function storedContent(
  templates: Templates,
  caller: Caller,
  content: JobContent,
  requestId: string | undefined,
): Promise<JobContent> {
  if (content.template === undefined) return { ...content, engine: 'jinja', requestId }
  const snapshot = await templates.snapshot(caller, content.template)
  return { ...content, snapshot, requestId }
}

/** One invalid address refuses the whole batch. */
function checkRecipients(recipients: readonly JobRecipient[]): void {
  const invalid = recipients.flatMap(({ email }, index) => {
    const read = readMailbox(email)
    return typeof read === 'string' ? [{ index, email: shown(email), problem: read }] : []
  })
  const [first] = invalid
  if (!first) return
  throw new Fault(
    'invalid_recipient',
    `Invalid email address in recipients[${first.index}]: “${first.email}”. ${first.problem} Nothing was sent; correct it and send the batch again.`,
    {
      field: `recipients.${first.index}.email`,
      invalid_recipients: invalid.slice(0, 20).map(({ index, email }) => ({ index, email })),
    },
  )
}
