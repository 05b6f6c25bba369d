import { randomUUID } from 'node:crypto'
import type { Clock } from '../../base/clock.ts'
import { timeId } from '../../base/ids.ts'
import type { TemplateEngine } from '../../contract/templates.ts'
import type { CommitQueue, Transaction } from '../../storage/commit-queue.ts'
import type { Database } from '../../storage/database.ts'
import type { Reader } from '../../storage/reader.ts'
import type { Caller } from '../auth/caller.ts'
import type { TemplateSnapshot } from '../templates/rows.ts'
import { readPerMinute, readProgress } from './progress.ts'
import type { JobRow, JobStatus } from './rules.ts'

export type JobStore = ReturnType<typeof createJobStore>

export type Variables = Readonly<Record<string, unknown>>

export type JobRecipient = { readonly email: string; readonly variables?: Variables | undefined }

/** The content of a job, before it is rendered per recipient. */
export type JobContent = {
  readonly from: string
  readonly subject?: string | undefined
  readonly html?: string | undefined
  readonly text?: string | undefined
  readonly template?: string | undefined
  /** Of subject and body without a template; jobs of earlier versions lack it and use Liquid. */
  readonly engine?: TemplateEngine | undefined
  /** The version of `template` at acceptance; jobs of earlier releases lack it. */
  readonly snapshot?: TemplateSnapshot | undefined
  readonly relayId?: number | undefined
  readonly campaignId?: string | undefined
  /** Links the messages to the request in the access log; not part of the content. */
  readonly requestId?: string | undefined
}

/** The ids of a job. */
export type JobTicket = {
  readonly id: number
  readonly taskId: string
  readonly trackingId: string
}

type NewJob = {
  readonly caller: Caller
  readonly content: JobContent
  readonly total: number
  readonly status: JobStatus
  readonly trackingId?: string
}

type RecipientRow = {
  readonly id: number
  readonly email: string
  readonly variables: string | null
}

type JobStoreDeps = {
  readonly database: Database
  readonly queue: CommitQueue
  readonly reader: Reader
  readonly clock: Clock
}

/** The statements of jobs and recipients. Writes run inside a transaction. */
export function createJobStore({ database, queue, reader, clock }: JobStoreDeps) {
  const statements = prepareStatements(database)
  return {
    insert: (job: NewJob): JobTicket => insertJob(statements, clock.now(), job),

    insertRecipient(
      job: JobTicket,
      { email, variables }: JobRecipient,
      messageId: number | null = null,
    ): void {
      const isAccepted = messageId !== null
      statements.insertRecipient.run(
        job.id,
        email,
        variables ? JSON.stringify(variables) : null,
        isAccepted ? 'accepted' : 'pending',
        messageId,
        isAccepted ? 1 : 0,
        isAccepted ? clock.now() : null,
      )
    },

    get: (id: number): JobRow | undefined => statements.select.get(id),
    active: (): JobRow[] => statements.active.all(),
    pendingOf: (id: number, limit: number): RecipientRow[] => statements.pendingOf.all(id, limit),

    /** False when the recipient was cancelled meanwhile. */
    accepted: (recipientId: number, messageId: number): boolean =>
      statements.setAccepted.run(messageId, clock.now(), recipientId).changes > 0,

    failed: (recipientId: number, reason: string): Promise<void> =>
      queue.write(() => void statements.setFailed.run(reason, clock.now(), recipientId)),

    touch: (id: number): Promise<void> =>
      queue.write(() => void statements.touch.run(clock.now(), id)),

    /** False when the status has changed since `row` was read. */
    move(transaction: Transaction, row: JobRow, status: JobStatus): boolean {
      const now = clock.now()
      const isOver = status === 'completed' || status === 'failed' || status === 'stopped'
      const startedAt = status === 'processing' || isOver ? now : null
      const endedAt = isOver ? now : null
      const { changes } = statements.setStatus.run(
        status,
        now,
        startedAt,
        endedAt,
        row.id,
        row.status,
      )
      if (changes === 0) return false
      transaction.append({
        type: 'job.changed',
        keyId: row.key_id,
        tenantId: row.tenant_id,
        data: { job: row.id, status },
      })
      return true
    },

    /** Returns the queued messages. */
    stop(id: number): number[] {
      statements.cancelPending.run(id)
      return statements.messagesOf.all(id)
    },

    /**
     * Failed and bounced recipients become pending and get a new message. Returns the failed
     * messages: those are retried themselves, because a new one would arrive twice.
     */
    retryFailed(id: number): number[] {
      statements.resetFailed.run(id)
      return statements.countRetry.all(clock.now(), id)
    },

    progressOf: (row: JobRow) => readProgress(reader, row),
    perMinuteOf: (row: JobRow) => readPerMinute(reader, clock.now(), row),
  }
}

