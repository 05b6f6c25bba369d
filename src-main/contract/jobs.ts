import { z } from 'zod'
import { Pagination, Timestamp } from './wire.ts'

export const JobState = z.enum([
  'pending',
  'processing',
  'paused',
  'completed',
  'failed',
  'stopped',
])
export type JobState = z.infer<typeof JobState>

/** The native view of a job: one content to many recipients. */
export const BatchJob = z
  .object({
    id: z.string(),
    status: JobState,
    tracking_id: z.string(),
    subject: z.string().nullable(),
    from: z.string(),
    template_id: z.string().nullable(),
    campaign_id: z.string().nullable(),
    key_id: z.string().nullable(),
    key_name: z.string().nullable(),
    progress: z.object({
      total: z.int(),
      sent: z.int(),
      failed: z.int(),
      cancelled: z.int(),
      underway: z.int().describe('Accepted, without a final reply of the relay; part of `pending`'),
      pending: z.int(),
    }),
    per_minute: z.number().describe('Recipients started in the last minute'),
    seconds_left: z.int().nullable().describe('At this rate; null: unknown'),
    created_at: Timestamp,
    started_at: Timestamp.nullable(),
    completed_at: Timestamp.nullable(),
    updated_at: Timestamp,
  })
  .meta({ id: 'BatchJob' })
export type BatchJob = z.infer<typeof BatchJob>

const JobNumber = z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER)

export const JobId = z.object({ id: JobNumber })

export const JobQuery = z.object({
  active: z.enum(['true', 'false']).optional().describe('Only jobs that are not finished'),
  limit: z.coerce.number().int().min(1).max(100).default(25),
  before: JobNumber.optional().describe('Only jobs older than this id'),
})
export type JobQuery = z.infer<typeof JobQuery>

export const JobList = z.object({ data: z.array(BatchJob), has_more: z.boolean() })

export const jobDeliveryStatuses = [
  'pending',
  'sent',
  'delivered',
  'failed',
  'bounced',
  'cancelled',
] as const
export const JobDeliveryStatus = z.enum(jobDeliveryStatuses)
export type JobDeliveryStatus = z.infer<typeof JobDeliveryStatus>

export const JobDelivery = z.object({
  id: z.int(),
  recipient: z.string(),
  status: JobDeliveryStatus,
  email_id: z.string().nullable(),
  attempts: z.int(),
  last_attempt_at: Timestamp.nullable(),
  error: z.string().nullable(),
})
export type JobDelivery = z.infer<typeof JobDelivery>

export const JobDeliveryQuery = z.object({
  page: z.coerce.number().int().min(1).max(1_000_000).default(1),
  limit: z.coerce.number().int().min(1).max(500).default(100),
  status: JobDeliveryStatus.optional(),
})

export const JobDeliveries = z.object({ data: z.array(JobDelivery), pagination: Pagination })
