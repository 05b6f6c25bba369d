import { z } from 'zod'
import { KeyMode } from './keys.ts'
import { Limit, Page, Pagination, Timestamp } from './wire.ts'

/** What a webhook can be told of; those about a message come once for each recipient. */
export const webhookEvents = [
  'queued',
  'sending',
  'delivered',
  'bounced',
  'complained',
  'opened',
  'clicked',
  'captured',
  'deferred',
  'failed',
  'alert',
] as const
export const WebhookEvent = z.enum(webhookEvents)
export type WebhookEvent = z.infer<typeof WebhookEvent>

const webhookSettings = {
  url: z
    .string()
    .trim()
    .min(1)
    .max(2048)
    .meta({ format: 'http-url' })
    .describe('http or https, without user name or fragment'),
  events: z
    .array(WebhookEvent)
    .min(1)
    .max(100)
    .transform((events) => [...new Set(events)])
    .describe(
      '`opened`, `clicked` and `complained` are accepted, but this version never raises them: there is no tracking',
    ),
  active: z.boolean(),
}

const Secret = z.string().min(8).max(256)

export const NewWebhook = z.object({
  ...webhookSettings,
  active: webhookSettings.active.default(true),
  secret: Secret.nullish().describe('Left out: one is made and shown in this answer only'),
})
export type NewWebhook = z.infer<typeof NewWebhook>

export const WebhookChange = z
  .object({
    ...webhookSettings,
    secret: Secret.nullable().describe('Null: a new one is made and shown in this answer only'),
  })
  .partial()
export type WebhookChange = z.infer<typeof WebhookChange>

export const Webhook = z
  .object({
    id: z.string().meta({ example: 'wh_06bqz0f7h3k2p9x4' }),
    url: z.string(),
    events: z.array(WebhookEvent),
    active: z.boolean(),
    tenant_id: z.string().nullable(),
    mode: KeyMode.describe('`test`: made by a test key, and told of test mail only'),
    failures: z.int().describe('Deliveries in a row that failed after all their tries'),
    disabled_at: Timestamp.nullable().describe('When 20 failures in a row switched it off'),
    problem: z
      .string()
      .nullable()
      .describe('Why nothing can be posted to it, as a sentence; null: it can'),
    created_at: Timestamp,
  })
  .meta({ id: 'Webhook' })
export type Webhook = z.infer<typeof Webhook>

export const WebhookWithSecret = Webhook.extend({
  secret: z.string().optional().describe('Only when it was made here, and only this once'),
})
export type WebhookWithSecret = z.infer<typeof WebhookWithSecret>

export const WebhookQuery = z.object({ page: Page, limit: Limit })
export type WebhookQuery = z.infer<typeof WebhookQuery>

export const WebhookList = z.object({ data: z.array(Webhook), pagination: Pagination })

export const WebhookLogStatus = z.enum(['pending', 'delivered', 'failed'])
export type WebhookLogStatus = z.infer<typeof WebhookLogStatus>

/** One event on its way to one webhook, with the last answer. */
export const WebhookLog = z
  .object({
    id: z.string().meta({ example: 'wlog_42' }),
    webhook_id: z.string(),
    event_id: z.string().describe('The `id` of the payload; the same in every try and replay'),
    event: WebhookEvent,
    status: WebhookLogStatus,
    test: z.boolean(),
    attempts: z.int(),
    response_status: z.int().nullable(),
    response_body: z.string().nullable().describe('The first 2000 characters'),
    error: z.string().nullable(),
    duration_ms: z.int().nullable(),
    next_attempt_at: Timestamp.nullable(),
    last_attempt_at: Timestamp.nullable(),
    created_at: Timestamp,
    payload: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'WebhookLog' })
export type WebhookLog = z.infer<typeof WebhookLog>

export const WebhookLogQuery = z.object({
  page: Page,
  limit: Limit,
  status: WebhookLogStatus.optional(),
  event: WebhookEvent.optional(),
  before: z.string().max(64).optional().describe('Only entries older than this id'),
  after: z.string().max(64).optional().describe('Only entries newer than this id'),
})
export type WebhookLogQuery = z.infer<typeof WebhookLogQuery>

export const WebhookLogList = z.object({ data: z.array(WebhookLog), pagination: Pagination })

export const WebhookTest = z.object({
  event: WebhookEvent.optional().describe('Default: the first of the events it listens to'),
})

export const WebhookFigures = z.object({
  webhook_id: z.string(),
  delivered: z.int(),
  failed: z.int().describe('After all their tries'),
  pending: z.int(),
  last_attempt_at: Timestamp.nullable(),
})
export type WebhookFigures = z.infer<typeof WebhookFigures>
