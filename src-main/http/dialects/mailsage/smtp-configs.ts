import { z } from 'zod'
import { EmailAddress } from '../../../contract/email-address.ts'
import { Fault } from '../../../contract/faults.ts'
import { DailyLimit, type Relay, type RelayTls } from '../../../contract/relays.ts'
import { trimmed } from '../../../contract/wire.ts'
import type { Caller } from '../../../domain/auth/caller.ts'
import type { Domain } from '../../../domain/domain.ts'
import { route } from '../../route.ts'

/** MailSage's ids are integers. */
const Id = z.object({ id: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER) })

const fields = {
  name: trimmed(255),
  host: trimmed(253),
  port: z.int().min(1).max(65_535),
  username: z.string().max(255),
  password: z.string().max(1024).describe('Never returned'),
  use_tls: z.boolean().describe('Implicit TLS on port 465, STARTTLS on any other'),
  from_email: EmailAddress,
  is_default: z
    .boolean()
    .describe('Used when a send names none; exactly one configuration is the default'),
  daily_limit: DailyLimit.nullable().describe(
    'Emails per UTC day; further emails wait for the next day. Default: no limit',
  ),
}

const NewConfig = z.object({
  ...fields,
  use_tls: fields.use_tls.default(true),
  from_email: fields.from_email.nullable().default(null),
  is_default: fields.is_default.default(false),
  daily_limit: fields.daily_limit.default(null),
})

const ConfigChange = z.object({ ...fields, from_email: fields.from_email.nullable() }).partial()

const Config = z
  .object({
    id: z.int(),
    name: z.string(),
    host: z.string(),
    port: z.int(),
    username: z.string().nullable(),
    from_email: z.string().nullable(),
    use_tls: z.boolean(),
    is_default: z.boolean(),
    is_active: z.boolean(),
    daily_limit: z.int().nullable(),
    emails_sent_today: z.int(),
    health: z.enum(['unknown', 'healthy', 'warning', 'critical']),
    failure_count: z.int(),
    last_used_at: z.string().nullable(),
    created_at: z.string(),
    updated_at: z.string(),
  })
  .meta({ id: 'SmtpConfig' })

const Done = z.object({ message: z.string() })

const Test = z
  .object({
    recipient: EmailAddress.optional(),
    to_email: EmailAddress.optional().describe('Alias of `recipient`'),
  })
  .meta({ anyOf: [{ required: ['recipient'] }, { required: ['to_email'] }] })

