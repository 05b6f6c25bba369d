import type { Clock } from '../../base/clock.ts'
import { Fault } from '../../contract/faults.ts'
import { ownRate, rateOfKey } from '../../contract/settings.ts'
import type { CommitQueue } from '../../storage/commit-queue.ts'
import type { Database } from '../../storage/database.ts'
import type { Caller } from '../auth/caller.ts'
import type { TenantRecords } from '../auth/tenant-records.ts'
import type { SettingsStore } from '../settings/settings.ts'
import { type Bucket, createBuckets, dayMs, type HolderId, type Rate } from './buckets.ts'

export type Limits = ReturnType<typeof createLimits>

/** For the X-RateLimit headers; `resetAt`: when the bucket is full again, in Unix seconds. */
export type RateState = {
  readonly limit: number
  readonly remaining: number
  readonly resetAt: number
}

/** A key or a tenant with its limits. */
type Holder = {
  readonly id: HolderId
  readonly noun: 'key' | 'tenant'
  /** Null: no limit of requests. */
  readonly rate: Rate | null
  readonly emailsPerDay: number | null
}

type Filled = { readonly holder: Holder; readonly rate: Rate; readonly bucket: Bucket }

type LimitDeps = {
  readonly database: Database
  readonly queue: CommitQueue
  readonly clock: Clock
  readonly settings: SettingsStore
  readonly tenantRecords: TenantRecords
}

type LimitContext = LimitDeps & { readonly buckets: ReturnType<typeof createBuckets> }

/** Requests a minute and emails a day: of each key, and of each tenant with limits of its own. */
export function createLimits(deps: LimitDeps) {
  const { database, queue, clock, tenantRecords } = deps

  const buckets = createBuckets({ database, queue, clock })
  const context: LimitContext = { ...deps, buckets }

  return {
    /** Spends one request. Null: the caller has no limits. A refusal comes with the state. */
    admit: (caller: Caller): { readonly rate: RateState | null; readonly refusal: Fault | null } =>
      admit(context, caller),

    /** Counts one email against the day of the key and of its tenant, or refuses it. */
    spendEmail: (caller: Caller): void => spendEmail(context, caller),

    /** Refuses a batch that exceeds today's limit, before any of it is accepted. */
    requireEmailsLeft(caller: Caller, count: number): void {
      const short = quotasOf(context, caller).find(({ left }) => count > left)
      if (!short) return
      throw new Fault(
        'daily_limit_exceeded',
        `Daily sending limit exceeded. Remaining quota: ${short.left}`,
        { emails_per_day: short.emailsPerDay, remaining: short.left },
      )
    },

    /** The rate of a key, its requests left and its emails of today. */
    remaining(caller: Caller) {
      const { keyId } = caller
      const rate = rateOf(context, caller)
      if (keyId === null) return { ...rate, left: rate.burst, emailsToday: 0 }
      const bucket = buckets.fill(keyId, rate)
      return { ...rate, left: Math.floor(bucket.tokens), emailsToday: bucket.emails.used }
    },

    perMinute: (caller: Caller): number => rateOf(context, caller).perMinute,

    emailsToday: buckets.emailsToday,

    /** Every tenant with its limits and its emails of today. */
    tenants: () =>
      tenantRecords.all().map(({ id, name, ...own }) => ({
        id,
        name,
        requestsPerMinute: own.requests_per_minute,
        emailsPerDay: own.emails_per_day,
        emailsToday: buckets.emailsToday(id),
      })),

    close: buckets.close,
  }
}

const rateOf = ({ settings }: LimitContext, caller: Caller): Rate =>
  rateOfKey(settings.current().plan, caller.mode, caller.requestsPerMinute)

