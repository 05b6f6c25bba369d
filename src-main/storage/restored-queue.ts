import { existsSync, readFileSync, rmSync } from 'node:fs'
import type { Database } from './database.ts'
import { createEventLog } from './event-log.ts'
import { restoredFacts } from './folder-files.ts'

/** The facts of a restore, kept in the folder until its queue is held. */
export type RestoredFacts = {
  readonly kept_file: string | null
  /** Null: it could not be counted. */
  readonly lost_messages: number | null
}

/** The last second of the year 9999: due when it is released. */
export const untilReleased = 253_402_300_799_000

const heldReply =
  'Held: restored from a backup, so it may have been sent already. Release or cancel it.'

/**
 * Holds the unfinished items of a restored backup: queued and scheduled live mail, jobs and webhook
 * deliveries. They may have been sent after the backup was made. Runs before any other use of the
 * database; mail that is accepted later is not held.
 */
export function holdRestored(database: Database, folder: string, now: number): void {
  const file = restoredFacts(folder)
  if (!existsSync(file)) return
  const facts = JSON.parse(readFileSync(file, 'utf8')) as RestoredFacts
  database.transaction(() => {
    database
      .prepare(`
        UPDATE deliveries SET status = iif(status = 'sending', 'queued', status), held = 2,
          next_attempt_at = NULL, last_reply = ?
        WHERE status IN ('queued', 'sending', 'deferred')
      `)
      .run(heldReply)
    database.exec(`
      UPDATE messages SET status = 'queued' WHERE mode = 'live' AND status = 'sending';
      INSERT OR IGNORE INTO restored_scheduled
        SELECT public_id FROM scheduled WHERE mode = 'live' AND status = 'scheduled';
      INSERT OR IGNORE INTO restored_jobs
        SELECT id FROM jobs
        WHERE mode = 'live' AND status IN ('pending', 'processing', 'paused');
      UPDATE webhook_deliveries SET next_attempt_at = ${untilReleased} WHERE status = 'pending';
    `)
    const events = createEventLog(database)
    events.append(now, { type: 'restore.applied', data: facts })
    database
      .prepare(`
        INSERT OR REPLACE INTO restored_queue
          (id, restored_at, kept_file, lost_messages, event_seq)
        VALUES (1, ?, ?, ?, ?)
      `)
      .run(now, facts.kept_file, facts.lost_messages, events.lastSeq())
  })()
  rmSync(file, { force: true })
}
