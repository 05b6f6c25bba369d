import { type DeliveryOutcome, deliveryOutcomes, type UsageQuery } from '../../contract/usage.ts'
import type { Reader } from '../../storage/reader.ts'
import { type Caller, onlyMode } from '../auth/caller.ts'
import type { Keys } from '../auth/keys.ts'
import { latencyColumns } from '../metrics/latency.ts'
import type { BucketRow, FigureRow, ShareRow } from './figures.ts'
import { dayMinutes } from './rollup.ts'
import { deliveryColumns, usageColumns } from './tables.ts'

/** Minutes, `toMinute` not included, in buckets of `width` minutes. */
export type UsageSpan = {
  readonly fromMinute: number
  readonly toMinute: number
  readonly width: number
}

type EitherRow = FigureRow &
  (({ readonly part: 'bucket' } & BucketRow) | ({ readonly part: 'share' } & ShareRow))

const sums = `sum(requests) AS requests, sum(emails) AS emails, sum(ms_total) AS msTotal,
  ${latencyColumns.map((name) => `sum(${name}) AS ${name}`).join(', ')}`
// SQLite binds a JavaScript number as REAL: `%` gives an integer, `/` does not.
const bucket = 'minute - minute % ? AS minute'

/** Takes the values of `wantedValues`. */
const wanted = `
  SELECT * FROM ${within('usage', usageColumns)}
  WHERE (? IS NULL OR tenant_id = ?) AND (? IS NULL OR tenant_id = ?) AND (? IS NULL OR key_id = ?)
    AND (? IS NULL OR route = ?) AND (? IS NULL OR outcome = ?)
    AND (? IS NULL OR key_id IN (SELECT id FROM keys WHERE mode = ?))`
const byBucket = `
  SELECT 'bucket' AS part, ${bucket}, NULL AS keyId, NULL AS tenantId, NULL AS route, outcome, ${sums}
  FROM wanted GROUP BY 2, outcome`
const byShare = `
  SELECT 'share' AS part, NULL AS minute, key_id AS keyId, tenant_id AS tenantId, route, outcome,
    ${sums}
  FROM wanted GROUP BY key_id, tenant_id, route, outcome`

/** Whole days come from the table of days, the rest of a span from the table of minutes. */
function within(table: 'usage' | 'delivery_usage', columns: readonly string[]): string {
  const piece = (from: string) =>
    `SELECT ${columns.join(', ')} FROM ${from} WHERE minute >= ? AND minute < ?`
  return `(${piece(`${table}_days`)} UNION ALL ${piece(table)} UNION ALL ${piece(table)})`
}

/** The values of `within`: the whole days, and the minutes before and after them. */
function pieces({ fromMinute, toMinute, width }: UsageSpan): readonly number[] {
  const first = Math.ceil(fromMinute / dayMinutes) * dayMinutes
  const end = Math.floor(toMinute / dayMinutes) * dayMinutes
  if (width < dayMinutes || first >= end) return [0, 0, fromMinute, toMinute, 0, 0]
  return [first, end, fromMinute, first, end, toMinute]
}

/** Usage queries, which run on the reader thread. */
export function createUsageReads(reader: Reader, keys: Keys) {
  function wantedValues(caller: Caller, query: UsageQuery, span: UsageSpan): readonly unknown[] {
    const keyId = query.key_id === undefined ? null : (keys.idOf(query.key_id) ?? -1)
    const { tenant_id: tenant = null, route = null, outcome = null } = query
    const optional = [caller.tenantId, tenant, keyId, route, outcome, onlyMode(caller)]
    return [...pieces(span), ...optional.flatMap((value) => [value, value])]
  }

  return {
    /** By bucket and outcome, and by key, tenant and route: two views of one snapshot. */
    async figures(caller: Caller, query: UsageQuery, span: UsageSpan) {
      const rows = await reader.all<EitherRow>(
        `WITH wanted AS (${wanted}) ${byBucket} UNION ALL ${byShare} ORDER BY 1, 2`,
        ...wantedValues(caller, query, span),
        span.width,
      )
      return {
        buckets: rows.filter((row) => row.part === 'bucket'),
        shares: rows.filter((row) => row.part === 'share'),
      }
    },

    buckets: (caller: Caller, query: UsageQuery, span: UsageSpan): Promise<BucketRow[]> =>
      reader.all<BucketRow>(
        `WITH wanted AS (${wanted}) ${byBucket} ORDER BY 2`,
        ...wantedValues(caller, query, span),
        span.width,
      ),

    /** One row per bucket, key, tenant, route and outcome. */
    lines: (
      caller: Caller,
      query: UsageQuery,
      span: UsageSpan,
    ): Promise<(BucketRow & ShareRow)[]> =>
      reader.all<BucketRow & ShareRow>(
        `WITH wanted AS (${wanted})
         SELECT ${bucket}, key_id AS keyId, tenant_id AS tenantId, route, outcome, ${sums}
         FROM wanted GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 4, 5`,
        ...wantedValues(caller, query, span),
        span.width,
      ),

    async firstUsed({ fromMinute, toMinute }: UsageSpan): Promise<number | null> {
      const row = await reader.first<{ minute: number | null }>(
        'SELECT min(minute) AS minute FROM usage WHERE minute >= ? AND minute < ?',
        fromMinute,
        toMinute,
      )
      return row?.minute ?? null
    },

    async deliveries(
      caller: Caller,
      query: UsageQuery,
      span: UsageSpan,
    ): Promise<Record<DeliveryOutcome, number>> {
      const tenants = [caller.tenantId, query.tenant_id ?? null]
      const rows = await reader.all<{ outcome: string; recipients: number }>(
        `SELECT outcome, sum(recipients) AS recipients
         FROM ${within('delivery_usage', deliveryColumns)}
         WHERE (? IS NULL OR tenant = ?) AND (? IS NULL OR tenant = ?) AND ? IS NULL
         GROUP BY outcome`,
        ...pieces(span),
        ...tenants.flatMap((tenant) => [tenant, tenant]),
        // Only live mail has deliveries.
        onlyMode(caller),
      )
      const found = new Map(rows.map(({ outcome, recipients }) => [outcome, recipients]))
      return Object.fromEntries(
        deliveryOutcomes.map((outcome) => [outcome, found.get(outcome) ?? 0]),
      ) as Record<DeliveryOutcome, number>
    },
  }
}
