import type { Clock } from '../../base/clock.ts'
import type { CommitQueue } from '../../storage/commit-queue.ts'
import type { Database } from '../../storage/database.ts'
import { type DayCount, turnTo } from './day-count.ts'

/** The id of a key, or of a tenant. */
export type HolderId = number | string

export type Rate = { readonly perMinute: number; readonly burst: number }

/** Filled by a clock that cannot be set; only across a restart the wall clock has to serve. */
export type Bucket = { tokens: number; filledAtElapsed: number; readonly emails: DayCount }

type SavedBucket = {
  readonly holder: HolderId
  readonly tokens: number
  readonly filledAt: number
  readonly day: number
  readonly emailsToday: number
}

export const dayMs = 86_400_000
const saveEveryMs = 250

type BucketDeps = {
  readonly database: Database
  readonly queue: CommitQueue
  readonly clock: Clock
}

/**
 * Token buckets with a count of the emails of a UTC day. They are spent in memory and saved within a
 * quarter of a second: a restart does not refill them, and a request does not wait for the disk.
 */
export function createBuckets({ database, queue, clock }: BucketDeps) {
  const statements = prepareStatements(database)
  const buckets = new Map<HolderId, Bucket>(
    statements.selectAll.all().map(({ holder, tokens, filledAt, day, emailsToday }) => {
      const emails = { day, used: emailsToday, others: [] }
      const agoMs = Math.max(0, clock.now() - filledAt)
      return [holder, { tokens, filledAtElapsed: clock.elapsed() - agoMs, emails }]
    }),
  )
  const changed = new Set<HolderId>()
  let cancelSave: (() => void) | null = null
  const today = (): number => Math.floor(clock.now() / dayMs)

  function saveChanged(): void {
    for (const holder of changed) {
      const bucket = buckets.get(holder)
      if (!bucket) continue
      const { tokens, filledAtElapsed, emails } = bucket
      const filledAt = Math.round(clock.now() - (clock.elapsed() - filledAtElapsed))
      if (typeof holder === 'number') {
        statements.saveKey.run(holder, tokens, filledAt, emails.day, emails.used)
      } else statements.saveTenant.run(holder, tokens, filledAt, emails.day, emails.used)
    }
    changed.clear()
  }

  return {
    /** Schedules a save of a spent bucket. */
    touch(holder: HolderId): void {
      changed.add(holder)
      cancelSave ??= clock.after(saveEveryMs, () => {
        cancelSave = null
        // A failed write leaves the buckets in memory; the next spend tries again.
        queue.write(saveChanged).catch(() => undefined)
      })
    },

    /** The bucket as of now: refilled by the time that passed, with the count of today's emails. */
    fill(holder: HolderId, rate: Rate | null): Bucket {
      const now = clock.elapsed()
      // Without a rate the bucket is full: it only counts the day's emails.
      const burst = rate?.burst ?? Number.MAX_SAFE_INTEGER
      const bucket = buckets.get(holder) ?? {
        tokens: burst,
        filledAtElapsed: now,
        emails: { day: today(), used: 0, others: [] },
      }
      const gained = ((now - bucket.filledAtElapsed) / 60_000) * (rate?.perMinute ?? 0)
      bucket.tokens = Math.min(burst, bucket.tokens + gained)
      bucket.filledAtElapsed = now
      turnTo(bucket.emails, today())
      buckets.set(holder, bucket)
      return bucket
    },

    emailsToday(holder: HolderId): number {
      const emails = buckets.get(holder)?.emails
      if (!emails) return 0
      turnTo(emails, today())
      return emails.used
    },

    async close(): Promise<void> {
      cancelSave?.()
      if (changed.size > 0) await queue.write(saveChanged)
    },
  }
}

function prepareStatements(database: Database) {
  return {
    saveKey: database.prepare<[number, number, number, number, number]>(`
      INSERT INTO buckets (key_id, tokens, filled_at, day, emails_today) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT (key_id) DO UPDATE SET tokens = excluded.tokens, filled_at = excluded.filled_at,
        day = excluded.day, emails_today = excluded.emails_today
    `),
    saveTenant: database.prepare<[string, number, number, number, number]>(`
      INSERT INTO tenant_buckets (tenant_id, tokens, filled_at, day, emails_today)
      VALUES (?, ?, ?, ?, ?)
      ON CONFLICT (tenant_id) DO UPDATE SET tokens = excluded.tokens,
        filled_at = excluded.filled_at, day = excluded.day, emails_today = excluded.emails_today
    `),
    selectAll: database.prepare<[], SavedBucket>(`
      SELECT key_id AS holder, tokens, filled_at AS filledAt, day, emails_today AS emailsToday
      FROM buckets
      UNION ALL SELECT tenant_id, tokens, filled_at, day, emails_today FROM tenant_buckets
    `),
  }
}
