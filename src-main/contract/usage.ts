import { z } from 'zod'
import { outcomes } from './events.ts'
import { Timestamp } from './wire.ts'

export const UsageBucket = z.enum(['minute', 'hour', 'day'])
export type UsageBucket = z.infer<typeof UsageBucket>

export const UsageQuery = z.object({
  from: Timestamp.optional().describe('Default: 24 hours before `to`'),
  to: Timestamp.optional().describe('Default: now'),
  bucket: UsageBucket.optional().describe('Default: the finest that keeps the series short'),
  key_id: z.string().max(64).optional(),
})
export type UsageQuery = z.infer<typeof UsageQuery>

const Outcomes = z.object(
  Object.fromEntries(outcomes.map((outcome) => [outcome, z.int()])) as Record<
    (typeof outcomes)[number],
    z.ZodInt
  >,
)

const Figures = z.object({ requests: z.int(), emails: z.int(), outcomes: Outcomes })
export type Figures = z.infer<typeof Figures>

export const Usage = z
  .object({
    from: Timestamp,
    to: Timestamp,
    bucket: UsageBucket,
    totals: Figures,
    series: z.array(Figures.extend({ at: Timestamp })).describe('Every bucket, empty ones too'),
    keys: z.array(Figures.extend({ key_id: z.string().nullable(), name: z.string() })),
    routes: z.array(Figures.extend({ route: z.string() })),
  })
  .meta({ id: 'Usage' })
export type Usage = z.infer<typeof Usage>
