import { iso, readableTime } from '../../base/clock.ts'
import type { AlertRuleName, RuleSettings, Severity } from '../../contract/alerts.ts'
import type { StorageProblem } from '../../contract/storage.ts'

/** What a rule found, with the figures it judged by. */
export type Finding = {
  readonly rule: AlertRuleName
  readonly severity: Severity
  /** What tells this alert from others of its rule. */
  readonly about: string
  readonly subject: string
  readonly subjectName: string
  readonly keyId: number | null
  readonly tenantId: string | null
  readonly figures: Readonly<Record<string, number | string | null>>
  readonly message: string
}

type Subject = Pick<Finding, 'subject' | 'subjectName' | 'keyId' | 'tenantId'>

/** A key as the rules see it: counted elsewhere, so that they only judge. */
export type KeyFigures = {
  readonly keyId: number
  readonly publicId: string
  readonly name: string
  readonly tenantId: string | null
  readonly expiresAt: number | null
  /** Answered over the minutes that the error rate is taken of. */
  readonly requests: number
  readonly refused: number
  readonly lastHour: number
  /** Requests in an hour in which it is used at all; null: too little is known. */
  readonly usualHour: number | null
  readonly lastMinute: number
  readonly requestsPerMinute: number | null
  readonly emailsToday: number
  readonly emailsPerDay: number | null
}

export type BounceFigures = {
  readonly tenantId: string | null
  readonly delivered: number
  readonly bounced: number
}

/** A tenant that has limits of its own, for all its keys together. */
export type TenantFigures = {
  readonly id: string
  readonly name: string
  readonly lastMinute: number
  readonly requestsPerMinute: number | null
  readonly emailsToday: number
  readonly emailsPerDay: number | null
}

export type RelayFigures = {
  readonly id: string
  readonly name: string
  readonly tenantId: string | null
  readonly failures: number
  readonly lastError: string | null
}

export type Figures = {
  readonly now: number
  readonly keys: readonly KeyFigures[]
  readonly tenants: readonly TenantFigures[]
  readonly bounces: readonly BounceFigures[]
  readonly queueDepth: number
  readonly relays: readonly RelayFigures[]
  readonly storage: readonly StorageProblem[]
}

/** Something that happened once: its alert stays open for a time of its own. */
export type Occasion = { readonly key: KeyFigures; readonly at: number } & (
  | { readonly type: 'rested'; readonly restedMs: number }
  | { readonly type: 'new_address'; readonly address: string; readonly known: number }
)

const dayMs = 86_400_000
const hourMs = 3_600_000

/** All that holds now, rules that are switched off left out. */
export function judge(rules: RuleSettings, figures: Figures): Finding[] {
  const { keys, tenants, bounces, relays, queueDepth, storage, now } = figures
  return [
    ...keys.flatMap((key) => [
      errorRate(rules.key_error_rate, key),
      volume(rules.key_volume, key),
      nearLimit(rules.key_near_limit, key),
      expiring(rules.key_expiring, key, now),
    ]),
    ...tenants.map((tenant) => tenantNearLimit(rules.tenant_near_limit, tenant)),
    ...bounces.map((bounce) => bounceRate(rules.bounce_rate, bounce)),
    queueIsDeep(rules.queue_depth, queueDepth),
    ...relays.map((relay) => unreachable(rules.relay_unreachable, relay)),
    ...storage.map((problem) => storageProblem(rules.storage, problem)),
  ].filter((finding) => finding !== null)
}

/** For how long an alert of this rule is open whatever the figures say; null: while it holds. */
export function openForMs(rules: RuleSettings, rule: AlertRuleName): number | null {
  if (rule !== 'key_idle' && rule !== 'key_new_address') return null
  return rules[rule].hours * hourMs
}

