import { iso, isoOrNull } from '../../base/clock.ts'
import type { BatchJob } from '../../contract/jobs.ts'
import type { Keys } from '../auth/keys.ts'
import { type JobRow, secondsLeft } from './rules.ts'
import type { JobContent, JobStore } from './store.ts'

/** The status of a job in MailSage's dialect. */
export async function toStatus(store: JobStore, row: JobRow) {
  const { underway: _underway, cancelled: _cancelled, ...progress } = await store.progressOf(row)
  return {
    id: String(row.id),
    status: row.status,
    tracking_id: row.tracking_id,
    progress,
    is_paused: row.status === 'paused',
    template_id: row.template,
    campaign_id: row.campaign_id,
    ...timesOf(row),
  }
}

/** A job in the native dialect. */
export async function toBatchJob(store: JobStore, keys: Keys, row: JobRow): Promise<BatchJob> {
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
    ...timesOf(row),
  }
}

function timesOf(row: JobRow) {
  return {
    created_at: iso(row.created_at),
    started_at: isoOrNull(row.started_at),
    completed_at: isoOrNull(row.completed_at),
    updated_at: iso(row.updated_at),
  }
}
