import type { Clock } from '../../base/clock.ts'
import type { Log } from '../../base/log.ts'
import { startLoop } from '../../base/loop.ts'
import type { CommitQueue } from '../../storage/commit-queue.ts'
import type { Database } from '../../storage/database.ts'
import type { EventLog } from '../../storage/event-log.ts'
import type { ProvenClock } from '../settings/proven-time.ts'
import { minuteMs } from './rollup.ts'
import { figureColumns, upsertSums } from './tables.ts'

const cursorName = 'usage-hours'
const keepMinutesFor = 48 * 60
const hour = 60
const runEveryMs = hour * minuteMs
/** The first run waits, so that the start of the server is not slowed down. */
const firstRunMs = minuteMs

type CompactionDeps = {
  readonly database: Database
  readonly queue: CommitQueue
  readonly eventLog: EventLog
  readonly clock: Clock
  readonly provenClock: ProvenClock
  readonly log: Log
}

/** Merges minutes older than two days into hours: the same totals in fewer rows. */
export function startHourlyCompaction(deps: CompactionDeps) {
  const { database, queue, eventLog, clock, provenClock, log } = deps
  const firstMinute = database
    .prepare<[number, number], number | null>(`
      SELECT min(minute) FROM (
        SELECT min(minute) AS minute FROM usage WHERE minute >= ?
        UNION ALL SELECT min(minute) FROM delivery_usage WHERE minute >= ?
      )
    `)
    .pluck()
  // The first minute of an hour collects the others.
  const mergeMinutes = [
    database.prepare<[number, number, number]>(`
      INSERT INTO usage (minute, key_id, tenant_id, route, outcome, ${figureColumns.join(', ')})
      SELECT ?, key_id, max(tenant_id), route, outcome, ${figureColumns.map((name) => `sum(${name})`).join(', ')}
      FROM usage WHERE minute > ? AND minute < ? GROUP BY key_id, route, outcome
      ON CONFLICT (minute, key_id, route, outcome) DO UPDATE SET
        ${upsertSums}
    `),
    database.prepare<[number, number, number]>(`
      INSERT INTO delivery_usage (minute, tenant, outcome, recipients)
      SELECT ?, tenant, outcome, sum(recipients)
      FROM delivery_usage WHERE minute > ? AND minute < ? GROUP BY tenant, outcome
      ON CONFLICT (minute, tenant, outcome) DO UPDATE SET
        recipients = recipients + excluded.recipients
    `),
  ]
  const dropMinutes = [
    database.prepare<[number, number]>('DELETE FROM usage WHERE minute > ? AND minute < ?'),
    database.prepare<[number, number]>(
      'DELETE FROM delivery_usage WHERE minute > ? AND minute < ?',
    ),
  ]
  const loop = startLoop({ name: 'usage-hours', clock, log, run })
  const cancelFirst = clock.after(firstRunMs, loop.wake)

  /** One hour per transaction, so that mail is accepted in between. */
  async function run(): Promise<number> {
    provenClock.look()
    const end = Math.floor((provenClock.now() / minuteMs - keepMinutesFor) / hour) * hour
    // A clock that was ahead moved the cursor too far: the minutes up to it are still to come.
    if (eventLog.cursor(cursorName) > end)
      await queue.write(() => eventLog.moveCursor(cursorName, end))
    for (;;) {
      const known = eventLog.cursor(cursorName)
      const first = firstMinute.get(known, known) ?? end
      const start = Math.min(end, Math.floor(first / hour) * hour)
      if (start >= end) {
        if (known < end) await queue.write(() => eventLog.moveCursor(cursorName, end))
        return runEveryMs
      }
      await queue.write(() => {
        for (const merge of mergeMinutes) merge.run(start, start, start + hour)
        for (const drop of dropMinutes) drop.run(start, start + hour)
        eventLog.moveCursor(cursorName, start + hour)
      })
    }
  }

  return {
    /** Before this minute, usage is available per hour only. */
    through: (): number => eventLog.cursor(cursorName),
    idle: loop.idle,
    async close(): Promise<void> {
      cancelFirst()
      await loop.close()
    },
  }
}
