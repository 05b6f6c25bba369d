import { z } from 'zod'
import { SenderRule } from './email-address.ts'
import { PermissionList, permissions } from './permissions.ts'
import { InboxName, Timestamp, trimmed } from './wire.ts'

export const KeyMode = z.enum(['live', 'test'])
export type KeyMode = z.infer<typeof KeyMode>

export const KeyName = trimmed(100)

export const ExpiresInDays = z.int().min(1).max(3650)

export const RateLimit = z.object({
  requests_per_minute: z.int().min(1).max(1_000_000).nullish(),
  emails_per_day: z.int().min(1).max(1_000_000_000).nullish(),
})

const keySettings = {
  rate_limit: RateLimit.nullish().describe(
    'Default for a new key: the limits of the key that makes it, or none',
  ),
  inbox: InboxName.nullish().describe(
    'Inbox for mail of this key in test mode, unless the SMTP user name names another one. A default, not a limit: the key reads and changes every inbox that its permissions and its tenant allow. Default for a new key: that of the key that makes it',
  ),
  allowed_senders: z
    .array(SenderRule)
    .max(100)
    .nullish()
    .describe(
      'Addresses or domains (`example.com`) this key may send from, in the envelope and in every From and Sender of the header. Default for a new key: those of the key that makes it',
    ),
  allowed_ips: z
    .array(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()]))
    .max(100)
    .nullish()
    .describe(
      'Client addresses or CIDR ranges this key may be used from. Default for a new key: those of the key that makes it',
    ),
}

export const NewKey = z.object({
  name: KeyName,
  mode: KeyMode.default('live'),
  prefix: z.enum(['sk', 'ms']).default('sk').describe('Prefix of the key'),
  permissions: PermissionList.optional().describe('Default: `send`'),
  tenant_id: z.string().max(64).nullish(),
  expires_in_days: ExpiresInDays.nullish().describe(
    'Default: the expiry of the key that makes it, or none',
  ),
  ...keySettings,
})
export type NewKey = z.infer<typeof NewKey>

export const KeyChange = z
  .object({ name: KeyName, permissions: PermissionList, enabled: z.boolean(), ...keySettings })
  .partial()
export type KeyChange = z.infer<typeof KeyChange>

export const Rotation = z.object({
  grace_seconds: z
    .int()
    .min(0)
    .max(30 * 86_400)
    .default(86_400)
    .describe('Seconds for which the old secret still works'),
})

export const Key = z
  .object({
    id: z.string().meta({ example: 'key_4fQ9xT2b' }),
    name: z.string(),
    mode: KeyMode,
    prefix: z
      .string()
      .describe('The readable start of the key')
      .meta({ example: 'ms_live_4fQ9xT2b' }),
    permissions: z.array(z.enum(permissions)),
    enabled: z.boolean(),
    source: z.enum(['created', 'environment']),
    tenant_id: z.string().nullable(),
    rate_limit: z.object({
      requests_per_minute: z.int().nullable(),
      emails_per_day: z.int().nullable(),
    }),
    inbox: z.string(),
    allowed_senders: z.array(z.string()),
    allowed_ips: z.array(z.string()),
    expires_at: Timestamp.nullable(),
    grace_until: Timestamp.nullable().describe('End of the old secret’s grace period'),
    last_used_at: Timestamp.nullable(),
    last_used_from: z.string().nullable(),
    created_at: Timestamp,
  })
  .meta({ id: 'Key' })
export type Key = z.infer<typeof Key>

export const CreatedKey = Key.extend({
  key: z.string().describe('The whole key. It is shown only once.'),
}).meta({ id: 'CreatedKey' })
export type CreatedKey = z.infer<typeof CreatedKey>

export const Session = z.object({
  key_id: z.string(),
  name: z.string(),
  mode: KeyMode,
  permissions: z.array(z.enum(permissions)),
  version: z.string(),
})
