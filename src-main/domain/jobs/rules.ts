import type { KeyMode } from '../../contract/keys.ts'

export type JobStatus = 'pending' | 'processing' | 'paused' | 'completed' | 'failed' | 'stopped'

export type JobRow = {
  readonly id: number
  readonly tracking_id: string
  readonly tenant_id: string | null
  readonly key_id: number | null
  readonly mode: KeyMode
  readonly status: JobStatus
  readonly template: string | null
  readonly campaign_id: string | null
  readonly content: string
  readonly total: number
  readonly created_at: number
  readonly started_at: number | null
  readonly completed_at: number | null
  readonly updated_at: number
}

export type JobProgress = {
  readonly total: number
  readonly sent: number
  readonly failed: number
  readonly cancelled: number
  /** Accepted but not finished; part of `pending`. */
  readonly underway: number
  readonly pending: number
  readonly percentage: number
}

/** The remaining time at the rate of the last minute; null without a rate. */
export function secondsLeft(status: JobStatus, pending: number, perMinute: number): number | null {
  if (status !== 'processing' || perMinute <= 0 || pending === 0) return null
  return Math.ceil((pending / perMinute) * 60)
}

/** The original MailSage API counts sent messages only. */
export function percentage(sent: number, total: number): number {
  return total === 0 ? 0 : Math.round((sent / total) * 10_000) / 100
}

const allowed = {
  pause: ['pending', 'processing'],
  resume: ['paused'],
  stop: ['pending', 'processing', 'paused'],
  retry: ['completed', 'failed'],
} as const satisfies Record<string, readonly JobStatus[]>

export type JobAction = keyof typeof allowed

export function mayControl(status: JobStatus, action: JobAction): boolean {
  return (allowed[action] as readonly JobStatus[]).includes(status)
}

export const afterAction = {
  pause: 'paused',
  resume: 'processing',
  stop: 'stopped',
  retry: 'processing',
} as const satisfies Record<JobAction, JobStatus>
