import { z } from 'zod'
import { keepLimits, StorageProblem } from './storage.ts'

export const Plan = z.enum(['free', 'pro', 'enterprise'])
export type Plan = z.infer<typeof Plan>

/** Requests a minute and burst of each plan; enterprise is set per key. */
export const planLimits = {
  free: { requestsPerMinute: 100, burst: 150 },
  pro: { requestsPerMinute: 1000, burst: 1500 },
  enterprise: { requestsPerMinute: 10_000, burst: 15_000 },
} as const satisfies Record<Plan, { requestsPerMinute: number; burst: number }>

/** A test key has ten times the rate of its plan. */
const testFactor = 10

/** Requests a minute and burst of a key: its own limit, or that of its plan. */
export function rateOfKey(
  plan: Plan,
  mode: 'live' | 'test',
  own: number | null,
): { readonly perMinute: number; readonly burst: number } {
  if (own !== null) return ownRate(own)
  const factor = mode === 'test' ? testFactor : 1
  const { requestsPerMinute, burst } = planLimits[plan]
  return { perMinute: requestsPerMinute * factor, burst: burst * factor }
}

/** As with the plans, the burst is 1.5 times the limit. */
export function ownRate(perMinute: number): { readonly perMinute: number; readonly burst: number } {
  return { perMinute, burst: Math.ceil(perMinute * 1.5) }
}

/** `auto`: offered, except on loopback with a certificate that clients refuse. */
export const StartTls = z.enum(['auto', 'on', 'off'])
export type StartTls = z.infer<typeof StartTls>

/** Settings that change without a restart; stored in `settings.json` of the data folder. */
export const LiveSettings = z.object({
  plan: Plan,
  anonymous_capture: z
    .boolean()
    .describe('Capture SMTP mail of this machine that comes without a key'),
  smtp_starttls: StartTls.describe(
    'Offer STARTTLS; `auto`: beyond loopback, or with a certificate of your own',
  ),
  ...keepLimits,
  capture_paused: z
    .boolean()
    .describe('Refuse mail of test keys and mail without a key; a restart switches it off'),
})
export type LiveSettings = z.infer<typeof LiveSettings>

const Port = z.int().min(0).max(65_535)

const NextStart = z
  .object({ http_port: Port, smtp_port: Port, smtps_port: Port.nullable() })
  .describe('Ports after the next start; 0: any free port')
export type NextStart = z.infer<typeof NextStart>

export const SettingsChange = LiveSettings.partial().extend({
  next_start: NextStart.partial().optional(),
})
export type SettingsChange = z.infer<typeof SettingsChange>

export const Settings = LiveSettings.extend({
  version: z.string(),
  data_folder: z.string(),
  host: z.string(),
  http_port: z.int(),
  smtp_port: z.int(),
  smtps_port: z.int().nullable(),
  smtp_certificate: z
    .enum(['self_made', 'own'])
    .describe(
      '`self_made`: made by MailSage; clients that verify certificates must first trust it',
    ),
  starttls_offered: z.boolean(),
  url: z.string(),
  next_start: NextStart,
  set_outside: z
    .array(z.string())
    .describe('Environment variables that are set; they override saved settings at each start'),
}).meta({ id: 'Settings' })
export type Settings = z.infer<typeof Settings>

/** The reason is public, so it contains no path. */
export const Health = z.object({
  status: z
    .enum(['ok', 'degraded', 'failing'])
    .describe('`degraded`: works in part; `failing`: mail cannot be stored (status 503)'),
  reason: StorageProblem.shape.code.nullable().describe('`GET /v1/storage` has the details'),
  version: z.string(),
  database: z.enum(['connected', 'busy', 'damaged', 'unavailable', 'full']),
  smtp: z.enum(['connected', 'not_configured', 'unreachable']),
  queue_depth: z.int(),
  smtp_port: z.int().describe('The port of the SMTP server'),
})
export type Health = z.infer<typeof Health>
