import { z } from 'zod'
import { MessageStatus } from './messages.ts'
import { RelayConnection } from './relays.ts'
import { Timestamp } from './wire.ts'

export const outboxFilters = [
  'waiting',
  'delivered',
  'bounced',
  'failed',
  'scheduled',
  'cancelled',
] as const
export const OutboxFilter = z.enum(outboxFilters)
export type OutboxFilter = z.infer<typeof OutboxFilter>

export const OutboxMessage = z
  .object({
    id: z.string(),
    position: z.int().nullable().describe('Cursor for `before` and `after`; null while scheduled'),
    status: MessageStatus,
    from: z.string(),
    to: z.array(z.string()).describe('The first ten'),
    subject: z.string(),
    recipients: z.int(),
    delivered: z.int().describe('Recipients with a delivery'),
    deferred: z.int().describe('Recipients with another attempt'),
    failed: z.int().describe('Recipients that bounced or failed'),
    relay: z.string().nullable(),
    last_reply: z.string().nullable().describe('Of the recipient with the worst status'),
    next_attempt_at: Timestamp.nullable(),
    key_id: z.string().nullable(),
    key_name: z.string().nullable(),
    created_at: Timestamp,
    scheduled_at: Timestamp.nullable(),
  })
  .meta({ id: 'OutboxMessage' })
export type OutboxMessage = z.infer<typeof OutboxMessage>

const Position = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER)

export const OutboxQuery = z.object({
  status: OutboxFilter.optional().describe('`waiting` is queued, sending and deferred'),
  key_id: z.string().max(64).optional(),
  query: z.string().max(200).optional().describe('Part of an address or of the subject'),
  ids: z
    .string()
    .max(6500)
    .regex(/^[^,]{0,64}(,[^,]{0,64}){0,99}$/, 'must be ids with commas between them, 100 at most')
    .transform((list) => list.split(','))
    .optional()
    .describe('Only these ids, comma-separated, in any status'),
  limit: z.coerce.number().int().min(1).max(100).default(50),
  before: Position.optional(),
  after: Position.optional(),
  scheduled_after: z
    .string()
    .regex(/^\d{1,15}\.\w{1,64}$/, 'must be next_scheduled of an earlier page')
    .optional()
    .describe('Only scheduled messages after the page with this `next_scheduled`'),
})
export type OutboxQuery = z.infer<typeof OutboxQuery>

export const OutboxList = z.object({
  data: z.array(OutboxMessage).describe('Accepted live messages, newest first'),
  scheduled: z
    .array(OutboxMessage)
    .describe('On the first page: scheduled messages, next first, at most 200'),
  next_scheduled: z
    .string()
    .nullable()
    .describe('`scheduled_after` of the next page of scheduled messages'),
  has_more: z.boolean(),
  next_before: z
    .int()
    .nullable()
    .describe('`before` of the next page; a rare word may take several pages'),
})
export type OutboxList = z.infer<typeof OutboxList>

export const outboxCountedUpTo = 10_000

export const OutboxSummary = z
  .object({
    counts: z
      .object({
        waiting: z.int(),
        delivered: z.int(),
        bounced: z.int(),
        failed: z.int(),
        scheduled: z.int(),
        cancelled: z.int(),
      } satisfies Record<OutboxFilter, z.ZodInt>)
      .describe(`Messages; ${outboxCountedUpTo}: that many or more`),
    queue: z
      .object({
        waiting: z.int(),
        sending: z.int(),
        deferred: z.int(),
        oldest_at: Timestamp.nullable().describe('When the oldest deferred message was accepted'),
        next_attempt_at: Timestamp.nullable(),
      })
      .describe('Recipients'),
    held_by_restore: z.int().describe('Messages of a restored backup that wait for their release'),
    delivered_today: z.int().describe('Recipients since `since`'),
    relays: z.object({
      configured: z.int(),
      unreachable: z.array(
        z.object({
          id: z.string(),
          name: z.string(),
          last_error: z.string().nullable(),
          connection: RelayConnection,
        }),
      ),
    }),
  })
  .meta({ id: 'OutboxSummary' })
export type OutboxSummary = z.infer<typeof OutboxSummary>

export const OutboxSummaryQuery = z.object({
  since: Timestamp.optional().describe('Start of the day; default: midnight UTC'),
})

export const EmailIds = z.object({ ids: z.array(z.string().max(64)).min(1).max(500) })

export const EmailsRetried = z.object({
  retried: z.array(z.string()).describe('Ids of the retried emails'),
  skipped: z
    .array(z.string())
    .describe('Ids of emails that do not exist or have no recipient to retry'),
})
