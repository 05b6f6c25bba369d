import type { Reader } from '../../storage/reader.ts'
import { type JobProgress, type JobRow, percentage } from './rules.ts'

export async function readProgress(reader: Reader, row: JobRow): Promise<JobProgress> {
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

/** Attempts per minute, over the last minute or since the start of the job. */
export async function readPerMinute(reader: Reader, now: number, row: JobRow): Promise<number> {
  if (row.started_at === null || row.status !== 'processing') return 0
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
}
