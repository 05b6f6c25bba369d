import type { Database } from '../../storage/database.ts'
import { latencyColumns } from '../metrics/latency.ts'
import { type DeliveryEntry, dayMinutes, type UsageEntry } from './rollup.ts'

/** The columns with sums, in the order of the tables. */
export const figureColumns = ['requests', 'emails', 'ms_total', ...latencyColumns]
export const usageColumns = ['minute', 'key_id', 'tenant_id', 'route', 'outcome', ...figureColumns]
export const deliveryColumns = ['minute', 'tenant', 'outcome', 'recipients']
export const upsertSums = figureColumns
  .map((name) => `${name} = ${name} + excluded.${name}`)
  .join(', ')

/** Adds each entry to its minute and its day in one transaction, so that both agree. */
export function createUsageTables(database: Database) {
  const adders = (['usage', 'usage_days'] as const).map((table) =>
    database.prepare(`
      INSERT INTO ${table} (${usageColumns.join(', ')})
      VALUES (${usageColumns.map(() => '?').join(', ')})
      ON CONFLICT (minute, key_id, route, outcome) DO UPDATE SET ${upsertSums}
    `),
  )
  const deliveryAdders = (['delivery_usage', 'delivery_usage_days'] as const).map((table) =>
    database.prepare<[number, string, string, number]>(`
      INSERT INTO ${table} (${deliveryColumns.join(', ')}) VALUES (?, ?, ?, ?)
      ON CONFLICT (minute, tenant, outcome) DO UPDATE SET
        recipients = recipients + excluded.recipients
    `),
  )
  const startsOf = (minute: number) => [minute, minute - (minute % dayMinutes)] as const

  return {
    /** Inside a transaction. */
    add(entries: readonly UsageEntry[], deliveries: readonly DeliveryEntry[]): void {
      for (const {
        minute,
        keyId,
        tenantId,
        route,
        outcome,
        requests,
        emails,
        latency,
      } of entries) {
        const figures = [requests, emails, latency.totalMs, ...latency.counts]
        for (const [index, start] of startsOf(minute).entries()) {
          adders[index]?.run(start, keyId, tenantId, route, outcome, ...figures)
        }
      }
      for (const { minute, tenant, outcome, recipients } of deliveries) {
        for (const [index, start] of startsOf(minute).entries()) {
          deliveryAdders[index]?.run(start, tenant, outcome, recipients)
        }
      }
    },
  }
}
