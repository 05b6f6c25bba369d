import { randomUUID } from 'node:crypto'
import type { Clock } from '../../base/clock.ts'
import { timeId } from '../../base/ids.ts'
import type { TemplateEngine } from '../../contract/templates.ts'
import type { CommitQueue, Transaction } from '../../storage/commit-queue.ts'
import type { Database } from '../../storage/database.ts'
import type { Reader } from '../../storage/reader.ts'
import type { Caller } from '../auth/caller.ts'
import type { TemplateSnapshot } from '../templates/rows.ts'
import { type JobProgress, type JobRow, type JobStatus, percentage } from './rules.ts'

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
  /** Of subject and body without a template; jobs of earlier releases lack it and use Liquid. */
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
  const insertJob = database.prepare(`
    INSERT INTO jobs (
      tracking_id, task_id, tenant_id, key_id, mode, status, template, campaign_id, content, total,
      created_at, started_at, completed_at, updated_at
    ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  `)
  const insertRecipient = database.prepare<
    [number, string, string | null, string, number | null, number, number | null]
  >(`
    INSERT INTO job_recipients (job_id, email, variables, status, message_id, attempts, last_attempt_at)
    VALUES (?, ?, ?, ?, ?, ?, ?)
  `)
  const select = database.prepare<[number], JobRow>('SELECT * FROM jobs WHERE id = ?')
  const active = database.prepare<[], JobRow>(
    `SELECT * FROM jobs WHERE status IN ('pending', 'processing')
       AND id NOT IN (SELECT job_id FROM restored_jobs) ORDER BY id LIMIT 100`,
  )
  const pendingOf = database.prepare<[number, number], RecipientRow>(`
    SELECT id, email, variables FROM job_recipients
    WHERE job_id = ? AND status = 'pending' ORDER BY id LIMIT ?
  `)
  const setAccepted = database.prepare<[number, number, number]>(`
    UPDATE job_recipients SET status = 'accepted', message_id = ?, attempts = attempts + 1,
      last_attempt_at = ?, error = NULL
    WHERE id = ? AND status = 'pending'
  `)
  const setFailed = database.prepare<[string, number, number]>(`
    UPDATE job_recipients SET status = 'failed', error = ?, attempts = attempts + 1,
      last_attempt_at = ?
    WHERE id = ? AND status = 'pending'
  `)
  const setStatus = database.prepare<
    [JobStatus, number, number | null, number | null, number, JobStatus]
  >(`
    UPDATE jobs SET status = ?, updated_at = ?, started_at = coalesce(started_at, ?),
      completed_at = ?
    WHERE id = ? AND status = ?
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
  const resetFailed = database.prepare<[number]>(`
    UPDATE job_recipients SET status = 'pending', message_id = NULL, error = NULL
    WHERE job_id = ? AND (
      status = 'failed' OR message_id IN (SELECT id FROM messages WHERE status = 'bounced')
    )
  `)
  const countRetry = database
    .prepare<[number, number], number>(`
      UPDATE job_recipients SET attempts = attempts + 1, last_attempt_at = ?
      WHERE job_id = ? AND message_id IN (SELECT id FROM messages WHERE status = 'failed')
      RETURNING message_id
    `)
    .pluck()

  return {
    insert,

    insertRecipient(
      job: JobTicket,
      { email, variables }: JobRecipient,
      messageId: number | null = null,
    ): void {
      const isAccepted = messageId !== null
      insertRecipient.run(
        job.id,
        email,
        variables ? JSON.stringify(variables) : null,
        isAccepted ? 'accepted' : 'pending',
        messageId,
        isAccepted ? 1 : 0,
        isAccepted ? clock.now() : null,
      )
    },

    get: (id: number): JobRow | undefined => select.get(id),
    active: (): JobRow[] => active.all(),
    pendingOf: (id: number, limit: number): RecipientRow[] => pendingOf.all(id, limit),

    /** False when the recipient was cancelled meanwhile. */
    accepted: (recipientId: number, messageId: number): boolean =>
      setAccepted.run(messageId, clock.now(), recipientId).changes > 0,

    failed: (recipientId: number, reason: string): Promise<void> =>
      queue.write(() => void setFailed.run(reason, clock.now(), recipientId)),

    touch: (id: number): Promise<void> => queue.write(() => void touch.run(clock.now(), id)),

    /** False when the status has changed since `row` was read. */
    move(transaction: Transaction, row: JobRow, status: JobStatus): boolean {
      const now = clock.now()
      const isOver = status === 'completed' || status === 'failed' || status === 'stopped'
      const startedAt = status === 'processing' || isOver ? now : null
      const endedAt = isOver ? now : null
      const { changes } = setStatus.run(status, now, startedAt, endedAt, row.id, row.status)
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
      cancelPending.run(id)
      return messagesOf.all(id)
    },

    /**
     * Failed and bounced recipients become pending and get a new message. Returns the failed
     * messages: those are retried themselves, because a new one would arrive twice.
     */
    retryFailed(id: number): number[] {
      resetFailed.run(id)
      return countRetry.all(clock.now(), id)
    },

    progressOf,

    /** Attempts per minute, over the last minute or since the start of the job. */
    async perMinuteOf(row: JobRow): Promise<number> {
      if (row.started_at === null || row.status !== 'processing') return 0
      const now = clock.now()
      // A start in the future comes from a clock that was ahead.
      const startedAt = row.started_at > now ? 0 : row.started_at
      const since = Math.max(startedAt, now - 60_000)
      const found = await reader.first<{ count: number }>(
        'SELECT count(*) AS count FROM job_recipients WHERE job_id = ? AND last_attempt_at >= ?',
        row.id,
        since,
      )
      const minutes = Math.max(1000, now - since) / 60_000
      return Math.round((found?.count ?? 0) / minutes)
    },
  }

  async function progressOf(row: JobRow): Promise<JobProgress> {
    const counts = await reader.first<Omit<JobProgress, 'total' | 'pending' | 'percentage'>>(
      `SELECT
         -- Only finished messages are deleted, so a missing one was delivered.
         coalesce(sum(CASE r.status WHEN 'accepted'
           THEN m.id IS NULL OR m.status IN ('captured', 'delivered') END), 0) AS sent,
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
}
