import { type Clock, iso, isoOrNull } from '../../base/clock.ts'
import type { Log } from '../../base/log.ts'
import { readMailbox } from '../../contract/address-list.ts'
import { shown } from '../../contract/addresses.ts'
import { Fault } from '../../contract/faults.ts'
import type { BatchJob } from '../../contract/jobs.ts'
import type { CommitQueue } from '../../storage/commit-queue.ts'
import type { Database } from '../../storage/database.ts'
import type { Reader } from '../../storage/reader.ts'
import { type Caller, onlyMode, requireLive, sees } from '../auth/caller.ts'
import type { Keys } from '../auth/keys.ts'
import { checkSender } from '../auth/senders.ts'
import type { Deliveries } from '../delivery/deliveries.ts'
import type { Limits } from '../limits/limits.ts'
import { isNew, type Messages } from '../messages/accept.ts'
import { oneMailbox } from '../messages/addresses.ts'
import type { Composing } from '../messages/composing.ts'
import type { Idempotency } from '../messages/idempotency.ts'
import type { Relays } from '../relays/relays.ts'
import type { Templates } from '../templates/templates.ts'
import { afterAction, type JobAction, type JobRow, mayControl, secondsLeft } from './rules.ts'
import { createJobStore, type JobContent, type JobRecipient, type JobTicket } from './store.ts'
import { startJobWork } from './work.ts'

export type Jobs = ReturnType<typeof createJobs>

type JobDeliveryRow = {
  readonly id: number
  readonly recipient: string
  readonly status: string
  readonly tracking_id: string | null
  readonly attempts: number
  readonly last_attempt_at: number | null
  readonly error: string | null
  readonly relay_id: number | null
}

type RecipientSpan = {
  readonly status?: string | undefined
  readonly limit: number
  readonly offset: number
}

export const maxJobRecipients = 10_000

const unsettled = `
  FROM deliveries d WHERE d.message_id = m.id AND d.status IN ('bounced', 'failed', 'deferred')
  LIMIT 1
`

const mailsageWords = 'Job not found or access denied'
const nativeWords = 'There is no such job. It may have been removed with its tenant.'

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

