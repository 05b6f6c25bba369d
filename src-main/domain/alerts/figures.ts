import type { Clock } from '../../base/clock.ts'
import type { RuleSettings } from '../../contract/alerts.ts'
import type { Reader } from '../../storage/reader.ts'
import { consoleCaller } from '../auth/caller.ts'
import type { Keys } from '../auth/keys.ts'
import type { Deliveries } from '../delivery/deliveries.ts'
import type { Limits } from '../limits/limits.ts'
import type { StorageWatch } from '../maintenance/storage-watch.ts'
import type { Relays } from '../relays/relays.ts'
import { minuteMs } from '../usage/rollup.ts'
import type { AlertFigures, BounceCounts, WatchedKey, WatchedTenant } from './findings.ts'

export type AlertFigureReader = ReturnType<typeof createAlertFigures>

const usualDays = 7
const minHours = 3

type FigureDeps = {
  readonly reader: Reader
  readonly keys: Keys
  readonly limits: Limits
  readonly deliveries: Deliveries
  readonly relays: Relays
  readonly storage: StorageWatch
  readonly clock: Clock
}

/** Reads the input of the rules from usage counters. */
export function createAlertFigures(deps: FigureDeps) {
  const { reader, keys, limits, deliveries, relays, storage, clock } = deps
  /** Read once an hour, because it covers a week. */
  let usual: { readonly hour: number; readonly byKey: ReadonlyMap<number, number> } | null = null

  async function usualHours(minute: number): Promise<ReadonlyMap<number, number>> {
    const hour = Math.floor(minute / 60)
    if (usual?.hour === hour) return usual.byKey
    const rows = await reader.all<{ keyId: number; requests: number; hours: number }>(
      `SELECT key_id AS keyId, sum(requests) AS requests, count(DISTINCT minute / 60) AS hours
       FROM usage WHERE minute >= ? AND minute < ? AND requests > 0 GROUP BY key_id`,
      (hour - usualDays * 24) * 60,
      (hour - 1) * 60,
    )
    const known = rows.filter(({ hours }) => hours >= minHours)
    const byKey = new Map(known.map(({ keyId, requests, hours }) => [keyId, requests / hours]))
    usual = { hour, byKey }
    return byKey
  }

  async function keyFigures(rules: RuleSettings, minute: number): Promise<WatchedKey[]> {
    const maxMinutes = Math.max(60, rules.key_error_rate.minutes)
    const [rows, usualOf] = await Promise.all([
      reader.all<{
        keyId: number
        requests: number
        refused: number
        lastHour: number
        lastMinute: number
        thisMinute: number
      }>(
        `SELECT key_id AS keyId,
           sum(iif(minute > ? AND outcome <> 'client_closed', requests, 0)) AS requests,
           sum(iif(minute > ? AND outcome NOT IN ('ok', 'client_closed'), requests, 0)) AS refused,
           sum(iif(minute > ?, requests, 0)) AS lastHour,
           sum(iif(minute = ?, requests, 0)) AS lastMinute,
           sum(iif(minute = ?, requests, 0)) AS thisMinute
         FROM usage WHERE minute > ? AND minute <= ? GROUP BY key_id`,
        minute - rules.key_error_rate.minutes,
        minute - rules.key_error_rate.minutes,
        minute - 60,
        minute - 1,
        minute,
        minute - maxMinutes,
        minute,
      ),
      usualHours(minute),
    ])
    const counted = new Map(rows.map((row) => [row.keyId, row]))
    return keys.watched().map(({ id, caller, expiresAt }) => {
      const row = counted.get(id)
      return {
        keyId: id,
        publicId: caller.publicId,
        name: caller.name,
        tenantId: caller.tenantId,
        expiresAt,
        requests: row?.requests ?? 0,
        refused: row?.refused ?? 0,
        lastHour: row?.lastHour ?? 0,
        usualHour: usualOf.get(id) ?? null,
        lastMinute: Math.max(row?.lastMinute ?? 0, row?.thisMinute ?? 0),
        requestsPerMinute: limits.perMinute(caller),
        emailsToday: limits.emailsToday(id),
        emailsPerDay: caller.emailsPerDay,
      }
    })
  }

  async function tenantFigures(minute: number): Promise<WatchedTenant[]> {
    const limited = limits
      .tenants()
      .filter(({ requestsPerMinute, emailsPerDay }) => requestsPerMinute ?? emailsPerDay)
    if (limited.length === 0) return []
    const rows = await reader.all<{ tenant: string; requests: number }>(
      `SELECT tenant, max(requests) AS requests FROM (
         SELECT tenant_id AS tenant, sum(requests) AS requests FROM usage
         WHERE minute >= ? AND minute <= ? AND tenant_id IS NOT NULL GROUP BY tenant_id, minute
       ) GROUP BY tenant`,
      minute - 1,
      minute,
    )
    const busiest = new Map(rows.map(({ tenant, requests }) => [tenant, requests]))
    return limited.map((tenant) => ({ ...tenant, lastMinute: busiest.get(tenant.id) ?? 0 }))
  }

  async function bounceFigures(rules: RuleSettings, minute: number): Promise<BounceCounts[]> {
    const rows = await reader.all<{ tenant: string; delivered: number; bounced: number }>(
      `SELECT tenant, sum(iif(outcome = 'delivered', recipients, 0)) AS delivered,
         sum(iif(outcome = 'bounced', recipients, 0)) AS bounced
       FROM delivery_usage WHERE minute > ? AND minute <= ? GROUP BY tenant`,
      minute - rules.bounce_rate.minutes,
      minute,
    )
    return rows.map(({ tenant, ...counts }) => ({
      tenantId: tenant === '' ? null : tenant,
      ...counts,
    }))
  }

  return {
    async read(rules: RuleSettings): Promise<AlertFigures> {
      const now = clock.now()
      const minute = Math.floor(now / minuteMs)
      const [keyRows, tenants, bounces] = await Promise.all([
        keyFigures(rules, minute),
        tenantFigures(minute),
        bounceFigures(rules, minute),
      ])
      return {
        now,
        keys: keyRows,
        tenants,
        bounces,
        queueDepth: deliveries.depth(),
        storage: storage.problems(),
        relays: relays.list(consoleCaller).map((relay) => ({
          id: relay.id,
          name: relay.name,
          tenantId: relay.tenant_id,
          failures: relay.failures,
          lastError: relay.last_error,
        })),
      }
    },
  }
}
