import { z } from 'zod'
import { KeyMode } from './keys.ts'
import { Limit, Page, Pagination, Timestamp } from './wire.ts'

/** Webhook events. Events of a message are sent once per recipient. */
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
      '`opened`, `clicked` and `complained` are accepted but never sent: there is no tracking',
    ),
  active: z.boolean(),
}

const Secret = z.string().min(8).max(256)

export const NewWebhook = z.object({
  ...webhookSettings,
  active: webhookSettings.active.default(true),
  secret: Secret.nullish().describe('Default: a generated secret, shown only in this response'),
})
export type NewWebhook = z.infer<typeof NewWebhook>

export const WebhookChange = z
  .object({
    ...webhookSettings,
    secret: Secret.nullable().describe('Null: a new secret, shown only in this response'),
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
    mode: KeyMode.describe('`test`: created by a test key, receives events of test mail only'),
    failures: z.int().describe('Consecutive deliveries that failed after all attempts'),
    disabled_at: Timestamp.nullable().describe('Time at which 20 consecutive failures disabled it'),
    problem: z
      .string()
      .nullable()
      .describe('Why nothing can be posted to it, as a sentence; null: no problem'),
    created_at: Timestamp,
  })
  .meta({ id: 'Webhook' })
export type Webhook = z.infer<typeof Webhook>

export const WebhookWithSecret = Webhook.extend({
  secret: z.string().optional().describe('Only if generated, and only in this response'),
})
export type WebhookWithSecret = z.infer<typeof WebhookWithSecret>

export const WebhookQuery = z.object({ page: Page, limit: Limit })
export type WebhookQuery = z.infer<typeof WebhookQuery>

export const WebhookList = z.object({ data: z.array(Webhook), pagination: Pagination })

export const WebhookLogStatus = z.enum(['pending', 'delivered', 'failed'])
export type WebhookLogStatus = z.infer<typeof WebhookLogStatus>

/** The delivery of one event to one webhook, with the last response. */
export const WebhookLog = z
  .object({
    id: z.string().meta({ example: 'wlog_42' }),
    webhook_id: z.string(),
    event_id: z.string().describe('The `id` of the payload; the same in every attempt and replay'),
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
  event: WebhookEvent.optional().describe('Default: the first event of the webhook'),
})

export const WebhookFigures = z.object({
  webhook_id: z.string(),
  delivered: z.int(),
  failed: z.int().describe('After all attempts'),
  pending: z.int(),
  last_attempt_at: Timestamp.nullable(),
})
export type WebhookFigures = z.infer<typeof WebhookFigures>
