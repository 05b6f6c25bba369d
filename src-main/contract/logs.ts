import { z } from 'zod'
import { EventType, Outcome } from './events.ts'
import { Timestamp } from './wire.ts'

export const logTypes = ['request', 'session', 'message', 'audit', 'alert', 'junk'] as const
export const LogType = z
  .enum(logTypes)
  .describe(
    'request: HTTP requests and SMTP refusals; session: an SMTP connection; message: status changes; audit: changes of settings and resources; alert; junk: the last 500 refusals without a valid key',
  )
export type LogType = z.infer<typeof LogType>

const name = z.string().max(200)

export const LogQuery = z.object({
  email_id: z.string().max(64).optional().describe('All events of this email'),
  type: LogType.optional(),
  key_id: z.string().max(64).optional(),
  route: name.optional().describe('`POST /v1/send`, or `SMTP`'),
  outcome: Outcome.optional(),
  status: z.coerce.number().int().min(100).max(999).optional().describe('HTTP status, SMTP reply'),
  address: name.optional().describe('The client’s IP address'),
  request_id: z.string().max(64).optional(),
  text: name.optional().describe('Text anywhere in an entry, in any case'),
  from: Timestamp.optional(),
  to: Timestamp.optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
  before: z.coerce.number().int().min(0).optional().describe('Only entries older than this id'),
  after: z.coerce.number().int().min(0).optional().describe('Only entries newer than this id'),
})
export type LogQuery = z.infer<typeof LogQuery>

/** The first five fields are SelfMX's. Fields that do not apply are null. */
export const LogEntry = z
  .object({
    timestamp: Timestamp,
    email_id: z.string().nullable(),
    event: EventType,
    to: z.string().nullable(),
    smtp_response: z.string().nullable(),
    id: z.int(),
    type: LogType,
    key_id: z.string().nullable(),
    key_name: z.string().nullable(),
    tenant_id: z.string().nullable(),
    route: z.string().nullable(),
    status: z.int().nullable(),
    outcome: Outcome.nullable(),
    fault: z.string().nullable(),
    duration_ms: z.number().nullable(),
    address: z.string().nullable(),
    user_agent: z.string().nullable().describe('User-Agent, or the name given with EHLO'),
    request_id: z.string().nullable(),
    by: z.string().nullable().describe('Id of the key that made this change'),
    data: z.record(z.string(), z.unknown()).describe('Further fields of this event type'),
  })
  .meta({ id: 'LogEntry' })
export type LogEntry = z.infer<typeof LogEntry>

export const LogList = z.object({
  data: z.array(LogEntry).describe('Newest first; those of one email oldest first'),
  has_more: z.boolean(),
  next_before: z.int().nullable().describe('`before` of the next page'),
})
export type LogList = z.infer<typeof LogList>

export const Transcript = z
  .object({
    lines: z.array(
      z.object({
        from: z.enum(['client', 'server']),
        line: z.string(),
      }),
    ),
    address: z.string(),
    tls: z.string().nullable().describe('Protocol version; null: not encrypted'),
    user_agent: z.string(),
    request_id: z.string(),
    duration_ms: z.number().describe('From the connection to the last line'),
  })
  .meta({ id: 'Transcript' })
export type Transcript = z.infer<typeof Transcript>

export const LogEntryDetail = LogEntry.extend({
  transcript: Transcript.nullable().describe('The SMTP session, credentials masked'),
}).meta({ id: 'LogEntryDetail' })