/** MailSage's jobs: one content to many recipients, watched and controlled as a whole. */
export function createJobs(deps: JobDeps) {
  const { queue, reader, keys, limits, templates, deliveries, relays, idempotency } = deps
  const store = createJobStore(deps)
  const work = startJobWork({ ...deps, store })

  function find(caller: Caller, id: number, words = mailsageWords): JobRow {
    const row = store.get(id)
    if (row && sees(caller, row)) return row
    throw new Fault('not_found', words)
  }

  async function toStatus(row: JobRow) {
    const { underway: _underway, cancelled: _cancelled, ...progress } = await store.progressOf(row)
    return {
      id: String(row.id),
      status: row.status,
      tracking_id: row.tracking_id,
      progress,
      is_paused: row.status === 'paused',
      template_id: row.template,
      campaign_id: row.campaign_id,
      created_at: iso(row.created_at),
      started_at: isoOrNull(row.started_at),
      completed_at: isoOrNull(row.completed_at),
      updated_at: iso(row.updated_at),
    }
  }

  async function view(row: JobRow): Promise<BatchJob> {
    const { percentage: _percentage, ...progress } = await store.progressOf(row)
    const perMinute = await store.perMinuteOf(row)
    const { subject = null, from } = JSON.parse(row.content) as JobContent
    const key = row.key_id === null ? null : keys.nameOf(row.key_id)
    return {
      id: String(row.id),
      status: row.status,
      tracking_id: row.tracking_id,
      subject,
      from,
      template_id: row.template,
      campaign_id: row.campaign_id,
      key_id: key?.publicId ?? null,
      key_name: key?.name ?? null,
      progress,
      per_minute: perMinute,
      seconds_left: secondsLeft(row.status, progress.pending, perMinute),
      created_at: iso(row.created_at),
      started_at: isoOrNull(row.started_at),
      completed_at: isoOrNull(row.completed_at),
      updated_at: iso(row.updated_at),
    }
  }

  /** Messages that are on their way, or were given up, and that an action reaches too. */
  function messagesFor({ id }: JobRow, action: JobAction): readonly number[] {
    if (action === 'stop') return store.stop(id)
    return action === 'retry' ? store.retryFailed(id) : []
  }

  async function act(
    caller: Caller,
    id: number,
    action: JobAction,
    words?: string,
  ): Promise<JobRow> {
    await queue.write((transaction) => {
      const row = find(caller, id, words)
      checkJobSender(caller, JSON.parse(row.content) as JobContent)
      if (!mayControl(row.status, action)) throw uncontrollable(row, action)
      const messages = messagesFor(row, action)
      // Test mail is never on its way.
      if (messages.length > 0) {
        const by = requireLive(caller, `The job ${id}`)
        const change = action === 'stop' ? deliveries.cancel : deliveries.retry
        for (const message of messages) change(transaction, message, by)
      }
      store.move(transaction, row, afterAction[action])
    })
    work.wake()
    deliveries.wake()
    return find(caller, id)
  }

  /** One row a recipient, in the job's order. */
  async function recipientsOf(
    caller: Caller,
    id: number,
    { status, limit, offset }: RecipientSpan,
  ) {
    const source = `
      FROM (
        SELECT r.id, r.email AS recipient, m.public_id AS tracking_id, r.attempts,
          r.last_attempt_at,
          coalesce(r.error, (SELECT last_reply ${unsettled})) AS error,
          iif(r.error IS NULL, (SELECT relay_id ${unsettled}), NULL) AS relay_id,
          CASE
            WHEN r.status <> 'accepted' THEN r.status
            WHEN m.status IN ('captured', 'delivered') THEN iif(m.mode = 'live', 'delivered', 'sent')
            WHEN m.status IN ('queued', 'sending') THEN 'pending'
            ELSE coalesce(m.status, 'sent')
          END AS status
        FROM job_recipients r LEFT JOIN messages m ON m.id = r.message_id
        WHERE r.job_id = ?
      ) WHERE (? IS NULL OR status = ?)`
    const filter = [id, status ?? null, status ?? null]
    const rows = await reader.all<JobDeliveryRow>(
      `SELECT * ${source} ORDER BY id LIMIT ? OFFSET ?`,
      ...filter,
      limit,
      offset,
    )
    const counted = await reader.first<{ total: number }>(
      `SELECT count(*) AS total ${source}`,
      ...filter,
    )
    return {
      rows: rows.map(({ relay_id: relayId, ...row }) => ({
        ...row,
        error: relays.shownTo(caller, relayId, row.error).reply,
      })),
      total: counted?.total ?? 0,
    }
  }

  /** The content as the job keeps it: with the version that its template has now. */
  async function kept(
    caller: Caller,
    content: JobContent,
    requestId: string | undefined,
  ): Promise<JobContent> {
    if (content.template === undefined) return { ...content, requestId }
    const snapshot = await templates.snapshot(caller, content.template)
    return { ...content, snapshot, requestId }
  }

  return {
    /** One recipient: accepted before the answer, like any other message. */
    async sendOne(
      caller: Caller,
      content: JobContent,
      { field, ...recipient }: JobRecipient & { readonly field: string },
      idempotencyKey?: string,
      requestId?: string,
    ): Promise<JobTicket> {
      const body = [content, recipient]
      return idempotency.once<JobTicket>(caller, idempotencyKey, body, async (keep) => {
        oneMailbox(field, recipient.email, 'invalid_recipient')
        const asked = await kept(caller, content, requestId)
        let ticket: JobTicket | null = null
        await work.submit(caller, asked, recipient, (message, transaction) => {
          // What is only captured has arrived with that.
          const status = caller.mode === 'test' ? 'completed' : 'processing'
          ticket = store.insert(caller, asked, 1, status, message.publicId)
          store.insertRecipient(ticket, recipient, message.id)
          keep(transaction, ticket)
        })
        if (ticket === null) throw new Error('The message was accepted without its job')
        if (caller.mode === 'live') work.wake()
        return ticket
      })
    },

    /** Many recipients: the job is durable before the answer, and worked off behind it. */
    async sendBatch(
      caller: Caller,
      content: JobContent,
      recipients: readonly JobRecipient[],
      idempotencyKey?: string,
      requestId?: string,
    ): Promise<JobTicket> {
      const body = [content, recipients]
      return idempotency.once<JobTicket>(caller, idempotencyKey, body, async (keep) => {
        checkJobSender(caller, content)
        refuseWrong(recipients)
        if (caller.mode === 'live') deliveries.requireRelay(caller)
        limits.requireEmailsLeft(caller, recipients.length)
        const asked = await kept(caller, content, requestId)
        if (asked.snapshot) templates.requireVariables(asked.snapshot, recipients)
        const ticket = await queue.write((transaction) => {
          const made = store.insert(caller, asked, recipients.length, 'pending')
          for (const recipient of recipients) store.insertRecipient(made, recipient)
          keep(transaction, made)
          transaction.append({
            type: 'job.created',
            keyId: caller.keyId,
            tenantId: caller.tenantId,
            data: { job: made.id, recipients: recipients.length },
          })
          return made
        }, isNew)
        work.wake()
        return ticket
      })
    },

    status: (caller: Caller, id: number) => toStatus(find(caller, id)),

    /** Newest first; `filter` by status or campaign. */
    async list(
      caller: Caller,
      filter: {
        readonly active: boolean
        readonly campaignId?: string | undefined
        readonly limit: number
        readonly offset: number
      },
    ) {
      const rows = await reader.all<JobRow>(
        `SELECT * FROM jobs
         WHERE (? IS NULL OR tenant_id = ?) AND (? IS NULL OR mode = ?)
           AND (? IS NULL OR campaign_id = ?)
           AND (? = 0 OR status IN ('pending', 'processing', 'paused'))
         ORDER BY id DESC LIMIT ? OFFSET ?`,
        caller.tenantId,
        caller.tenantId,
        onlyMode(caller),
        onlyMode(caller),
        filter.campaignId ?? null,
        filter.campaignId ?? null,
        Number(filter.active),
        filter.limit,
        filter.offset,
      )
      return Promise.all(rows.map(toStatus))
    },

    control: async (caller: Caller, id: number, action: JobAction) =>
      toStatus(await act(caller, id, action)),

    /** The native view of jobs, newest first. */
    async page(
      caller: Caller,
      query: {
        readonly active: boolean
        readonly limit: number
        readonly before?: number | undefined
      },
    ): Promise<{ data: BatchJob[]; has_more: boolean }> {
      const rows = await reader.all<JobRow>(
        `SELECT * FROM jobs
         WHERE (? IS NULL OR tenant_id = ?) AND (? IS NULL OR mode = ?) AND id < ?
           AND (? = 0 OR status IN ('pending', 'processing', 'paused'))
         ORDER BY id DESC LIMIT ?`,
        caller.tenantId,
        caller.tenantId,
        onlyMode(caller),
        onlyMode(caller),
        query.before ?? Number.MAX_SAFE_INTEGER,
        Number(query.active),
        query.limit + 1,
      )
      const data = await Promise.all(rows.slice(0, query.limit).map(view))
      return { data, has_more: rows.length > query.limit }
    },

    get: async (caller: Caller, id: number): Promise<BatchJob> =>
      view(find(caller, id, nativeWords)),

    act: async (caller: Caller, id: number, action: JobAction): Promise<BatchJob> =>
      view(await act(caller, id, action, nativeWords)),

    deliveries: async (caller: Caller, id: number, span: RecipientSpan) =>
      recipientsOf(caller, find(caller, id).id, span),

    recipients: async (caller: Caller, id: number, span: RecipientSpan) =>
      recipientsOf(caller, find(caller, id, nativeWords).id, span),

    wake: work.wake,
    idle: work.idle,
    close: work.close,
  }
}

