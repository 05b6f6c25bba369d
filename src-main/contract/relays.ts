import { z } from 'zod'
import { Timestamp } from './wire.ts'

export const RelayTls = z.enum(['none', 'starttls', 'implicit'])
export type RelayTls = z.infer<typeof RelayTls>

const relaySettings = {
  name: z.string().trim().min(1).max(255),
  host: z.string().trim().min(1).max(253),
  port: z.int().min(1).max(65_535),
  username: z.string().max(255).nullable(),
  tls: RelayTls.describe('`starttls` is required, not opportunistic'),
  tls_verify: z.boolean().describe('Check the certificate'),
  from_email: z.email().max(254).nullable().describe('Sender of MailSage sends'),
  priority: z.int().min(1).max(1000).describe('Lowest first; the next one takes over'),
}

export const NewRelay = z.object({
  ...relaySettings,
  port: relaySettings.port.default(587),
  username: relaySettings.username.default(null),
  password: z.string().max(1024).nullable().default(null),
  tls: relaySettings.tls.default('starttls'),
  tls_verify: relaySettings.tls_verify.default(true),
  from_email: relaySettings.from_email.default(null),
  priority: relaySettings.priority.default(100),
})
export type NewRelay = z.infer<typeof NewRelay>

export const RelayChange = z
  .object({ ...relaySettings, password: z.string().max(1024).nullable() })
  .partial()
export type RelayChange = z.infer<typeof RelayChange>

export const Relay = z
  .object({
    id: z.string().meta({ example: 'relay_1' }),
    ...relaySettings,
    has_password: z.boolean(),
    source: z.enum(['created', 'environment']),
    health: z.enum(['unknown', 'healthy', 'unreachable']),
    last_error: z.string().nullable(),
    last_used_at: Timestamp.nullable(),
    created_at: Timestamp,
  })
  .meta({ id: 'Relay' })
export type Relay = z.infer<typeof Relay>

export const RelayTest = z.object({
  recipient: z.email().max(254).optional().describe('Also send a test message to this address'),
})

export const RelayTested = z.object({
  status: z.literal('ok'),
  message: z.string(),
  duration_ms: z.number(),
})
