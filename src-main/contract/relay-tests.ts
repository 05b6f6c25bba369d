import { z } from 'zod'
import { EmailAddress } from './email-address.ts'
import { DomainName, NewRelay } from './relays.ts'

export const RelayStepName = z.enum(['connect', 'tls', 'features', 'sign_in', 'message'])
export type RelayStepName = z.infer<typeof RelayStepName>

const RelayStep = z.object({
  name: RelayStepName,
  status: z.enum(['ok', 'failed', 'skipped']),
  duration_ms: z.number().nullable(),
  detail: z.string().nullable(),
})
export type RelayStep = z.infer<typeof RelayStep>

const RelayCertificate = z.object({
  protocol: z.string().meta({ example: 'TLSv1.3' }),
  cipher: z.string(),
  subject: z.string(),
  issuer: z.string(),
  valid_to: z.string(),
  trusted: z.boolean().describe('False: accepted only because the check is off'),
})
export type RelayCertificate = z.infer<typeof RelayCertificate>

/** The steps and the transcript of a session with a relay. */
export const RelayConversation = z.object({
  steps: z.array(RelayStep),
  certificate: RelayCertificate.nullable(),
  lines: z
    .array(
      z.object({
        at_ms: z.number(),
        from: z.enum(['client', 'server']),
        line: z.string(),
      }),
    )
    .describe('Credentials are masked'),
})
export type RelayConversation = z.infer<typeof RelayConversation>

export const RelayTest = z.object({
  recipient: EmailAddress.optional().describe('Also send a test message to this address'),
})

export const RelayTested = z.object({
  status: z.literal('ok'),
  message: z.string(),
  duration_ms: z.number(),
  conversation: RelayConversation,
})
export type RelayTested = z.infer<typeof RelayTested>

/** A relay that is not saved yet. */
export const RelayDraft = NewRelay.pick({
  host: true,
  port: true,
  username: true,
  tls: true,
  tls_verify: true,
}).extend({
  password: z.string().max(1024).nullish(),
  oauth2: NewRelay.shape.oauth2,
  relay_id: z.string().max(64).optional().describe('Secrets left out are taken from this relay'),
})
export type RelayDraft = z.infer<typeof RelayDraft>

export const RelayOrder = z.object({
  ids: z.array(z.string().max(64)).min(1).max(1000),
})

export const RelayQueue = z.object({
  waiting: z.int().describe('Queued live messages that may use this relay'),
  chosen: z.int().describe('Of these, messages that chose this relay by its id'),
  next: z.string().nullable().describe('The relay that takes over'),
})
export type RelayQueue = z.infer<typeof RelayQueue>

export const DkimRequest = z.object({ domain: DomainName, selector: DomainName })

export const DkimKey = z.object({
  private_key: z.string().describe('PEM; shown only once'),
  dns_name: z.string(),
  dns_value: z.string(),
})
export type DkimKey = z.infer<typeof DkimKey>