export const smtpConfigRoutes = {
  'POST /api/v1/smtp/configs': route({
    summary: 'Add an SMTP configuration',
    permission: 'relays:write',
    mode: 'live',
    body: NewConfig,
    reply: Config,
    status: 201,
    handle: async ({ body, caller, domain }) => {
      const { use_tls: useTls, ...rest } = body
      const relay = await domain.relays.create(caller, {
        ...rest,
        tls: tlsOf(useTls, body.port),
        tls_verify: true,
        priority: 100,
      })
      return toConfig(relay)
    },
  }),
  'GET /api/v1/smtp/configs': route({
    summary: 'List SMTP configurations in the order they are tried',
    permission: 'relays:read',
    mode: 'both',
    query: z.object({
      page: z.coerce.number().int().min(1).max(1_000_000).default(1),
      per_page: z.coerce.number().int().min(1).max(100).default(20),
    }),
    reply: z.object({
      data: z.array(Config),
      meta: z.object({ current_page: z.int(), total_pages: z.int(), total_items: z.int() }),
    }),
    handle: ({ query, caller, domain }) => {
      const { page, per_page: size } = query
      const all = domain.relays.listOwn(caller)
      return {
        data: all.slice((page - 1) * size, page * size).map(toConfig),
        meta: {
          current_page: page,
          total_pages: Math.max(1, Math.ceil(all.length / size)),
          total_items: all.length,
        },
      }
    },
  }),
  'GET /api/v1/smtp/configs/{id}': route({
    summary: 'One SMTP configuration',
    permission: 'relays:read',
    mode: 'both',
    params: Id,
    reply: Config,
    faults: ['smtp_not_found'],
    handle: ({ params, caller, domain }) => toConfig(find(domain, caller, params.id)),
  }),
  'PUT /api/v1/smtp/configs/{id}': route({
    summary: 'Change an SMTP configuration; omitted fields stay unchanged',
    permission: 'relays:write',
    mode: 'live',
    params: Id,
    body: ConfigChange,
    reply: Config,
    faults: ['smtp_not_found', 'conflict'],
    handle: async ({ params, body, caller, domain }) => {
      const relay = find(domain, caller, params.id)
      const { use_tls: useTls = relay.tls !== 'none', ...rest } = body
      const isNew = body.use_tls !== undefined || (body.port ?? relay.port) !== relay.port
      const tls = isNew ? { tls: tlsOf(useTls, body.port ?? relay.port) } : {}
      return toConfig(await domain.relays.update(caller, relay.id, { ...rest, ...tls }))
    },
  }),
  'DELETE /api/v1/smtp/configs/{id}': route({
    summary: 'Remove an SMTP configuration',
    permission: 'relays:write',
    mode: 'live',
    params: Id,
    reply: Done,
    faults: ['smtp_not_found', 'conflict'],
    handle: async ({ params, caller, domain }) => {
      await domain.relays.remove(caller, find(domain, caller, params.id).id)
      return { message: 'SMTP configuration deleted successfully' }
    },
  }),
  'POST /api/v1/smtp/configs/{id}/test': route({
    summary: 'Connect, sign in and send a test email',
    permission: 'relays:write',
    mode: 'live',
    params: Id,
    body: Test,
    reply: Done.extend({ delivery_id: z.string() }),
    faults: [
      'smtp_not_found',
      'sender_not_allowed',
      'smtp_auth_error',
      'smtp_connection_error',
      'smtp_error',
    ],
    handle: async ({ params, body, caller, domain }) => {
      const relay = find(domain, caller, params.id)
      const recipient = body.recipient ?? body.to_email
      if (recipient === undefined) {
        throw new Fault('missing_required', "The 'recipient' field is required.", {
          field: 'recipient',
        })
      }
      const delivery = await domain.relays.sendTest(caller, relay.id, recipient)
      return { message: 'Test email sent successfully', delivery_id: delivery }
    },
  }),
  'POST /api/v1/smtp/configs/{id}/set-default': route({
    summary: 'Make an SMTP configuration the default',
    permission: 'relays:write',
    mode: 'live',
    params: Id,
    reply: Done.extend({ config: Config }),
    faults: ['smtp_not_found'],
    handle: async ({ params, caller, domain }) => {
      const relay = find(domain, caller, params.id)
      const config = toConfig(await domain.relays.setDefault(caller, relay.id))
      return { message: 'Default SMTP configuration set successfully', config }
    },
  }),
}

function find(domain: Domain, caller: Caller, id: number): Relay {
  const relay = domain.relays.list(caller).find((candidate) => numberOf(candidate) === id)
  if (relay) return relay
  throw new Fault(
    'smtp_not_found',
    'SMTP configuration not found. List the configurations to see their ids.',
  )
}

const numberOf = ({ id }: Relay): number => Number(id.slice('relay_'.length))

function tlsOf(useTls: boolean, port: number): RelayTls {
  if (!useTls) return 'none'
  return port === 465 ? 'implicit' : 'starttls'
}

function toConfig(relay: Relay): z.input<typeof Config> {
  return {
    id: numberOf(relay),
    name: relay.name,
    host: relay.host,
    port: relay.port,
    username: relay.username,
    from_email: relay.from_email,
    use_tls: relay.tls !== 'none',
    is_default: relay.is_default,
    is_active: true,
    daily_limit: relay.daily_limit,
    emails_sent_today: relay.sent_today,
    health: relay.health,
    failure_count: relay.failures,
    last_used_at: relay.last_used_at,
    created_at: relay.created_at,
    updated_at: relay.updated_at,
  }
}
