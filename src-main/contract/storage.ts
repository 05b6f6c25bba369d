import { z } from 'zod'
import { storageFaultCodes } from './faults.ts'
import { Timestamp } from './wire.ts'

export const HeldCounts = z.object({
  messages: z.int().describe('Live messages that are queued, deferred or scheduled'),
  jobs: z.int().describe('Live jobs that have not come to their end'),
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
      .describe('What the backup would send: it waits for a release, since it may be sent already'),
    will_lose: z
      .int()
      .nullable()
      .default(null)
      .describe(
        'Messages of now that the backup does not have, at the time of the upload; those accepted until the next start are lost too',
      ),
  })
  .describe('Takes the place of the database at the next start')
export type PendingRestore = z.infer<typeof PendingRestore>

export const StorageProblem = z.object({
  code: z.enum([...storageFaultCodes, 'secrets_unreadable']),
  message: z.string().describe('A sentence that says what to do'),
})
export type StorageProblem = z.infer<typeof StorageProblem>

export const RestoredQueue = z
  .object({
    restored_at: Timestamp,
    kept_file: z.string().nullable().describe('The database of before, in the data folder'),
    lost_messages: z
      .int()
      .nullable()
      .describe('Messages of before that the backup did not have; null: unknown'),
    held: HeldCounts,
  })
  .describe('What a restored backup had in its queue; nothing of it is sent until it is released')
export type RestoredQueue = z.infer<typeof RestoredQueue>

export const Storage = z
  .object({
    folder: z.string(),
    database_bytes: z.int().describe('With its write-ahead log'),
    index_bytes: z.int().describe('The search index; made again when it is lost'),
    unused_bytes: z.int().describe('Inside the database, free for new mail; tidying gives it back'),
    free_bytes: z.int().describe('On the disk'),
    index_percent: z
      .int()
      .describe('Of the messages; below 100, searches find a part of what there is'),
    messages: z.int(),
    problems: z.array(StorageProblem).describe('What is wrong with the folder, the gravest first'),
    tidies_at_start: z.boolean(),
    pending_restore: PendingRestore.nullable(),
    restored_queue: RestoredQueue.nullable(),
  })
  .meta({ id: 'Storage' })
export type Storage = z.infer<typeof Storage>

/** What retention may keep; 0: for good, or all. */
export const keepLimits = {
  keep_days: z.int().min(0).max(36_500).describe('Messages are deleted after so many days'),
  keep_messages: z.int().min(0).max(1_000_000_000).describe('The oldest beyond are deleted'),
  keep_log_days: z.int().min(0).max(36_500).describe('Access log, transcripts, cleared alerts'),
  keep_webhook_log_days: z.int().min(0).max(36_500).describe('What each webhook was sent'),
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
