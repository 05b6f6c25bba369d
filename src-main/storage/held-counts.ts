import type { Database } from './database.ts'

/** What waits for a release, or would after a restore. */
export type HeldCounts = {
  readonly messages: number
  readonly jobs: number
  readonly webhook_deliveries: number
}

/** What a database is about to send. */
export function countUnfinished(database: Database): HeldCounts {
  const count = (sql: string) => database.prepare<[], number>(sql).pluck().get() ?? 0
  return {
    messages:
      count(`SELECT count(DISTINCT message_id) FROM deliveries
        WHERE status IN ('queued', 'sending', 'deferred')`) +
      count("SELECT count(*) FROM scheduled WHERE mode = 'live' AND status = 'scheduled'"),
    jobs: count(`SELECT count(*) FROM jobs
      WHERE mode = 'live' AND status IN ('pending', 'processing', 'paused')`),
    webhook_deliveries: count("SELECT count(*) FROM webhook_deliveries WHERE status = 'pending'"),
  }
}