function insertJob(
  { insertJob }: Statements,
  now: number,
  { caller, content, total, status, trackingId = timeId('trk', now) }: NewJob,
): JobTicket {
  const ticket = { taskId: randomUUID(), trackingId }
  const { lastInsertRowid } = insertJob.run(
    ticket.trackingId,
    ticket.taskId,
    caller.tenantId,
    caller.keyId,
    caller.mode,
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

type Statements = ReturnType<typeof prepareStatements>

function prepareStatements(database: Database) {
  return {
    insertJob: database.prepare(`
      INSERT INTO jobs (
        tracking_id, task_id, tenant_id, key_id, mode, status, template, campaign_id, content, total,
        created_at, started_at, completed_at, updated_at
      ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    `),
    insertRecipient: database.prepare<
      [number, string, string | null, string, number | null, number, number | null]
    >(`
      INSERT INTO job_recipients (job_id, email, variables, status, message_id, attempts, last_attempt_at)
      VALUES (?, ?, ?, ?, ?, ?, ?)
    `),
    select: database.prepare<[number], JobRow>('SELECT * FROM jobs WHERE id = ?'),
    active: database.prepare<[], JobRow>(
      `SELECT * FROM jobs WHERE status IN ('pending', 'processing')
         AND id NOT IN (SELECT job_id FROM restored_jobs) ORDER BY id LIMIT 100`,
    ),
    pendingOf: database.prepare<[number, number], RecipientRow>(`
      SELECT id, email, variables FROM job_recipients
      WHERE job_id = ? AND status = 'pending' ORDER BY id LIMIT ?
    `),
    setAccepted: database.prepare<[number, number, number]>(`
      UPDATE job_recipients SET status = 'accepted', message_id = ?, attempts = attempts + 1,
        last_attempt_at = ?, error = NULL
      WHERE id = ? AND status = 'pending'
    `),
    setFailed: database.prepare<[string, number, number]>(`
      UPDATE job_recipients SET status = 'failed', error = ?, attempts = attempts + 1,
        last_attempt_at = ?
      WHERE id = ? AND status = 'pending'
    `),
    setStatus: database.prepare<
      [JobStatus, number, number | null, number | null, number, JobStatus]
    >(`
      UPDATE jobs SET status = ?, updated_at = ?, started_at = coalesce(started_at, ?),
        completed_at = ?
      WHERE id = ? AND status = ?
    `),
    touch: database.prepare<[number, number]>('UPDATE jobs SET updated_at = ? WHERE id = ?'),
    cancelPending: database.prepare<[number]>(`
      UPDATE job_recipients SET status = 'cancelled', error = 'Job stopped by user'
      WHERE job_id = ? AND status = 'pending'
    `),
    messagesOf: database
      .prepare<[number], number>(`
        SELECT messages.id FROM job_recipients JOIN messages ON messages.id = job_recipients.message_id
        WHERE job_id = ? AND messages.status IN ('queued', 'sending')
      `)
      .pluck(),
    resetFailed: database.prepare<[number]>(`
      UPDATE job_recipients SET status = 'pending', message_id = NULL, error = NULL
      WHERE job_id = ? AND (
        status = 'failed' OR message_id IN (SELECT id FROM messages WHERE status = 'bounced')
      )
    `),
    countRetry: database
      .prepare<[number, number], number>(`
        UPDATE job_recipients SET attempts = attempts + 1, last_attempt_at = ?
        WHERE job_id = ? AND message_id IN (SELECT id FROM messages WHERE status = 'failed')
        RETURNING message_id
      `)
      .pluck(),
  }
}
