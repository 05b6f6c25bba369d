import { iso, readableTime } from '../../base/clock.ts'
import type { AlertRuleName, RuleSettings, Severity } from '../../contract/alerts.ts'
import type { StorageProblem } from '../../contract/storage.ts'

/** A rule that applies, with the figures that it evaluated. */
export type Finding = {
  readonly rule: AlertRuleName
  readonly severity: Severity
  /** Identifies the alert among those of its rule. */
  readonly about: string
  readonly subject: string
  readonly subjectName: string
  readonly keyId: number | null
  readonly tenantId: string | null
  readonly figures: Readonly<Record<string, number | string | null>>
  readonly message: string
}

type Subject = Pick<Finding, 'subject' | 'subjectName' | 'keyId' | 'tenantId'>

/** The counters of a key. Rules evaluate them and count nothing. */
export type WatchedKey = {
  readonly keyId: number
  readonly publicId: string
  readonly name: string
  readonly tenantId: string | null
  readonly expiresAt: number | null
  /** Requests in the minutes of the error rate rule. */
  readonly requests: number
  readonly refused: number
  readonly lastHour: number
  /** Mean requests per hour with any use; null without enough data. */
  readonly usualHour: number | null
  readonly lastMinute: number
  readonly requestsPerMinute: number | null
  readonly emailsToday: number
  readonly emailsPerDay: number | null
}

export type BounceCounts = {
  readonly tenantId: string | null
  readonly delivered: number
  readonly bounced: number
}

/** The counters of a tenant with limits, over all its keys. */
export type WatchedTenant = {
  readonly id: string
  readonly name: string
  readonly lastMinute: number
  readonly requestsPerMinute: number | null
  readonly emailsToday: number
  readonly emailsPerDay: number | null
}

export type WatchedRelay = {
  readonly id: string
  readonly name: string
  readonly tenantId: string | null
  readonly failures: number
  readonly lastError: string | null
}

export type AlertFigures = {
  readonly now: number
  readonly keys: readonly WatchedKey[]
  readonly tenants: readonly WatchedTenant[]
  readonly bounces: readonly BounceCounts[]
  readonly queueDepth: number
  readonly relays: readonly WatchedRelay[]
  readonly storage: readonly StorageProblem[]
}

/** A single occurrence. Its alert stays open for a fixed time. */
export type OneOff = { readonly key: WatchedKey; readonly at: number } & (
  | { readonly type: 'idle'; readonly idleMs: number }
  | { readonly type: 'new_address'; readonly address: string; readonly known: number }
)

const dayMs = 86_400_000
const hourMs = 3_600_000

/** The findings of all enabled rules. */
export function evaluate(rules: RuleSettings, figures: AlertFigures): Finding[] {
  const { keys, tenants, bounces, relays, queueDepth: queued, storage, now } = figures
  return [
    ...keys.flatMap((key) => [
      errorRate(rules.key_error_rate, key),
      volume(rules.key_volume, key),
      nearLimit(rules.key_near_limit, key),
      expiring(rules.key_expiring, key, now),
    ]),
    ...tenants.map((tenant) => tenantNearLimit(rules.tenant_near_limit, tenant)),
    ...bounces.map((bounce) => bounceRate(rules.bounce_rate, bounce)),
    queueDepth(rules.queue_depth, queued),
    ...relays.map((relay) => unreachable(rules.relay_unreachable, relay)),
    ...storage.map((problem) => storageProblem(rules.storage, problem)),
  ].filter((finding) => finding !== null)
}

/** How long an alert of a one-off rule stays open; null for a rule that is evaluated again. */
export function openForMs(rules: RuleSettings, rule: AlertRuleName): number | null {
  if (rule !== 'key_idle' && rule !== 'key_new_address') return null
  return rules[rule].hours * hourMs
}

