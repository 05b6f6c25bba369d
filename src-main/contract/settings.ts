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

/** A test key may ask ten times as often as its plan says. */
const testFactor = 10

/** Requests a minute and burst of a key: its own limit, or what its plan gives. */
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

/** A limit that was given has a burst of half as much again, like the plans. */
export function ownRate(perMinute: number): { readonly perMinute: number; readonly burst: number } {
  return { perMinute, burst: Math.ceil(perMinute * 1.5) }
}

/** What can be changed while the relay runs; kept in the data folder's `settings.json`. */
export const LiveSettings = z.object({
  plan: Plan,
  anonymous_capture: z
    .boolean()
    .describe('Capture mail that comes over SMTP from this machine without a key'),
  ...keepLimits,
  capture_paused: z
    .boolean()
    .describe('Refuse new mail of test keys and mail without a key; off again after a restart'),
})
export type LiveSettings = z.infer<typeof LiveSettings>

const Port = z.int().min(0).max(65_535)

const NextStart = z
  .object({ http_port: Port, smtp_port: Port, smtps_port: Port.nullable() })
  .describe('The ports of the next start; 0: any free one')
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
  url: z.string(),
  next_start: NextStart,
  set_outside: z
    .array(z.string())
    .describe('Environment names that are set: they win over what is saved, at each start'),
}).meta({ id: 'Settings' })
export type Settings = z.infer<typeof Settings>

/** The reason is public, so it names no folder. */
export const Health = z.object({
  status: z
    .enum(['ok', 'degraded', 'failing'])
    .describe('`degraded`: it works in part; `failing`: mail cannot be stored, answered with 503'),
  reason: StorageProblem.shape.code.nullable().describe('`GET /v1/storage` has the sentence'),
  version: z.string(),
  database: z.enum(['connected', 'busy', 'damaged', 'unavailable', 'full']),
  smtp: z.enum(['connected', 'not_configured', 'unreachable']),
  queue_depth: z.int(),
})
export type Health = z.infer<typeof Health>
