import { z } from 'zod'
import { Timestamp } from './wire.ts'

/** Use of a key’s own limits, without those of its tenant. */
export const KeyLimits = z
  .object({
    key_id: z.string(),
    requests_per_minute: z.int(),
    burst: z.int().describe('Requests that may arrive at once'),
    requests_left: z.int().describe('Left of the burst, which refills over time'),
    emails_per_day: z.int().nullable().describe('Null: no limit'),
    emails_today: z.int().nullable().describe('Since midnight UTC; null without a limit'),
  })
  .meta({ id: 'KeyLimits' })
export type KeyLimits = z.infer<typeof KeyLimits>

export const KeyAddress = z
  .object({
    address: z.string(),
    uses: z.int().describe('HTTP requests and SMTP sessions'),
    last_used_at: Timestamp,
  })
  .meta({ id: 'KeyAddress' })
export type KeyAddress = z.infer<typeof KeyAddress>
