import { iso, readableTime } from '../../base/clock.ts'
import type { RuleSettings } from '../../contract/alerts.ts'
import {
  type Finding,
  rounded,
  subjectOf,
  type WatchedKey,
  type WatchedTenant,
} from './findings.ts'

const dayMs = 86_400_000

export function errorRate(rule: RuleSettings['key_error_rate'], key: WatchedKey): Finding | null {
  const { requests, refused } = key
  if (!rule.enabled || requests < rule.minimum_requests) return null
  const rate = (refused / requests) * 100
  if (rate <= rule.percent) return null
  return {
    rule: 'key_error_rate',
    severity: 'warning',
    about: key.publicId,
    ...subjectOf(key),
    figures: {
      percent: rounded(rate),
      requests,
      refused,
      minutes: rule.minutes,
      limit_percent: rule.percent,
    },
    message: `${refused} of ${requests} requests of the key “${key.name}” were refused in the last ${rule.minutes} minutes (${rounded(rate)} %, the limit is ${rule.percent} %).`,
  }
}

export function volume(rule: RuleSettings['key_volume'], key: WatchedKey): Finding | null {
  const { lastHour, usualHour } = key
  if (!rule.enabled || usualHour === null || lastHour < rule.minimum_requests) return null
  if (lastHour < usualHour * rule.factor) return null
  return {
    rule: 'key_volume',
    severity: 'warning',
    about: key.publicId,
    ...subjectOf(key),
    figures: {
      requests: lastHour,
      usual_requests: rounded(usualHour),
      factor: rounded(lastHour / usualHour),
      limit_factor: rule.factor,
    },
    message: `The key “${key.name}” made ${lastHour} requests in the last hour; its usual hour has ${rounded(usualHour)}.`,
  }
}

export function nearLimit(rule: RuleSettings['key_near_limit'], key: WatchedKey): Finding | null {
  const use = rule.enabled ? nearest(key, rule.percent) : null
  if (use === null) return null
  return {
    rule: 'key_near_limit',
    severity: use.severity,
    about: key.publicId,
    ...subjectOf(key),
    figures: use.figures,
    message: `The key “${key.name}” has used ${use.text}. Raise its limit, or spread its requests over time.`,
  }
}

export function tenantNearLimit(
  rule: RuleSettings['tenant_near_limit'],
  tenant: WatchedTenant,
): Finding | null {
  const use = rule.enabled ? nearest(tenant, rule.percent) : null
  if (use === null) return null
  return {
    rule: 'tenant_near_limit',
    severity: use.severity,
    about: tenant.id,
    subject: tenant.id,
    subjectName: tenant.name,
    keyId: null,
    tenantId: tenant.id,
    figures: use.figures,
    message: `The keys of the tenant “${tenant.name}” together have used ${use.text}. Raise the tenant’s limit, or spread the requests over time.`,
  }
}

type Limited = Pick<WatchedKey, 'lastMinute' | 'requestsPerMinute' | 'emailsToday' | 'emailsPerDay'>

/** The limit that is nearly reached: the daily quota first, then the rate. */
function nearest(holder: Limited, fromPercent: number) {
  const { lastMinute, requestsPerMinute, emailsToday, emailsPerDay } = holder
  const quota = shareOf(emailsToday, emailsPerDay)
  const rate = shareOf(lastMinute, requestsPerMinute)
  const isQuota = quota >= fromPercent
  if (!isQuota && rate < fromPercent) return null
  const [used, limit, percent] = isQuota
    ? [emailsToday, emailsPerDay, quota]
    : [lastMinute, requestsPerMinute, rate]
  const usage = isQuota
    ? `${used} of ${limit} emails today`
    : `${used} of ${limit} requests a minute`
  return {
    severity: percent >= 100 ? ('critical' as const) : ('warning' as const),
    figures: {
      kind: isQuota ? 'emails_per_day' : 'requests_per_minute',
      used,
      limit,
      percent: rounded(percent),
      limit_percent: fromPercent,
    },
    text: `${usage} (${rounded(percent)} %)`,
  }
}

export function expiring(
  rule: RuleSettings['key_expiring'],
  key: WatchedKey,
  now: number,
): Finding | null {
  if (!rule.enabled || key.expiresAt === null || key.expiresAt <= now) return null
  const leftDays = (key.expiresAt - now) / dayMs
  if (leftDays > rule.days) return null
  return {
    rule: 'key_expiring',
    severity: leftDays <= rule.critical_days ? 'critical' : 'warning',
    about: key.publicId,
    ...subjectOf(key),
    figures: {
      expires_at: iso(key.expiresAt),
      days_left: rounded(leftDays),
      limit_days: leftDays <= rule.critical_days ? rule.critical_days : rule.days,
    },
    message: `The key “${key.name}” expires at ${readableTime(key.expiresAt)}. Create a replacement before then.`,
  }
}

function shareOf(used: number, limit: number | null): number {
  return limit === null || limit === 0 ? 0 : (used / limit) * 100
}
