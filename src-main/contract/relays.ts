import { z } from 'zod'
import { EmailAddress } from './email-address.ts'
import { Timestamp, trimmed } from './wire.ts'

export const RelayTls = z.enum(['none', 'starttls', 'implicit'])
export type RelayTls = z.infer<typeof RelayTls>

/** From consecutive failures: none, one to three, more. */
export const RelayHealth = z.enum(['unknown', 'healthy', 'warning', 'critical'])
export type RelayHealth = z.infer<typeof RelayHealth>

/** The steps of sending, in their order (RFC 5321 §4.5.3.2). */
export const RelayStep = z.enum([
  'connect',
  'greeting',
  'tls',
  'sign_in',
  'envelope',
  'data',
  'acceptance',
])
export type RelayStep = z.infer<typeof RelayStep>

/** The current state of the connection to a relay. */
export const RelayConnection = z.object({
  state: z
    .enum(['untried', 'answers', 'hangs', 'refuses', 'unreachable'])
    .describe(
      '`hangs`: connects, but does not reply; `refuses`: rejects every message or closes the session; `untried`: not used since the start or a change',
    ),
  since: Timestamp.nullable().describe('Start of the outage'),
  step: RelayStep.nullable().describe('The step without a reply'),
  next_try_at: Timestamp.nullable().describe('Time of the next probe, with one message'),
  waiting: z.int().describe('Recipients that wait for this relay; 1000: that many or more'),
})
export type RelayConnection = z.infer<typeof RelayConnection>

export const DailyLimit = z.int().min(1).max(1_000_000_000)

const relaySettings = {
  name: trimmed(255),
  host: trimmed(253),
  port: z.int().min(1).max(65_535),
  username: z.string().max(255).nullable(),
  tls: RelayTls.describe('`starttls` is required, not opportunistic'),
  tls_verify: z.boolean().describe('Check the certificate'),
  from_email: EmailAddress.nullable().describe('Sender of MailSage sends'),
  priority: z.int().min(1).max(1000).describe('Lowest first; the next relay takes over'),
}

const limits = {
  is_default: z.boolean().describe('Used before all others; one relay is the default'),
  daily_limit: DailyLimit.nullable().describe(
    'Recipients per UTC day; a relay at its limit is skipped. Null: no limit',
  ),
}

/** A token request carries secrets, so it is encrypted wherever it leaves the machine. */
const TokenAddress = z
  .url({ protocol: /^https?$/ })
  .max(2000)
  .refine(
    (text) =>
      URL.canParse(text) &&
      (text.startsWith('https:') ||
        ['localhost', '127.0.0.1', '[::1]'].includes(new URL(text).hostname)),
    { error: 'must be an https:// address' },
  )

const Secret = z.string().min(1).max(4096)

export const RelayOAuth2 = z.object({
  client_id: z.string().min(1).max(512),
  client_secret: Secret,
  refresh_token: Secret,
  access_url: TokenAddress.describe('Token endpoint for the refresh token'),
})
export type RelayOAuth2 = z.infer<typeof RelayOAuth2>

const domainName =
  /^(?=.{1,253}$)([A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9])?\.)*[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/

export const DomainName = z
  .string()
  .trim()
  .regex(domainName, 'must be a domain name such as example.com')
  .max(253)

export const RelayDkim = z.object({
  domain: DomainName,
  selector: DomainName,
  private_key: z
    .string()
    .max(16_384)
    .meta({ format: 'rsa-private-key' })
    .describe('RSA key as PEM, 1024 bits or more'),
})
export type RelayDkim = z.infer<typeof RelayDkim>

/** Write-only fields. */
const secrets = {
  password: z.string().max(1024).nullable(),
  oauth2: RelayOAuth2.nullable().describe('Signs in as `username` with OAuth2 (XOAUTH2)'),
  dkim: RelayDkim.nullable().describe('Signs every message with DKIM (RFC 6376)'),
}

export const NewRelay = z.object({
  ...relaySettings,
  port: relaySettings.port.default(587),
  username: relaySettings.username.default(null),
  password: secrets.password.default(null),
  tls: relaySettings.tls.default('starttls'),
  tls_verify: relaySettings.tls_verify.default(true),
  from_email: relaySettings.from_email.default(null),
  priority: relaySettings.priority.default(100),
  is_default: limits.is_default.optional(),
  daily_limit: limits.daily_limit.optional(),
  oauth2: secrets.oauth2.optional(),
  dkim: secrets.dkim.optional(),
})
export type NewRelay = z.infer<typeof NewRelay>

export const RelayChange = z.object({ ...relaySettings, ...limits, ...secrets }).partial()
export type RelayChange = z.infer<typeof RelayChange>

export const Relay = z
  .object({
    id: z.string().meta({ example: 'relay_1' }),
    ...relaySettings,
    ...limits,
    tenant_id: z.string().nullable(),
    has_password: z.boolean(),
    oauth2: z.object({ client_id: z.string(), access_url: z.string() }).nullable(),
    dkim: z
      .object({
        domain: z.string(),
        selector: z.string(),
        dns_name: z.string().describe('DNS name of the public key'),
        dns_value: z.string().describe('TXT record to publish'),
      })
      .nullable(),
    source: z.enum(['created', 'environment']),
    health: RelayHealth,
    failures: z.int().describe('Consecutive failures'),
    last_error: z.string().nullable(),
    connection: RelayConnection,
    sent_today: z.int().describe('Recipients since midnight UTC'),
    last_used_at: Timestamp.nullable(),
    created_at: Timestamp,
    updated_at: Timestamp,
  })
  .meta({ id: 'Relay' })
export type Relay = z.infer<typeof Relay>
