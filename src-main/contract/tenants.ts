import { z } from 'zod'
import { EmailAddress } from './email-address.ts'
import { NewKey, RateLimit } from './keys.ts'
import { DomainName, RelayTls } from './relays.ts'
import { Limit, Page, Pagination, Timestamp, trimmed } from './wire.ts'

const Settings = z
  .object({
    from_name: z.string().trim().max(255).nullish().describe('Default sender name'),
    reply_to: EmailAddress.nullish().describe('Default Reply-To'),
  })
  .describe('For mail of the tenant’s keys')

const Smtp = z
  .object({
    host: trimmed(253),
    port: z.int().min(1).max(65_535).default(587),
    user: z.string().max(255).nullish(),
    pass: z.string().max(1024).nullish().describe('Write-only. A change without it keeps it'),
    tls: RelayTls.optional().describe('Default: `implicit` on port 465, else `starttls`'),
    tls_verify: z.boolean().optional(),
  })
  .describe('The tenant’s own relay, instead of the installation’s')
export type TenantSmtp = z.infer<typeof Smtp>

const tenantFields = {
  name: trimmed(255),
  domain: DomainName.nullish(),
  settings: Settings.nullish(),
  smtp: Smtp.nullish(),
  rate_limit: RateLimit.nullish().describe(
    'For all keys of the tenant together, besides each key’s own limits',
  ),
}

export const TenantId = z
  .string()
  .regex(/^tenant_[A-Za-z0-9_-]{1,50}$/, 'must be tenant_ followed by letters, digits, - or _')
  .max(57)

export const NewTenant = z.object({
  id: TenantId.optional().describe('Default: a generated id'),
  ...tenantFields,
})
export type NewTenant = z.infer<typeof NewTenant>

export const TenantChange = z.object(tenantFields).partial()
export type TenantChange = z.infer<typeof TenantChange>

export const Tenant = z
  .object({
    id: z.string().meta({ example: 'tenant_01m801df1b6fjczwqpe9jy' }),
    name: z.string(),
    domain: z.string().nullable(),
    settings: z.object({ from_name: z.string().nullable(), reply_to: z.string().nullable() }),
    smtp: z
      .object({
        host: z.string(),
        port: z.int(),
        user: z.string().nullable(),
        tls: RelayTls,
        tls_verify: z.boolean(),
      })
      .nullable(),
    rate_limit: z.object({
      requests_per_minute: z.int().nullable(),
      emails_per_day: z.int().nullable(),
    }),
    created_at: Timestamp,
    updated_at: Timestamp,
  })
  .meta({ id: 'Tenant' })
export type Tenant = z.infer<typeof Tenant>

export const TenantQuery = z.object({ page: Page, limit: Limit })
export type TenantQuery = z.infer<typeof TenantQuery>

export const TenantList = z.object({ data: z.array(Tenant), pagination: Pagination })

export const NewTenantKey = NewKey.omit({ tenant_id: true })

export const TenantUsageQuery = z.object({
  period: z
    .string()
    .regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'must be a month such as 2026-01')
    .optional()
    .describe('A calendar month, UTC; default: this one'),
})

export const TenantUsage = z
  .object({
    tenant_id: z.string(),
    period: z.string().meta({ example: '2026-01' }),
    emails_sent: z.int().describe('Recipients of live mail with a final reply of a relay'),
    emails_delivered: z.int(),
    emails_bounced: z.int(),
    api_requests: z.int(),
  })
  .meta({ id: 'TenantUsage' })
export type TenantUsage = z.infer<typeof TenantUsage>

export const TenantDeleted = z.object({
  id: z.string(),
  deleted: z.literal(true),
  removed: z
    .object({
      api_keys: z.int(),
      relays: z.int(),
      templates: z.int(),
      webhooks: z.int(),
      jobs: z.int(),
      scheduled: z.int(),
      emails: z.int(),
    })
    .describe('Number of deleted items of each kind'),
})
export type TenantDeleted = z.infer<typeof TenantDeleted>
