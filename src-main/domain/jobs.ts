import { randomUUID } from 'node:crypto'
import { type Clock, iso, isoOrNull } from '../base/clock.ts'
import { timeId } from '../base/ids.ts'
import type { Log } from '../base/log.ts'
import { startLoop } from '../base/loop.ts'
import { isAddress } from '../base/mailboxes.ts'
import { Fault } from '../contract/faults.ts'
import type { CommitQueue, Transaction } from '../storage/commit-queue.ts'
import type { Database } from '../storage/database.ts'
import type { Reader } from '../storage/reader.ts'
import type { Caller } from './caller.ts'
import type { Composing } from './composing.ts'
import type { Deliveries } from './deliveries.ts'
import type { Idempotency } from './idempotency.ts'
import {
  type JobProgress,
  type JobRow,
  type JobStatus,
  mayControl,
  percentage,
} from './job-rules.ts'
import type { Keys } from './keys.ts'
import type { Limits } from './limits.ts'
import type { Message, Messages } from './messages.ts'
import type { Templates } from './templates.ts'

export type Jobs = ReturnType<typeof createJobs>

type Variables = Readonly<Record<string, unknown>>

export type JobRecipient = { readonly email: string; readonly variables?: Variables | undefined }

/** What every recipient of a job gets, before it is rendered for them. */
export type JobContent = {
  readonly from: string
  readonly subject?: string | undefined
  readonly html?: string | undefined
  readonly text?: string | undefined
  readonly template?: string | undefined
  readonly relayId?: number | undefined
  readonly campaignId?: string | undefined
}

/** What a job is known by from its first answer on. */
export type JobTicket = {
  readonly id: number
  readonly taskId: string
  readonly trackingId: string
}

type RecipientRow = {
  readonly id: number
  readonly email: string
  readonly variables: string | null
}

export type JobDeliveryRow = {
  readonly id: number
  readonly recipient: string
  readonly status: string
  readonly tracking_id: string | null
  readonly attempts: number
  readonly last_attempt_at: number | null
  readonly error: string | null
}

export const mostJobRecipients = 10_000
const chunkSize = 25
/** Live messages of one job on their way at once, so that a pause is felt at once. */
const mostUnderway = 50

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
  readonly idempotency: Idempotency
}

