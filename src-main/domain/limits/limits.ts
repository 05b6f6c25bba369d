import type { Clock } from '../../base/clock.ts'
import { Fault } from '../../contract/faults.ts'
import { ownRate, rateOfKey } from '../../contract/settings.ts'
import type { CommitQueue } from '../../storage/commit-queue.ts'
import type { Database } from '../../storage/database.ts'
import type { Caller } from '../auth/caller.ts'
import type { TenantRecords } from '../auth/tenant-records.ts'
import type { SettingsStore } from '../settings/settings.ts'
import { type DayCount, turnTo } from './day-count.ts'

export type Limits = ReturnType<typeof createLimits>

/** What the X-RateLimit headers say; `resetAt` is when the bucket is full again, in Unix seconds. */
export type RateState = {
  readonly limit: number
  readonly remaining: number
  readonly resetAt: number
}

/** Whose limits these are: a key's by its number, a tenant's by its id. */
type Holder = {
  readonly name: number | string
  readonly noun: string
  /** Null: as many requests as it likes. */
  readonly rate: { readonly perMinute: number; readonly burst: number } | null
  readonly emailsPerDay: number | null
}

type Filled = {
  readonly noun: string
  readonly rate: NonNullable<Holder['rate']>
  readonly bucket: Bucket
}

type SavedBucket = {
  readonly tokens: number
  readonly filledAt: number
  readonly day: number
  readonly emailsToday: number
}

/** Filled by the clock that nobody can set; only over a restart the wall clock has to serve. */
type Bucket = { tokens: number; filledAtElapsed: number; readonly emails: DayCount }

const dayMs = 86_400_000
const saveEveryMs = 250

type LimitDeps = {
  readonly database: Database
  readonly queue: CommitQueue
  readonly clock: Clock
  readonly settings: SettingsStore
  readonly tenantRecords: TenantRecords
}

/**
 * A token bucket a key, and one a tenant that has limits of its own (RFC 6585 §4 for the refusal),
 * with a count of emails a UTC day. Buckets are
 * spent in memory and saved a quarter of a second later at the latest, so that a restart does not
 * refill them and a request does not wait for the disk.
 */