export function evaluateOneOff(rules: RuleSettings, oneOff: OneOff): Finding | null {
  const { key, at } = oneOff
  if (oneOff.type === 'idle') {
    const { enabled, days } = rules.key_idle
    const idleDays = oneOff.idleMs / dayMs
    if (!enabled || idleDays < days) return null
    return {
      rule: 'key_idle',
      severity: 'warning',
      about: key.publicId,
      ...subjectOf(key),
      figures: { idle_days: Math.floor(idleDays), limit_days: days, used_at: iso(at) },
      message: `The key “${key.name}” was used after ${Math.floor(idleDays)} days without use. Rotate it if the use is unexpected.`,
    }
  }
  if (!rules.key_new_address.enabled) return null
  return {
    rule: 'key_new_address',
    severity: 'warning',
    about: `${key.publicId} ${oneOff.address}`,
    ...subjectOf(key),
    figures: { address: oneOff.address, known_addresses: oneOff.known, used_at: iso(at) },
    message: `The key “${key.name}” was used from ${oneOff.address} for the first time. Set allowed_ips to restrict it to known addresses.`,
  }
}

function errorRate(rule: RuleSettings['key_error_rate'], key: WatchedKey): Finding | null {
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

function volume(rule: RuleSettings['key_volume'], key: WatchedKey): Finding | null {
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

function nearLimit(rule: RuleSettings['key_near_limit'], key: WatchedKey): Finding | null {
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

function tenantNearLimit(
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

function expiring(
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

function bounceRate(rule: RuleSettings['bounce_rate'], figures: BounceCounts): Finding | null {
  const { tenantId, delivered, bounced } = figures
  const recipients = delivered + bounced
  if (!rule.enabled || recipients < rule.minimum_recipients) return null
  const rate = (bounced / recipients) * 100
  if (rate <= rule.percent) return null
  const isCritical = rate > rule.critical_percent
  const owner = tenantId === null ? '' : ` of ${tenantId}`
  return {
    rule: 'bounce_rate',
    severity: isCritical ? 'critical' : 'warning',
    about: tenantId ?? 'installation',
    subject: tenantId ?? 'installation',
    subjectName: tenantId ?? 'This installation',
    keyId: null,
    tenantId,
    figures: {
      percent: rounded(rate),
      bounced,
      recipients,
      minutes: rule.minutes,
      limit_percent: isCritical ? rule.critical_percent : rule.percent,
    },
    message: `${bounced} of ${recipients} recipients${owner} bounced in the last ${rule.minutes} minutes (${rounded(rate)} %). Check the addresses before the relay is blocked.`,
  }
}

function queueDepth(rule: RuleSettings['queue_depth'], messages: number): Finding | null {
  if (!rule.enabled || messages <= rule.messages) return null
  const isCritical = messages > rule.critical_messages
  return {
    rule: 'queue_depth',
    severity: isCritical ? 'critical' : 'warning',
    about: 'installation',
    subject: 'installation',
    subjectName: 'This installation',
    keyId: null,
    tenantId: null,
    figures: { messages, limit_messages: isCritical ? rule.critical_messages : rule.messages },
    message: `${messages} live messages are queued. Check the relays and their limits.`,
  }
}

function unreachable(rule: RuleSettings['relay_unreachable'], relay: WatchedRelay): Finding | null {
  const { id, name, tenantId, failures, lastError } = relay
  if (!rule.enabled || failures < rule.failures) return null
  return {
    rule: 'relay_unreachable',
    severity: failures >= rule.critical_failures ? 'critical' : 'warning',
    about: id,
    subject: id,
    subjectName: name,
    keyId: null,
    tenantId,
    figures: { failures, last_error: lastError },
    message: `The relay “${name}” could not be reached ${failures === 1 ? 'at the last attempt' : `${failures} times in a row`}: ${lastError ?? 'no reply'}`,
  }
}

function storageProblem(
  rule: RuleSettings['storage'],
  { code, message }: StorageProblem,
): Finding | null {
  if (!rule.enabled) return null
  return {
    rule: 'storage',
    severity: code === 'secrets_unreadable' ? 'warning' : 'critical',
    about: code,
    subject: 'installation',
    subjectName: 'This installation',
    keyId: null,
    tenantId: null,
    figures: { problem: code },
    message,
  }
}

function subjectOf(key: WatchedKey): Subject {
  const { publicId, name, keyId, tenantId } = key
  return { subject: publicId, subjectName: name, keyId, tenantId }
}

function shareOf(used: number, limit: number | null): number {
  return limit === null || limit === 0 ? 0 : (used / limit) * 100
}

const rounded = (value: number): number => Math.round(value * 10) / 10
