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

type FigureContext = FigureDeps & {
  /** Read once an hour, because it covers a week. */
  usual: { readonly hour: number; readonly byKey: ReadonlyMap<number, number> } | null
}

/** Reads the input of the rules from usage counters. */
export function createAlertFigures(deps: FigureDeps) {
  const context: FigureContext = { ...deps, usual: null }
  return {
    read: (rules: RuleSettings): Promise<AlertFigures> => readFigures(context, rules),
  }
}

async function keyFigures(
  context: FigureContext,
  rules: RuleSettings,
  minute: number,
): Promise<WatchedKey[]> {
  const { reader, keys, limits } = context
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
    usualHours(context, minute),
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

async function tenantFigures(
  { limits, reader }: FigureContext,
  minute: number,
): Promise<WatchedTenant[]> {
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

async function bounceFigures(
  { reader }: FigureContext,
  rules: RuleSettings,
  minute: number,
): Promise<BounceCounts[]> {
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

async function usualHours(
  context: FigureContext,
  minute: number,
): Promise<ReadonlyMap<number, number>> {
  const hour = Math.floor(minute / 60)
  if (context.usual?.hour === hour) return context.usual.byKey
  const rows = await context.reader.all<{ keyId: number; requests: number; hours: number }>(
    `SELECT key_id AS keyId, sum(requests) AS requests, count(DISTINCT minute / 60) AS hours
     FROM usage WHERE minute >= ? AND minute < ? AND requests > 0 GROUP BY key_id`,
    (hour - usualDays * 24) * 60,
    (hour - 1) * 60,
  )
  const known = rows.filter(({ hours }) => hours >= minHours)
  const byKey = new Map(known.map(({ keyId, requests, hours }) => [keyId, requests / hours]))
  context.usual = { hour, byKey }
  return byKey
}

async function readFigures(context: FigureContext, rules: RuleSettings): Promise<AlertFigures> {
  const { clock, deliveries, storage, relays } = context
  const now = clock.now()
  const minute = Math.floor(now / minuteMs)
  const [keyRows, tenants, bounces] = await Promise.all([
    keyFigures(context, rules, minute),
    tenantFigures(context, minute),
    bounceFigures(context, rules, minute),
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
}