export function createLimits(deps: LimitDeps) {
  const { database, queue, clock, settings, tenantRecords } = deps
  const save = database.prepare<[number, number, number, number, number]>(`
    INSERT INTO buckets (key_id, tokens, filled_at, day, emails_today) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (key_id) DO UPDATE SET tokens = excluded.tokens, filled_at = excluded.filled_at,
      day = excluded.day, emails_today = excluded.emails_today
  `)
  const saveTenant = database.prepare<[string, number, number, number, number]>(`
    INSERT INTO tenant_buckets (tenant_id, tokens, filled_at, day, emails_today)
    VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (tenant_id) DO UPDATE SET tokens = excluded.tokens, filled_at = excluded.filled_at,
      day = excluded.day, emails_today = excluded.emails_today
  `)
  const saved = database.prepare<[], SavedBucket & { name: Holder['name'] }>(`
    SELECT key_id AS name, tokens, filled_at AS filledAt, day, emails_today AS emailsToday
    FROM buckets
    UNION ALL SELECT tenant_id, tokens, filled_at, day, emails_today FROM tenant_buckets
  `)
  const buckets = new Map<Holder['name'], Bucket>(
    saved.all().map(({ name, tokens, filledAt, day, emailsToday }) => {
      const emails = { day, used: emailsToday, others: [] }
      const agoMs = Math.max(0, clock.now() - filledAt)
      return [name, { tokens, filledAtElapsed: clock.elapsed() - agoMs, emails }]
    }),
  )
  const changed = new Set<Holder['name']>()
  let cancelSave: (() => void) | null = null

  function touch(name: Holder['name']): void {
    changed.add(name)
    cancelSave ??= clock.after(saveEveryMs, () => {
      cancelSave = null
      // A failed write leaves the buckets in memory; the next spend tries again.
      queue.write(saveChanged).catch(() => undefined)
    })
  }

  function saveChanged(): void {
    for (const name of changed) {
      const bucket = buckets.get(name)
      if (!bucket) continue
      const { tokens, filledAtElapsed, emails } = bucket
      const { day, used: emailsToday } = emails
      const filledAt = Math.round(clock.now() - (clock.elapsed() - filledAtElapsed))
      if (typeof name === 'number') save.run(name, tokens, filledAt, day, emailsToday)
      else saveTenant.run(name, tokens, filledAt, day, emailsToday)
    }
    changed.clear()
  }

  const rateOf = (caller: Caller) =>
    rateOfKey(settings.current().plan, caller.mode, caller.requestsPerMinute)

  /** All whose limits a caller lives by: its key's, and those of the tenant as a whole. */
  function holdersOf(caller: Caller): Holder[] {
    if (caller.keyId === null) return []
    const { keyId: name, emailsPerDay, tenantId } = caller
    const key = { name, noun: 'key', rate: rateOf(caller), emailsPerDay }
    if (tenantId === null) return [key]
    const { requestsPerMinute, emailsPerDay: tenantEmails } = tenantRecords.ratesOf(tenantId)
    const rate = requestsPerMinute === null ? null : ownRate(requestsPerMinute)
    return [key, { name: tenantId, noun: 'tenant', rate, emailsPerDay: tenantEmails }]
  }

  /** The bucket as of now: refilled by the time that went by, emptied of yesterday's emails. */
  function fill({ name, rate }: Holder): Bucket {
    const now = clock.elapsed()
    const today = Math.floor(clock.now() / dayMs)
    // Without a limit the bucket is as good as full: it is there for the day's count.
    const burst = rate?.burst ?? Number.MAX_SAFE_INTEGER
    const bucket = buckets.get(name) ?? {
      tokens: burst,
      filledAtElapsed: now,
      emails: { day: today, used: 0, others: [] },
    }
    const gained = ((now - bucket.filledAtElapsed) / 60_000) * (rate?.perMinute ?? 0)
    bucket.tokens = Math.min(burst, bucket.tokens + gained)
    bucket.filledAtElapsed = now
    turnTo(bucket.emails, today)
    buckets.set(name, bucket)
    return bucket
  }

  function stateOf(bucket: Bucket, { perMinute, burst }: NonNullable<Holder['rate']>): RateState {
    const fullInMs = ((burst - bucket.tokens) / perMinute) * 60_000
    return {
      limit: perMinute,
      remaining: Math.min(perMinute, Math.floor(bucket.tokens)),
      resetAt: Math.ceil((clock.now() + fullInMs) / 1000),
    }
  }

  /** Those who may send only so many a day, and what is left of it. */
  function quotasOf(caller: Caller) {
    if (caller.emailsPerDay === null && caller.tenantId === null) return []
    return holdersOf(caller).flatMap((holder) => {
      if (holder.emailsPerDay === null) return []
      const bucket = fill(holder)
      const left = Math.max(0, holder.emailsPerDay - bucket.emails.used)
      return [{ ...holder, emailsPerDay: holder.emailsPerDay, bucket, left }]
    })
  }

  function emailsToday(name: Holder['name']): number {
    const emails = buckets.get(name)?.emails
    if (!emails) return 0
    turnTo(emails, Math.floor(clock.now() / dayMs))
    return emails.used
  }

  return {
    /** Spends one request. Answers null for a caller without limits; a refusal carries the state. */
    admit(caller: Caller): { readonly rate: RateState | null; readonly refusal: Fault | null } {
      if (caller.unlimited) return { rate: null, refusal: null }
      let tightest: Filled | null = null
      const limited: Filled[] = []
      for (const holder of holdersOf(caller)) {
        const { name, noun, rate } = holder
        if (!rate) continue
        const filled = { noun, rate, bucket: fill(holder) }
        if (!tightest || filled.bucket.tokens < tightest.bucket.tokens) tightest = filled
        limited.push(filled)
        touch(name)
      }
      if (!tightest) return { rate: null, refusal: null }
      const { bucket, rate, noun } = tightest
      if (bucket.tokens >= 1) {
        for (const { bucket: each } of limited) each.tokens -= 1
        return { rate: stateOf(bucket, rate), refusal: null }
      }
      const waitSeconds = Math.max(1, Math.ceil(((1 - bucket.tokens) / rate.perMinute) * 60))
      return {
        rate: stateOf(bucket, rate),
        refusal: new Fault(
          'rate_limit_exceeded',
          `Rate limit exceeded: this ${noun} may make ${rate.perMinute} requests a minute. Wait ${waitSeconds} s, or give the ${noun} ${noun === 'key' ? 'its own' : 'a higher'} limit.`,
          { retry_after: waitSeconds, requests_per_minute: rate.perMinute },
        ),
      }
    },

    /** Counts one email against the day of the key and of its tenant, or refuses it. */
    spendEmail(caller: Caller): void {
      const quotas = quotasOf(caller)
      const used = quotas.find(({ left }) => left === 0)
      if (used) {
        const midnightMs = (used.bucket.emails.day + 1) * dayMs
        throw new Fault(
          'daily_limit_exceeded',
          `Daily limit exceeded: this ${used.noun} may send ${used.emailsPerDay} emails a day. It may send again after midnight UTC.`,
          {
            retry_after: Math.ceil((midnightMs - clock.now()) / 1000),
            emails_per_day: used.emailsPerDay,
          },
        )
      }
      for (const { name, bucket } of quotas) {
        bucket.emails.used += 1
        touch(name)
      }
    },

    /** Refuses a batch that today's limit has no room for, before any of it is taken. */
    demandEmails(caller: Caller, count: number): void {
      const short = quotasOf(caller).find(({ left }) => count > left)
      if (!short) return
      throw new Fault(
        'daily_limit_exceeded',
        `Daily sending limit exceeded. Remaining quota: ${short.left}`,
        { emails_per_day: short.emailsPerDay, remaining: short.left },
      )
    },

    /** How near a key is to its own limits. */
    standing(caller: Caller) {
      const { keyId } = caller
      const rate = rateOf(caller)
      if (keyId === null) return { ...rate, left: rate.burst, emailsToday: 0 }
      const { emailsPerDay } = caller
      const bucket = fill({ name: keyId, noun: 'key', rate, emailsPerDay })
      return { ...rate, left: Math.floor(bucket.tokens), emailsToday: bucket.emails.used }
    },

    perMinute: (caller: Caller): number => rateOf(caller).perMinute,

    emailsToday,

    /** Of every tenant that has limits of its own: what it may, and what it sent today. */
    tenants: () =>
      tenantRecords.all().map(({ id, name, ...own }) => ({
        id,
        name,
        requestsPerMinute: own.requests_per_minute,
        emailsPerDay: own.emails_per_day,
        emailsToday: emailsToday(id),
      })),

    async close(): Promise<void> {
      cancelSave?.()
      if (changed.size > 0) await queue.write(saveChanged)
    },
  }
}
