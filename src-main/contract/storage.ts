import { z } from 'zod'
import { storageFaultCodes } from './faults.ts'
import { Timestamp } from './wire.ts'

export const HeldCounts = z.object({
  messages: z.int().describe('Live messages that are queued, deferred or scheduled'),
  jobs: z.int().describe('Live jobs that are not finished'),
  webhook_deliveries: z.int(),
})
export type HeldCounts = z.infer<typeof HeldCounts>

export const PendingRestore = z
  .object({
    bytes: z.int(),
    messages: z.int(),
    schema_version: z.int(),
    uploaded_at: Timestamp,
    will_hold: HeldCounts.nullable()
      .default(null)
      .describe(
        'Queue of the backup. It waits for a release, because it may have been sent already',
      ),
    will_lose: z
      .int()
      .nullable()
      .default(null)
      .describe(
        'Current messages that are not in the backup, at the time of the upload. Messages accepted until the next start are lost too',
      ),
  })
  .describe('Replaces the database at the next start')
export type PendingRestore = z.infer<typeof PendingRestore>

export const StorageProblem = z.object({
  code: z.enum([...storageFaultCodes, 'secrets_unreadable']),
  message: z.string().describe('The problem and its remedy'),
})
export type StorageProblem = z.infer<typeof StorageProblem>

export const RestoredQueue = z
  .object({
    restored_at: Timestamp,
    kept_file: z.string().nullable().describe('The former database, in the data folder'),
    lost_messages: z
      .int()
      .nullable()
      .describe('Former messages that were not in the backup; null: unknown'),
    held: HeldCounts,
  })
  .describe('Queue of a restored backup; nothing is sent until its release')
export type RestoredQueue = z.infer<typeof RestoredQueue>

export const Storage = z
  .object({
    folder: z.string(),
    database_bytes: z.int().describe('With its write-ahead log'),
    index_bytes: z.int().describe('The search index; rebuilt if it is lost'),
    unused_bytes: z
      .int()
      .describe('Free space inside the database; tidying returns it to the disk'),
    free_bytes: z.int().describe('On the disk'),
    index_percent: z
      .int()
      .describe('Indexed share of the messages; below 100, search results are incomplete'),
    messages: z.int(),
    problems: z.array(StorageProblem).describe('Problems of the folder, most severe first'),
    tidies_at_start: z.boolean(),
    pending_restore: PendingRestore.nullable(),
    restored_queue: RestoredQueue.nullable(),
  })
  .meta({ id: 'Storage' })
export type Storage = z.infer<typeof Storage>

/** Retention limits; 0: no limit. */
export const keepLimits = {
  keep_days: z.int().min(0).max(36_500).describe('Messages are deleted after this many days'),
  keep_messages: z
    .int()
    .min(0)
    .max(1_000_000_000)
    .describe('The oldest messages above this number are deleted'),
  keep_log_days: z.int().min(0).max(36_500).describe('Access log, transcripts, cleared alerts'),
  keep_webhook_log_days: z.int().min(0).max(36_500).describe('Webhook deliveries'),
}

const wanted = (most: number) => z.coerce.number().int().min(0).max(most).optional()

export const RetentionQuery = z.object({
  keep_days: wanted(36_500),
  keep_messages: wanted(1_000_000_000),
  keep_log_days: wanted(36_500),
  keep_webhook_log_days: wanted(36_500),
})
export type RetentionQuery = z.infer<typeof RetentionQuery>

export const RetentionPreview = z.object({
  messages: z.int(),
  log_entries: z.int(),
  webhook_log_entries: z.int(),
})
export type RetentionPreview = z.infer<typeof RetentionPreview>
