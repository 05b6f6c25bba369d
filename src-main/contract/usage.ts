import { z } from 'zod'
import { Outcome, outcomes } from './events.ts'
import { Timestamp } from './wire.ts'

export const UsageBucket = z.enum(['minute', 'hour', 'day'])
export type UsageBucket = z.infer<typeof UsageBucket>

export const UsageQuery = z.object({
  from: Timestamp.optional().describe('Default: 24 hours before `to`'),
  to: Timestamp.optional().describe('Default: now'),
  bucket: UsageBucket.optional().describe('Default: the finest bucket with a short series'),
  key_id: z.string().max(64).optional(),
  tenant_id: z.string().max(64).optional(),
  route: z.string().max(200).optional().describe('`POST /v1/send`, or `SMTP`'),
  outcome: Outcome.optional(),
  compare: z.enum(['previous']).optional().describe('Adds the preceding period of the same length'),
})
export type UsageQuery = z.infer<typeof UsageQuery>

const Outcomes = z.object(
  Object.fromEntries(outcomes.map((outcome) => [outcome, z.int()])) as Record<
    (typeof outcomes)[number],
    z.ZodInt
  >,
)

const Figures = z.object({
  requests: z.int(),
  emails: z.int(),
  outcomes: Outcomes,
  mean_ms: z.number().nullable().describe('Null: no timed request'),
  p95_ms: z.number().nullable().describe('95th percentile, approximate'),
})
export type Figures = z.infer<typeof Figures>

/** Requests of clients that left before the response count in no rate. */
export function answersOf({ requests, outcomes }: Pick<Figures, 'requests' | 'outcomes'>) {
  const answered = requests - outcomes.client_closed
  return { answered, refused: answered - outcomes.ok }
}

/** Outcomes of live mail, counted in recipients. */
export const deliveryOutcomes = ['delivered', 'bounced', 'deferred', 'failed'] as const
export type DeliveryOutcome = (typeof deliveryOutcomes)[number]

const Deliveries = z
  .object({ delivered: z.int(), bounced: z.int(), deferred: z.int(), failed: z.int() })
  .describe('Recipients of live mail, of all visible keys')

const Series = z.array(Figures.extend({ at: Timestamp }))

export const Usage = z
  .object({
    from: Timestamp,
    to: Timestamp,
    bucket: UsageBucket,
    totals: Figures,
    series: Series.describe('Every bucket, also empty ones'),
    keys: z.array(Figures.extend({ key_id: z.string().nullable(), name: z.string() })),
    tenants: z.array(Figures.extend({ tenant_id: z.string().nullable() })),
    routes: z.array(Figures.extend({ route: z.string() })),
    deliveries: Deliveries,
    previous: z
      .object({
        from: Timestamp,
        to: Timestamp,
        totals: Figures,
        series: Series.describe('As many buckets as `series`'),
        deliveries: Deliveries,
      })
      .nullable()
      .describe('Null without `compare`'),
  })
  .meta({ id: 'Usage' })
export type Usage = z.infer<typeof Usage>
