import { z } from 'zod'
import { Limit, Timestamp } from './wire.ts'

export const Severity = z.enum(['warning', 'critical'])
export type Severity = z.infer<typeof Severity>

const count = z.int().min(1).max(1_000_000_000)
const percent = z.number().min(0.1).max(100)
const days = z.int().min(1).max(3650)
const minutes = z.int().min(1).max(1440)
const hours = z.int().min(1).max(720)
const enabled = z.boolean()

/**
 * Every alert rule with its settings. `hours` is the time for which an alert about a single event stays
 * open; the other alerts stay open while their condition holds.
 */
export const alertRules = {
  key_idle: {
    summary: 'A key is used after a long idle time',
    settings: z.object({ enabled, days, hours }),
    defaults: { enabled: true, days: 30, hours: 24 },
  },
  key_new_address: {
    summary: 'A key is used from a new address',
    settings: z.object({ enabled, hours }),
    defaults: { enabled: true, hours: 24 },
  },
  key_error_rate: {
    summary: 'Many of a key’s requests are refused',
    settings: z.object({ enabled, percent, minimum_requests: count, minutes }),
    defaults: { enabled: true, percent: 20, minimum_requests: 20, minutes: 15 },
  },
  key_volume: {
    summary: 'A key is used far more than usual',
    settings: z.object({ enabled, factor: z.number().min(1.1).max(1000), minimum_requests: count }),
    defaults: { enabled: true, factor: 5, minimum_requests: 100 },
  },
  key_near_limit: {
    summary: 'A key is near its rate limit or its daily quota',
    settings: z.object({ enabled, percent }),
    defaults: { enabled: true, percent: 80 },
  },
  tenant_near_limit: {
    summary: 'A tenant is near its rate limit or its daily quota',
    settings: z.object({ enabled, percent }),
    defaults: { enabled: true, percent: 80 },
  },
  key_expiring: {
    summary: 'A key is about to expire',
    settings: z.object({ enabled, days, critical_days: days }),
    defaults: { enabled: true, days: 7, critical_days: 1 },
  },
  bounce_rate: {
    summary: 'Many recipients bounce',
    settings: z.object({
      enabled,
      percent,
      critical_percent: percent,
      minimum_recipients: count,
      minutes,
    }),
    defaults: {
      enabled: true,
      percent: 5,
      critical_percent: 10,
      minimum_recipients: 20,
      minutes: 60,
    },
  },
  queue_depth: {
    summary: 'The queue of live mail is long',
    settings: z.object({ enabled, messages: count, critical_messages: count }),
    defaults: { enabled: true, messages: 100, critical_messages: 500 },
  },
  relay_unreachable: {
    summary: 'A relay cannot be reached',
    settings: z.object({ enabled, failures: count, critical_failures: count }),
    defaults: { enabled: true, failures: 1, critical_failures: 4 },
  },
  storage: {
    summary: 'The data folder is full, damaged, locked or gone, or its secrets cannot be read',
    settings: z.object({ enabled }),
    defaults: { enabled: true },
  },
} as const

export type AlertRuleName = keyof typeof alertRules
export const alertRuleNames = Object.keys(alertRules) as [AlertRuleName, ...AlertRuleName[]]
export const AlertRuleName = z.enum(alertRuleNames)

export type RuleSettings = {
  readonly [Name in AlertRuleName]: z.output<(typeof alertRules)[Name]['settings']>
}

/** Changes by rule. A rule or setting left out stays; null restores the defaults of a rule. */
export const AlertRulesChange = z
  .object({
    key_idle: changeOf(alertRules.key_idle.settings),
    key_new_address: changeOf(alertRules.key_new_address.settings),
    key_error_rate: changeOf(alertRules.key_error_rate.settings),
    key_volume: changeOf(alertRules.key_volume.settings),
    key_near_limit: changeOf(alertRules.key_near_limit.settings),
    tenant_near_limit: changeOf(alertRules.tenant_near_limit.settings),
    key_expiring: changeOf(alertRules.key_expiring.settings),
    bounce_rate: changeOf(alertRules.bounce_rate.settings),
    queue_depth: changeOf(alertRules.queue_depth.settings),
    relay_unreachable: changeOf(alertRules.relay_unreachable.settings),
    storage: changeOf(alertRules.storage.settings),
  } satisfies Record<AlertRuleName, z.ZodType>)
  .partial()
export type AlertRulesChange = z.infer<typeof AlertRulesChange>

function changeOf<Shape extends z.core.$ZodLooseShape>(settings: z.ZodObject<Shape>) {
  return settings.partial().nullable()
}

const AlertRule = z
  .object({
    rule: AlertRuleName,
    summary: z.string(),
    settings: z.record(z.string(), z.union([z.boolean(), z.number()])),
    is_default: z.boolean(),
  })
  .meta({ id: 'AlertRule' })
export type AlertRule = z.infer<typeof AlertRule>
export const AlertRules = z.object({ data: z.array(AlertRule) })

export const AlertState = z.enum(['open', 'cleared'])

export const Alert = z
  .object({
    id: z.string().meta({ example: 'alert_06bqz0f7h3k2p9x4' }),
    rule: AlertRuleName,
    severity: Severity,
    state: AlertState,
    subject: z.string().describe('Id of the key, relay or tenant; or `installation`'),
    subject_name: z.string(),
    tenant_id: z.string().nullable(),
    figures: z.record(z.string(), z.union([z.number(), z.string(), z.null()])),
    message: z.string().describe('The alert as a sentence, with its figures'),
    raised_at: Timestamp,
    cleared_at: Timestamp.nullable(),
    acknowledged_at: Timestamp.nullable(),
    acknowledged_by: z.string().nullable(),
  })
  .meta({ id: 'Alert' })
export type Alert = z.infer<typeof Alert>

export const AlertQuery = z.object({
  state: AlertState.optional(),
  rule: AlertRuleName.optional(),
  severity: Severity.optional(),
  acknowledged: z.enum(['true', 'false']).optional(),
  limit: Limit,
  before: z.string().max(64).optional().describe('Only alerts older than this id'),
})
export type AlertQuery = z.infer<typeof AlertQuery>

export const AlertList = z.object({
  data: z.array(Alert).describe('Newest first'),
  open: z.int().describe('Number of open alerts'),
  has_more: z.boolean(),
})
