import { z } from 'zod'
import { Timestamp } from './wire.ts'

/** How much of its own limits a key has used; what its tenant allows is not part of it. */
export const KeyLimits = z
  .object({
    key_id: z.string(),
    requests_per_minute: z.int(),
    burst: z.int().describe('So many requests may come at once'),
    requests_left: z.int().describe('Of the burst; it fills up again with time'),
    emails_per_day: z.int().nullable().describe('Null: as many as it likes'),
    emails_today: z
      .int()
      .nullable()
      .describe('Since midnight UTC; counted where a limit is set, else null'),
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
