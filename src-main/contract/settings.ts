import { z } from 'zod'

export const Plan = z.enum(['free', 'pro', 'enterprise'])
export type Plan = z.infer<typeof Plan>

/** Requests a minute and burst of each plan; enterprise is set per key. */
export const planLimits = {
  free: { requestsPerMinute: 100, burst: 150 },
  pro: { requestsPerMinute: 1000, burst: 1500 },
  enterprise: { requestsPerMinute: 10_000, burst: 15_000 },
} as const satisfies Record<Plan, { requestsPerMinute: number; burst: number }>

/** What can be changed while the relay runs; kept in the data folder's `settings.json`. */
export const LiveSettings = z.object({
  plan: Plan,
  anonymous_capture: z
    .boolean()
    .describe('Capture mail that comes over SMTP from this machine without a key'),
})
export type LiveSettings = z.infer<typeof LiveSettings>

export const SettingsChange = LiveSettings.partial()
export type SettingsChange = z.infer<typeof SettingsChange>

export const Settings = LiveSettings.extend({
  version: z.string(),
  data_folder: z.string(),
  host: z.string(),
  http_port: z.int(),
  smtp_port: z.int(),
  smtps_port: z.int().nullable(),
  url: z.string(),
}).meta({ id: 'Settings' })
export type Settings = z.infer<typeof Settings>

export const Health = z.object({
  status: z.literal('ok'),
  version: z.string(),
  database: z.literal('connected'),
  smtp: z.enum(['connected', 'not_configured', 'unreachable']),
  queue_depth: z.int(),
})
