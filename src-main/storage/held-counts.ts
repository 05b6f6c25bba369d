import type { Database } from './database.ts'

/** Numbers of held items, or of those that a restore would hold. */
export type HeldCounts = {
  readonly messages: number
  readonly jobs: number
  readonly webhook_deliveries: number
}

/** Counts the unfinished items of a database. */
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
