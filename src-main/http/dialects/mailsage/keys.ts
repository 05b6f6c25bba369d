import { z } from 'zod'
import { iso } from '../../../base/clock.ts'
import { Fault } from '../../../contract/faults.ts'
import { type Key, KeyMode, NewKey } from '../../../contract/keys.ts'
import {
  mailsagePermissionNames,
  PermissionList,
  toMailsage,
} from '../../../contract/permissions.ts'
import { answersOf } from '../../../contract/usage.ts'
import type { Caller } from '../../../domain/auth/caller.ts'
import type { Domain } from '../../../domain/domain.ts'
import { route } from '../../route.ts'

/** MailSage's ids are whole numbers; its samples write them as numbers and as text. */
const Id = z.object({ id: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER) })

const MailsageKey = z
  .object({
    id: z.int(),
    name: z.string(),
    key_prefix: z.string(),
    key_type: KeyMode,
    permissions: z.array(z.string()),
    expires_at: z.string().nullable(),
    is_active: z.boolean(),
    last_used_at: z.string().nullable(),
    daily_requests: z.int(),
    created_at: z.string(),
  })
  .meta({ id: 'MailsageKey' })

const NewMailsageKey = NewKey.omit({ mode: true, prefix: true })
  .extend({
    key_type: KeyMode.optional().describe('Default: `live`'),
    mode: KeyMode.optional().describe('Another name for `key_type`'),
    permissions: PermissionList.optional().describe('Default: all five'),
  })
  .refine(({ key_type: type, mode }) => !type || !mode || type === mode, {
    path: ['mode'],
    error: 'contradicts “key_type”. Give one of them, or the same mode in both',
  })

const UsageStats = z.object({
  usage_stats: z.object({
    total_requests: z.int(),
    success_requests: z.int(),
    error_requests: z.int(),
    success_rate: z.number(),
    endpoint_usage: z.record(z.string(), z.int()),
    daily_average: z.number(),
    current_daily_requests: z.int(),
    daily_limit: z.int().nullable(),
    daily_remaining: z.int().nullable(),
    last_used_at: z.string().nullable(),
    days_analyzed: z.int(),
    daily: z.array(
      z.object({ date: z.string(), requests: z.int(), success: z.int(), errors: z.int() }),
    ),
  }),
})

const dayMs = 86_400_000

export const keyRoutes = {
  'POST /api/v1/api-keys': route({
    summary: 'Create an API key; the whole key is in this answer only',
    permission: 'api-keys:write',
    mode: 'both',
    body: NewMailsageKey,
    reply: z.object({ message: z.string(), api_key: MailsageKey, key: z.string() }),
    status: 201,
    faults: ['not_found'],
    handle: async ({ body, caller, domain }) => {
      const {
        key_type: type,
        mode = type ?? 'live',
        permissions = PermissionList.parse(mailsagePermissionNames),
        ...rest
      } = body
      const created = await domain.keys.create(caller, { ...rest, prefix: 'ms', mode, permissions })
      return {
        message: 'API key created successfully',
        api_key: toMailsageKey(domain, created, 0),
        key: created.key,
      }
    },
  }),
  'GET /api/v1/api-keys': route({
    summary: 'List API keys that are not revoked, newest first',
    permission: 'api-keys:read',
    mode: 'both',
    reply: z.object({ api_keys: z.array(MailsageKey) }),
    handle: async ({ caller, domain }) => {
      const { keys } = await domain.usage.read(caller, { ...domain.usage.today(), bucket: 'hour' })
      const today = new Map(keys.map(({ key_id: id, requests }) => [id, requests]))
      return {
        api_keys: domain.keys
          .list(caller)
          .map((key) => toMailsageKey(domain, key, today.get(key.id) ?? 0)),
      }
    },
  }),
  'DELETE /api/v1/api-keys/{id}': route({
    summary: 'Revoke an API key at once and for good',
    permission: 'api-keys:write',
    mode: 'both',
    params: Id,
    reply: z.object({ message: z.string() }),
    faults: ['not_found', 'conflict'],
    handle: async ({ params, caller, domain }) => {
      await domain.keys.revoke(caller, publicId(domain, caller, params.id))
      return { message: 'API key revoked successfully' }
    },
  }),
  'GET /api/v1/api-keys/{id}/usage': route({
    summary: 'Usage of a key',
    permission: 'usage:read',
    mode: 'both',
    params: Id,
    query: z.object({ days: z.coerce.number().int().min(1).max(365).default(30) }),
    reply: UsageStats,
    faults: ['not_found'],
    handle: async ({ params, query, caller, domain }) => {
      const key = domain.keyFigures.requireUsage(caller, publicId(domain, caller, params.id))
      const today = domain.usage.today()
      const from = iso(Date.parse(today.from) - (query.days - 1) * dayMs)
      const span = { from, to: today.to, bucket: 'day' as const }
      const usage = await domain.usage.read(caller, { ...span, key_id: key.id })
      return { usage_stats: toUsageStats(usage, key, params.id, query.days, domain) }
    },
  }),
}

/** A key that this caller may not see is refused in the words for an unknown key. */
function publicId(domain: Domain, caller: Caller, id: number): string {
  const known = domain.keys.nameOf(id)
  const isVisible = domain.keys.list(caller).some((key) => key.id === known?.publicId)
  if (known && isVisible) return known.publicId
  throw new Fault('not_found', 'API key not found. List the keys to see their ids.')
}

function toMailsageKey(domain: Domain, key: Key, dailyRequests: number) {
  return {
    id: domain.keys.idOf(key.id) ?? 0,
    name: key.name,
    key_prefix: key.prefix.split('_').at(-1) ?? key.prefix,
    key_type: key.mode,
    permissions: toMailsage(key.permissions),
    expires_at: key.expires_at,
    is_active: key.enabled,
    last_used_at: key.last_used_at,
    daily_requests: dailyRequests,
    created_at: key.created_at,
  }
}

type Usage = Awaited<ReturnType<Domain['usage']['read']>>

function toUsageStats(usage: Usage, key: Key, id: number, days: number, domain: Domain) {
  const { requests: total, outcomes } = usage.totals
  const { answered, refused } = answersOf(usage.totals)
  const share = (part: number, whole: number) => Math.round((part / whole) * 10_000) / 100
  const limit = key.rate_limit.emails_per_day
  return {
    total_requests: total,
    success_requests: outcomes.ok,
    error_requests: refused,
    success_rate: answered === 0 ? 0 : share(outcomes.ok, answered),
    endpoint_usage: byPath(usage.routes),
    daily_average: Math.round((total / days) * 100) / 100,
    current_daily_requests: usage.series.at(-1)?.requests ?? 0,
    daily_limit: limit,
    daily_remaining: limit === null ? null : Math.max(0, limit - domain.limits.emailsToday(id)),
    last_used_at: key.last_used_at,
    days_analyzed: days,
    daily: usage.series.map((figures) => ({
      date: figures.at.slice(0, 10),
      requests: figures.requests,
      success: figures.outcomes.ok,
      errors: answersOf(figures).refused,
    })),
  }
}

/** Routes that differ only in their method are one endpoint here. */
function byPath(routes: Usage['routes']): Record<string, number> {
  const counts = new Map<string, number>()
  for (const { route: line, requests } of routes) {
    const path = line.replace(/^[A-Z]+ /, '')
    counts.set(path, (counts.get(path) ?? 0) + requests)
  }
  return Object.fromEntries(counts)
}