/** The holders whose limits apply to a caller: its key, and its tenant. */
function holdersOf(context: LimitContext, caller: Caller): Holder[] {
  const { tenantRecords } = context
  if (caller.keyId === null) return []
  const { keyId: id, emailsPerDay, tenantId } = caller
  const key: Holder = { id, noun: 'key', rate: rateOf(context, caller), emailsPerDay }
  if (tenantId === null) return [key]
  const { requestsPerMinute, emailsPerDay: tenantEmails } = tenantRecords.ratesOf(tenantId)
  const rate = requestsPerMinute === null ? null : ownRate(requestsPerMinute)
  return [key, { id: tenantId, noun: 'tenant', rate, emailsPerDay: tenantEmails }]
}

/** The holders with a daily limit, and the number of emails left to each today. */
function quotasOf(context: LimitContext, caller: Caller) {
  const { buckets } = context
  if (caller.emailsPerDay === null && caller.tenantId === null) return []
  return holdersOf(context, caller).flatMap((holder) => {
    if (holder.emailsPerDay === null) return []
    const bucket = buckets.fill(holder.id, holder.rate)
    const left = Math.max(0, holder.emailsPerDay - bucket.emails.used)
    return [{ ...holder, emailsPerDay: holder.emailsPerDay, bucket, left }]
  })
}

function admit(
  context: LimitContext,
  caller: Caller,
): { readonly rate: RateState | null; readonly refusal: Fault | null } {
  const { buckets, clock } = context
  if (caller.unlimited) return { rate: null, refusal: null }
  let tightest: Filled | null = null
  const limited: Filled[] = []
  for (const holder of holdersOf(context, caller)) {
    const { id, rate } = holder
    if (!rate) continue
    const filled = { holder, rate, bucket: buckets.fill(id, rate) }
    if (!tightest || filled.bucket.tokens < tightest.bucket.tokens) tightest = filled
    limited.push(filled)
    buckets.touch(id)
  }
  if (!tightest) return { rate: null, refusal: null }
  const { bucket, rate } = tightest
  if (bucket.tokens < 1) {
    return { rate: stateOf(bucket, rate, clock.now()), refusal: rateExceeded(tightest) }
  }
  for (const { bucket: each } of limited) each.tokens -= 1
  return { rate: stateOf(bucket, rate, clock.now()), refusal: null }
}

function spendEmail(context: LimitContext, caller: Caller): void {
  const { clock, buckets } = context
  const quotas = quotasOf(context, caller)
  const used = quotas.find(({ left }) => left === 0)
  if (used) {
    const midnightMs = (used.bucket.emails.day + 1) * dayMs
    throw dailyExceeded(used, Math.ceil((midnightMs - clock.now()) / 1000))
  }
  for (const { id, bucket } of quotas) {
    bucket.emails.used += 1
    buckets.touch(id)
  }
}

function stateOf(bucket: Bucket, { perMinute, burst }: Rate, now: number): RateState {
  const fullInMs = ((burst - bucket.tokens) / perMinute) * 60_000
  return {
    limit: perMinute,
    remaining: Math.min(perMinute, Math.floor(bucket.tokens)),
    resetAt: Math.ceil((now + fullInMs) / 1000),
  }
}

/** RFC 6585 §4. */
function rateExceeded({ holder: { noun }, rate: { perMinute }, bucket }: Filled): Fault {
  const waitSeconds = Math.max(1, Math.ceil(((1 - bucket.tokens) / perMinute) * 60))
  return new Fault(
    'rate_limit_exceeded',
    `Rate limit exceeded: this ${noun} may make ${perMinute} requests a minute. Wait ${waitSeconds} s, or give the ${noun} ${noun === 'key' ? 'its own' : 'a higher'} limit.`,
    { retry_after: waitSeconds, requests_per_minute: perMinute },
  )
}

function dailyExceeded({ noun, emailsPerDay }: Holder, waitSeconds: number): Fault {
  return new Fault(
    'daily_limit_exceeded',
    `Daily limit exceeded: this ${noun} may send ${emailsPerDay} emails a day. It may send again after midnight UTC.`,
    { retry_after: waitSeconds, emails_per_day: emailsPerDay },
  )
}