export function judgeOccasion(rules: RuleSettings, occasion: Occasion): Finding | null {
  const { key, at } = occasion
  if (occasion.type === 'rested') {
    const { enabled, days } = rules.key_idle
    const restedDays = occasion.restedMs / dayMs
    if (!enabled || restedDays < days) return null
    return {
      rule: 'key_idle',
      severity: 'warning',
      about: key.publicId,
      ...subjectOf(key),
      figures: { idle_days: Math.floor(restedDays), limit_days: days, used_at: iso(at) },
      message: `The key “${key.name}” was used after ${Math.floor(restedDays)} days of rest. If nobody knows why, rotate it.`,
    }
  }
  if (!rules.key_new_address.enabled) return null
  return {
    rule: 'key_new_address',
    severity: 'warning',
    about: `${key.publicId} ${occasion.address}`,
    ...subjectOf(key),
    figures: { address: occasion.address, known_addresses: occasion.known, used_at: iso(at) },
    message: `The key “${key.name}” was used from ${occasion.address}, where it was never used from. Its allowed_ips can keep it to the addresses you know.`,
  }
}

function errorRate(rule: RuleSettings['key_error_rate'], key: KeyFigures): Finding | null {
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

function volume(rule: RuleSettings['key_volume'], key: KeyFigures): Finding | null {
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
    message: `The key “${key.name}” made ${lastHour} requests in the last hour; ${rounded(usualHour)} are usual in an hour in which it is used.`,
  }
}

function nearLimit(rule: RuleSettings['key_near_limit'], key: KeyFigures): Finding | null {
  const use = rule.enabled ? nearest(key, rule.percent) : null
  if (use === null) return null
  return {
    rule: 'key_near_limit',
    severity: use.severity,
    about: key.publicId,
    ...subjectOf(key),
    figures: use.figures,
    message: `The key “${key.name}” has used ${use.words}. Raise its limit, or spread what it sends.`,
  }
}

function tenantNearLimit(
  rule: RuleSettings['tenant_near_limit'],
  tenant: TenantFigures,
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
    message: `The keys of the tenant “${tenant.name}” together have used ${use.words}. Raise the tenant’s limit, or spread what they send.`,
  }
}

type Limited = Pick<KeyFigures, 'lastMinute' | 'requestsPerMinute' | 'emailsToday' | 'emailsPerDay'>

/** The limit that is nearly used up: the day's quota before the rate. */
function nearest(holder: Limited, fromPercent: number) {
  const { lastMinute, requestsPerMinute, emailsToday, emailsPerDay } = holder
  const quota = shareOf(emailsToday, emailsPerDay)
  const rate = shareOf(lastMinute, requestsPerMinute)
  const isQuota = quota >= fromPercent
  if (!isQuota && rate < fromPercent) return null
  const [used, limit, percent] = isQuota
    ? [emailsToday, emailsPerDay, quota]
    : [lastMinute, requestsPerMinute, rate]
  const what = isQuota
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
    words: `${what} (${rounded(percent)} %)`,
  }
}

function expiring(
  rule: RuleSettings['key_expiring'],
  key: KeyFigures,
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
    message: `The key “${key.name}” expires at ${readableTime(key.expiresAt)}. Make a new one in time.`,
  }
}

function bounceRate(rule: RuleSettings['bounce_rate'], figures: BounceFigures): Finding | null {
  const { tenantId, delivered, bounced } = figures
  const recipients = delivered + bounced
  if (!rule.enabled || recipients < rule.minimum_recipients) return null
  const rate = (bounced / recipients) * 100
  if (rate <= rule.percent) return null
  const isCritical = rate > rule.critical_percent
  const whose = tenantId === null ? '' : ` of ${tenantId}`
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
    message: `${bounced} of ${recipients} recipients${whose} bounced in the last ${rule.minutes} minutes (${rounded(rate)} %). Check the addresses before the relay is blocked.`,
  }
}

function queueIsDeep(rule: RuleSettings['queue_depth'], messages: number): Finding | null {
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
    message: `${messages} live messages wait to be sent. Look at the relays and their limits.`,
  }
}

function unreachable(rule: RuleSettings['relay_unreachable'], relay: RelayFigures): Finding | null {
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
    message: `The relay “${name}” could not be reached ${failures === 1 ? 'when it was last tried' : `${failures} times in a row`}: ${lastError ?? 'no reply'}`,
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

function subjectOf(key: KeyFigures): Subject {
  const { publicId, name, keyId, tenantId } = key
  return { subject: publicId, subjectName: name, keyId, tenantId }
}

function shareOf(used: number, limit: number | null): number {
  return limit === null || limit === 0 ? 0 : (used / limit) * 100
}

const rounded = (value: number): number => Math.round(value * 10) / 10
