import { z } from 'zod'
import { Timestamp } from './wire.ts'

/** Events of a message. */
export const messageEventTypes = [
  'captured',
  'queued',
  'sending',
  'delivered',
  'deferred',
  'bounced',
  'failed',
  'scheduled',
  'cancelled',
  'released',
  'retried',
] as const

/** Facts of the event log. Data holds ids, sizes and codes, never bodies or secrets. */
export const eventTypes = [
  ...messageEventTypes,
  'job.created',
  'job.changed',
  'indexed',
  'inbox.changed',
  'request',
  'session',
  'junk',
  'key.created',
  'key.updated',
  'key.rotated',
  'key.revoked',
  'relay.created',
  'relay.updated',
  'relay.deleted',
  'relay.health',
  'tenant.created',
  'tenant.updated',
  'tenant.deleted',
  'webhook.created',
  'webhook.updated',
  'webhook.deleted',
  'webhook.failed',
  'webhook.disabled',
  'settings.updated',
  'restore.applied',
  'restore.released',
  'restore.cancelled',
  'template.created',
  'template.updated',
  'template.deleted',
  'alert',
  'alert.acknowledged',
  'alert.rules_updated',
] as const

export const EventType = z.enum(eventTypes)
export type EventType = z.infer<typeof EventType>

export const Event = z
  .object({
    seq: z.int(),
    at: Timestamp,
    type: EventType,
    key_id: z.string().nullable(),
    tenant_id: z.string().nullable(),
    message_id: z.string().nullable(),
    data: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'Event' })
export type Event = z.infer<typeof Event>

const types = eventTypes.join('|').replaceAll('.', '\\.')
export const eventTypeList = new RegExp(`^ *(${types}) *(, *(${types}) *)*$`)

export const EventQuery = z.object({
  after: z.coerce
    .number()
    .int()
    .min(0)
    .optional()
    .describe('Resume after this `seq`; default: now'),
  types: z
    .string()
    .max(500)
    .regex(
      eventTypeList,
      `must be event types with commas between them, each one of: ${eventTypes.join(', ')}`,
    )
    .transform((list) => list.split(',').map((type) => type.trim()))
    .pipe(z.array(EventType))
    .optional()
    .describe('Comma-separated event types; default: all'),
})

/** Outcome of a request, for usage figures. */
export const outcomes = [
  'ok',
  'client_closed',
  'invalid',
  'not_found',
  'unauthorized',
  'forbidden',
  'rate_limited',
  'error',
] as const
export const Outcome = z.enum(outcomes)
export type Outcome = z.infer<typeof Outcome>
