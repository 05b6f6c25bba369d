import type { Clock } from '../base/clock.ts'
import { Fault } from '../contract/faults.ts'
import { planLimits } from '../contract/settings.ts'
import type { CommitQueue } from '../storage/commit-queue.ts'
import type { Database } from '../storage/database.ts'
import type { Caller } from './caller.ts'
import type { SettingsStore } from './settings.ts'

export type Limits = ReturnType<typeof createLimits>

/** What the X-RateLimit headers say; `resetAt` is when the bucket is full again, in Unix seconds. */
export type RateState = {
  readonly limit: number
  readonly remaining: number
  readonly resetAt: number
}

type Bucket = { tokens: number; filledAt: number; day: number; emailsToday: number }

/** A test key may ask ten times as often as its plan says. */
const testFactor = 10
const dayMs = 86_400_000
const saveEveryMs = 250

type LimitDeps = {
  readonly database: Database
  readonly queue: CommitQueue
  readonly clock: Clock
  readonly settings: SettingsStore
}

/**
 * A token bucket a key (RFC 6585 §4 for the refusal) and a count of emails a UTC day. Buckets are
 * spent in memory and saved a quarter of a second later at the latest, so that a restart does not
 * refill them and a request does not wait for the disk.
 */
export function createLimits({ database, queue, clock, settings }: LimitDeps) {
  const save = database.prepare<[number, number, number, number, number]>(`
    INSERT INTO buckets (key_id, tokens, filled_at, day, emails_today) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (key_id) DO UPDATE SET tokens = excluded.tokens, filled_at = excluded.filled_at,
      day = excluded.day, emails_today = excluded.emails_today
  `)
  const saved = database.prepare<[], Bucket & { keyId: number }>(`
    SELECT key_id AS keyId, tokens, filled_at AS filledAt, day, emails_today AS emailsToday
    FROM buckets
  `)
  const buckets = new Map<number, Bucket>(
    saved.all().map(({ keyId, ...bucket }) => [keyId, bucket]),
  )
  const changed = new Set<number>()
  let cancelSave: (() => void) | null = null

  function touch(keyId: number): void {
    changed.add(keyId)
    cancelSave ??= clock.after(saveEveryMs, () => {
      cancelSave = null
      // A failed write leaves the buckets in memory; the next spend tries again.
      queue.write(saveChanged).catch(() => undefined)
    })
  }

  function saveChanged(): void {
    for (const keyId of changed) {
      const bucket = buckets.get(keyId)
      if (!bucket) continue
      save.run(keyId, bucket.tokens, bucket.filledAt, bucket.day, bucket.emailsToday)
    }
    changed.clear()
  }

  function rateOf(caller: Caller): { perMinute: number; burst: number } {
    const plan = planLimits[settings.current().plan]
    if (caller.requestsPerMinute !== null) {
      return {
        perMinute: caller.requestsPerMinute,
        burst: Math.ceil(caller.requestsPerMinute * 1.5),
      }
    }
    const factor = caller.mode === 'test' ? testFactor : 1
    return { perMinute: plan.requestsPerMinute * factor, burst: plan.burst * factor }
  }

  /** The bucket as of now: refilled by the time that went by, emptied of yesterday's emails. */
  function fill(keyId: number, perMinute: number, burst: number): Bucket {
    const now = clock.now()
    const today = Math.floor(now / dayMs)
    const bucket = buckets.get(keyId) ?? {
      tokens: burst,
      filledAt: now,
      day: today,
      emailsToday: 0,
    }
    const gained = (Math.max(0, now - bucket.filledAt) / 60_000) * perMinute
    bucket.tokens = Math.min(burst, bucket.tokens + gained)
    bucket.filledAt = now
    if (bucket.day !== today) {
      bucket.day = today
      bucket.emailsToday = 0
    }
    buckets.set(keyId, bucket)
    return bucket
  }

  function state(bucket: Bucket, perMinute: number, burst: number): RateState {
    const fullInMs = ((burst - bucket.tokens) / perMinute) * 60_000
    return {
      limit: perMinute,
      remaining: Math.min(perMinute, Math.floor(bucket.tokens)),
      resetAt: Math.ceil((clock.now() + fullInMs) / 1000),
    }
  }

  return {
    /** Spends one request. Answers null for a caller without limits; a refusal carries the state. */
    admit(caller: Caller): { readonly rate: RateState | null; readonly refusal: Fault | null } {
      if (caller.unlimited || caller.keyId === null) return { rate: null, refusal: null }
      const { perMinute, burst } = rateOf(caller)
      const bucket = fill(caller.keyId, perMinute, burst)
      touch(caller.keyId)
      if (bucket.tokens >= 1) {
        bucket.tokens -= 1
        return { rate: state(bucket, perMinute, burst), refusal: null }
      }
      const waitSeconds = Math.max(1, Math.ceil(((1 - bucket.tokens) / perMinute) * 60))
      return {
        rate: state(bucket, perMinute, burst),
        refusal: new Fault(
          'rate_limit_exceeded',
          `Rate limit exceeded: this key may make ${perMinute} requests a minute. Wait ${waitSeconds} s, or give the key its own limit.`,
          { retry_after: waitSeconds, requests_per_minute: perMinute },
        ),
      }
    },

    /** Counts one email against the key's day, or refuses it. */
    spendEmail(caller: Caller): void {
      if (caller.emailsPerDay === null || caller.keyId === null) return
      const { perMinute, burst } = rateOf(caller)
      const bucket = fill(caller.keyId, perMinute, burst)
      if (bucket.emailsToday >= caller.emailsPerDay) {
        const midnightMs = (bucket.day + 1) * dayMs
        throw new Fault(
          'daily_limit_exceeded',
          `Daily limit exceeded: this key may send ${caller.emailsPerDay} emails a day. It may send again after midnight UTC.`,
          {
            retry_after: Math.ceil((midnightMs - clock.now()) / 1000),
            emails_per_day: caller.emailsPerDay,
          },
        )
      }
      bucket.emailsToday += 1
      touch(caller.keyId)
    },

    emailsToday(keyId: number): number {
      const bucket = buckets.get(keyId)
      return bucket && bucket.day === Math.floor(clock.now() / dayMs) ? bucket.emailsToday : 0
    },

    async close(): Promise<void> {
      cancelSave?.()
      if (changed.size > 0) await queue.write(saveChanged)
    },
  }
}