/** MailSage's jobs: one content to many recipients, watched and controlled as a whole. */
export function createJobs(deps: JobDeps) {
  const { database, queue, reader, clock, log, keys, limits, templates } = deps
  const { composing, messages, deliveries, idempotency } = deps
  const insertJob = database.prepare(`
    INSERT INTO jobs (
      tracking_id, task_id, tenant_id, key_id, status, template, campaign_id, content, total,
      created_at, started_at, completed_at, updated_at
    ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  `)
  const insertRecipient = database.prepare<
    [number, string, string | null, string, number | null, number, number | null]
  >(`
    INSERT INTO job_recipients (job_id, email, variables, status, message_id, attempts, last_attempt_at)
    VALUES (?, ?, ?, ?, ?, ?, ?)
  `)
  const select = database.prepare<[number], JobRow>('SELECT * FROM jobs WHERE id = ?')
  const active = database.prepare<[], JobRow>(
    "SELECT * FROM jobs WHERE status IN ('pending', 'processing') ORDER BY id LIMIT 100",
  )
  const pendingOf = database.prepare<[number, number], RecipientRow>(`
    SELECT id, email, variables FROM job_recipients
    WHERE job_id = ? AND status = 'pending' ORDER BY id LIMIT ?
  `)
  const setAccepted = database.prepare<[number, number, number]>(`
    UPDATE job_recipients SET status = 'accepted', message_id = ?, attempts = attempts + 1,
      last_attempt_at = ?, error = NULL
    WHERE id = ?
  `)
  const setFailed = database.prepare<[string, number, number]>(`
    UPDATE job_recipients SET status = 'failed', error = ?, attempts = attempts + 1,
      last_attempt_at = ?
    WHERE id = ?
  `)
  const setStatus = database.prepare<[JobStatus, number, number | null, number | null, number]>(`
    UPDATE jobs SET status = ?, updated_at = ?, started_at = coalesce(started_at, ?),
      completed_at = ?
    WHERE id = ?
  `)
  const touch = database.prepare<[number, number]>('UPDATE jobs SET updated_at = ? WHERE id = ?')
  const cancelPending = database.prepare<[number]>(`
    UPDATE job_recipients SET status = 'cancelled', error = 'Job stopped by user'
    WHERE job_id = ? AND status = 'pending'
  `)
  const messagesOf = database
    .prepare<[number], number>(`
      SELECT messages.id FROM job_recipients JOIN messages ON messages.id = job_recipients.message_id
      WHERE job_id = ? AND messages.status IN ('queued', 'sending')
    `)
    .pluck()
  const retryFailed = database.prepare<[number]>(`
    UPDATE job_recipients SET status = 'pending', message_id = NULL, error = NULL
    WHERE job_id = ? AND (status = 'failed' OR message_id IN (
      SELECT id FROM messages WHERE status IN ('bounced', 'failed')
    ))
  `)

  const loop = startLoop({ name: 'job', clock, log, run, settleMs: 50 })
  const stopListening = queue.onEvents(() => {
    if (hasActive) loop.wake()
  })
  let hasActive = true
  loop.wake()

  async function run(): Promise<number | null> {
    const rows = active.all()
    hasActive = rows.length > 0
    for (const row of rows) await advance(row)
    return null
  }

  /** Takes the next few recipients, or finds that the job has come to its end. */
  async function advance(row: JobRow): Promise<void> {
    const { pending, underway, failed, total } = await progressOf(row)
    const waiting = pending - underway
    if (pending === 0) {
      await move(row, failed === total ? 'failed' : 'completed')
      return
    }
    if (waiting === 0 || underway >= mostUnderway) return
    if (row.status === 'pending') await move(row, 'processing')
    const recipients = pendingOf.all(row.id, Math.min(chunkSize, mostUnderway - underway))
    await Promise.all(recipients.map((recipient) => sendTo(row, recipient)))
    await queue.write(() => void touch.run(clock.now(), row.id))
    loop.wake()
  }

  async function sendTo(row: JobRow, recipient: RecipientRow): Promise<void> {
    try {
      const content = JSON.parse(row.content) as JobContent
      const variables = JSON.parse(recipient.variables ?? '{}') as Variables
      await submit(
        keys.callerOf(row.key_id),
        content,
        { email: recipient.email, variables },
        (message) => setAccepted.run(message.id, clock.now(), recipient.id),
      )
    } catch (error) {
      // Too much at once passes; the recipient stays pending for the next round.
      if (error instanceof Fault && error.code === 'overloaded') return
      if (!(error instanceof Fault)) log.error('A job could not send', error, { job: row.id })
      const sentence = error instanceof Fault ? error.message : 'Something went wrong on our side.'
      await queue.write(() => void setFailed.run(sentence, clock.now(), recipient.id))
    }
  }

  /** Renders and accepts for one recipient; `also` runs in the message's transaction. */
  async function submit(
    caller: Caller,
    content: JobContent,
    recipient: JobRecipient,
    also: (message: Message, transaction: Transaction) => void,
  ): Promise<void> {
    const data = recipient.variables ?? {}
    const { from, subject, html, text, template, relayId } = content
    const { envelope, raw } = await composing.compose(caller, {
      from,
      to: recipient.email,
      subject,
      html,
      text,
      ...(template === undefined
        ? { inline: { engine: 'liquid', data } }
        : { template_id: template, template_data: data }),
    })
    await messages.accept(caller, envelope, raw, 'http', {
      relayId,
      also: (transaction, message) => also(message, transaction),
    })
  }

  async function move(row: JobRow, status: JobStatus): Promise<void> {
    await queue.write((transaction) => change(transaction, row, status))
  }

  function change(transaction: Transaction, row: JobRow, status: JobStatus): void {
    const now = clock.now()
    const isOver = status === 'completed' || status === 'failed' || status === 'stopped'
    setStatus.run(
      status,
      now,
      status === 'processing' || isOver ? now : null,
      isOver ? now : null,
      row.id,
    )
    transaction.append({
      type: 'job.changed',
      keyId: row.key_id,
      tenantId: row.tenant_id,
      data: { job: row.id, status },
    })
  }

  async function progressOf(row: JobRow): Promise<JobProgress> {
    const counts = await reader.first<Omit<JobProgress, 'total' | 'pending' | 'percentage'>>(
      `SELECT
         coalesce(sum(m.status IN ('captured', 'delivered')), 0) AS sent,
         coalesce(sum(r.status = 'failed' OR m.status IN ('bounced', 'failed')), 0) AS failed,
         coalesce(sum(r.status = 'cancelled' OR m.status = 'cancelled'), 0) AS cancelled,
         coalesce(sum(m.status IN ('queued', 'sending')), 0) AS underway
       FROM job_recipients r LEFT JOIN messages m ON m.id = r.message_id
       WHERE r.job_id = ?`,
      row.id,
    )
    const { sent = 0, failed = 0, cancelled = 0, underway = 0 } = counts ?? {}
    const pending = row.total - sent - failed - cancelled
    return {
      total: row.total,
      sent,
      failed,
      cancelled,
      underway,
      pending,
      percentage: percentage(sent, row.total),
    }
  }

  function find(caller: Caller, id: number): JobRow {
    const row = select.get(id)
    if (row && (caller.tenantId === null || caller.tenantId === row.tenant_id)) return row
    throw new Fault('not_found', 'Job not found or access denied')
  }

  async function toStatus(row: JobRow) {
    const { underway: _underway, cancelled: _cancelled, ...progress } = await progressOf(row)
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

  /** The job's own row; inside a transaction. */
  function insert(
    caller: Caller,
    content: JobContent,
    total: number,
    status: JobStatus,
    trackingId = timeId('trk', clock.now()),
  ): JobTicket {
    const now = clock.now()
    const ticket = { taskId: randomUUID(), trackingId }
    const { lastInsertRowid } = insertJob.run(
      ticket.trackingId,
      ticket.taskId,
      caller.tenantId,
      caller.keyId,
      status,
      content.template ?? null,
      content.campaignId ?? null,
      JSON.stringify(content),
      total,
      now,
      status === 'pending' ? null : now,
      status === 'completed' ? now : null,
      now,
    )
    return { id: Number(lastInsertRowid), ...ticket }
  }

  /** One wrong address refuses the whole batch, and is named. */
  function refuseWrong(recipients: readonly JobRecipient[]): void {
    const wrong = recipients.flatMap(({ email }, index) =>
      isAddress(email) ? [] : [{ index, email }],
    )
    const [first] = wrong
    if (!first) return
    throw new Fault(
      'invalid_recipient',
      `Invalid email address in recipients[${first.index}]: ${first.email.slice(0, 100)}. Nothing was sent; correct it and send the batch again.`,
      { field: `recipients.${first.index}.email`, invalid_recipients: wrong.slice(0, 20) },
    )
  }

  return {
    /** One recipient: accepted before the answer, like any other message. */
    async sendOne(
      caller: Caller,
      content: JobContent,
      recipient: JobRecipient,
      idempotencyKey?: string,
    ): Promise<JobTicket> {
      const body = [content, recipient]
      return idempotency.once<JobTicket>(caller, idempotencyKey, body, async (keep) => {
        let ticket: JobTicket | null = null
        await submit(caller, content, recipient, (message, transaction) => {
          // What is only captured has arrived with that.
          const status = caller.mode === 'test' ? 'completed' : 'processing'
          ticket = insert(caller, content, 1, status, message.publicId)
          const variables = recipient.variables ? JSON.stringify(recipient.variables) : null
          insertRecipient.run(
            ticket.id,
            recipient.email,
            variables,
            'accepted',
            message.id,
            1,
            clock.now(),
          )
          keep(transaction, ticket)
        })
        if (caller.mode === 'live') hasActive = true
        if (ticket === null) throw new Error('The message was accepted without its job')
        return ticket
      })
    },

    /** Many recipients: the job is durable before the answer, and worked off behind it. */
    async sendBatch(
      caller: Caller,
      content: JobContent,
      recipients: readonly JobRecipient[],
      idempotencyKey?: string,
    ): Promise<JobTicket> {
      const body = [content, recipients]
      return idempotency.once<JobTicket>(caller, idempotencyKey, body, async (keep) => {
        refuseWrong(recipients)
        if (caller.mode === 'live') deliveries.demandRelay(caller)
        limits.demandEmails(caller, recipients.length)
        if (content.template !== undefined) {
          templates.demandVariables(caller, content.template, recipients)
        }
        const ticket = await queue.write((transaction) => {
          const made = insert(caller, content, recipients.length, 'pending')
          for (const { email, variables } of recipients) {
            insertRecipient.run(
              made.id,
              email,
              variables ? JSON.stringify(variables) : null,
              'pending',
              null,
              0,
              null,
            )
          }
          keep(transaction, made)
          transaction.append({
            type: 'job.created',
            keyId: caller.keyId,
            tenantId: caller.tenantId,
            data: { job: made.id, recipients: recipients.length },
          })
          return made
        })
        hasActive = true
        loop.wake()
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
         WHERE (? IS NULL OR tenant_id = ?) AND (? IS NULL OR campaign_id = ?)
           AND (? = 0 OR status IN ('pending', 'processing', 'paused'))
         ORDER BY id DESC LIMIT ? OFFSET ?`,
        caller.tenantId,
        caller.tenantId,
        filter.campaignId ?? null,
        filter.campaignId ?? null,
        Number(filter.active),
        filter.limit,
        filter.offset,
      )
      return Promise.all(rows.map(toStatus))
    },

    async control(caller: Caller, id: number, action: 'pause' | 'resume' | 'stop' | 'retry') {
      const row = find(caller, id)
      if (!mayControl(row.status, action)) {
        throw new Fault(
          'invalid_request',
          `Failed to control job: a job that is ${row.status} cannot be ${action === 'stop' ? 'stopped' : `${action}d`}.`,
          { status: row.status, action },
        )
      }
      await queue.write((transaction) => {
        if (action === 'stop') {
          cancelPending.run(id)
          for (const message of messagesOf.all(id)) deliveries.cancel(transaction, message)
        }
        if (action === 'retry') retryFailed.run(id)
        const next = {
          pause: 'paused',
          resume: 'processing',
          stop: 'stopped',
          retry: 'processing',
        } as const
        change(transaction, row, next[action])
      })
      hasActive = true
      loop.wake()
      return toStatus(find(caller, id))
    },

    /** One row a recipient, in the job's order. */
    async deliveries(
      caller: Caller,
      id: number,
      { status, limit, offset }: { status?: string | undefined; limit: number; offset: number },
    ): Promise<{ rows: JobDeliveryRow[]; total: number }> {
      find(caller, id)
      const source = `
        FROM (
          SELECT r.id, r.email AS recipient, m.public_id AS tracking_id, r.attempts,
            r.last_attempt_at,
            coalesce(r.error, (SELECT last_reply FROM deliveries d
              WHERE d.message_id = m.id AND d.status IN ('bounced', 'failed', 'deferred') LIMIT 1)) AS error,
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
      return { rows, total: counted?.total ?? 0 }
    },

    idle: loop.idle,

    async close(): Promise<void> {
      stopListening()
      await loop.close()
    },
  }
}