/** A job has one sender, in its envelopes and its From fields. */
function checkJobSender(caller: Caller, { from }: JobContent): void {
  if (caller.allowedSenders.length === 0) return
  checkSender(caller, oneMailbox('from', from, 'invalid_sender').address)
}

function uncontrollable({ status }: JobRow, action: JobAction): Fault {
  const done = { pause: 'paused', resume: 'resumed', stop: 'stopped', retry: 'retried' }[action]
  return new Fault(
    'invalid_request',
    `Failed to control job: a job that is ${status} cannot be ${done}.`,
    { status, action },
  )
}

/** One wrong address refuses the whole batch, and is named. */
function refuseWrong(recipients: readonly JobRecipient[]): void {
  const wrong = recipients.flatMap(({ email }, index) => {
    const read = readMailbox(email)
    return typeof read === 'string' ? [{ index, email: shown(email), problem: read }] : []
  })
  const [first] = wrong
  if (!first) return
  throw new Fault(
    'invalid_recipient',
    `Invalid email address in recipients[${first.index}]: “${first.email}”. ${first.problem} Nothing was sent; correct it and send the batch again.`,
    {
      field: `recipients.${first.index}.email`,
      invalid_recipients: wrong.slice(0, 20).map(({ index, email }) => ({ index, email })),
    },
  )
}
