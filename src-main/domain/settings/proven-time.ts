import type { Clock } from '../../base/clock.ts'
import type { Log } from '../../base/log.ts'
import { startLoop } from '../../base/loop.ts'
import type { CommitQueue } from '../../storage/commit-queue.ts'
import type { Database } from '../../storage/database.ts'
import type { EventLog } from '../../storage/event-log.ts'
import { type ProvenTime, prove, slackMs } from './proven-time-rules.ts'

export type ProvenClock = ReturnType<typeof startProvenClock>

type Row = ProvenTime & { readonly uptimeMs: number }

const lookEveryMs = 60_000
/** Uptime covers the time since the last save, unless the machine was off. */
const saveEveryMs = 3_600_000

type ProvenDeps = {
  readonly database: Database
  readonly queue: CommitQueue
  readonly eventLog: EventLog
  readonly clock: Clock
  readonly log: Log
}

/** The clock for ages, wherever something is deleted for its age: see `prove`. */
export function startProvenClock({ database, queue, eventLog, clock, log }: ProvenDeps) {
  const select = database.prepare<[], Row>(`
    SELECT at, uptime_ms AS uptimeMs, ahead_ms AS aheadMs, seen_ms AS seenMs FROM proven_time
  `)
  const save = database.prepare<[number, number, number, number]>(`
    INSERT OR REPLACE INTO proven_time (id, at, uptime_ms, ahead_ms, seen_ms)
    VALUES (1, ?, ?, ?, ?)
  `)
  let known = atStart()
  let seenAtElapsed = clock.elapsed()
  let savedAtElapsed: number | null = null
  const loop = startLoop({ name: 'time', clock, log, run })
  const cancelFirst = clock.after(lookEveryMs, loop.wake)

  function atStart(): Row {
    const wall = clock.now()
    const uptimeMs = clock.uptime()
    const row = select.get()
    if (!row) {
      const at = eventLog.lastTime() || wall
      return { ...prove({ at, aheadMs: 0, seenMs: 0 }, wall, 0), uptimeMs }
    }
    const ranMs = uptimeMs >= row.uptimeMs ? uptimeMs - row.uptimeMs : uptimeMs
    // The folder may come from another machine, whose uptime means nothing here.
    const passedMs = Math.min(ranMs, Math.max(0, wall - row.at))
    return { ...prove(row, wall, passedMs), uptimeMs }
  }

  async function run(): Promise<number> {
    look()
    if (savedAtElapsed === null || clock.elapsed() - savedAtElapsed >= saveEveryMs) {
      await queue.write(write)
      savedAtElapsed = clock.elapsed()
    }
    return lookEveryMs
  }

  function look(): void {
    const uptimeMs = clock.uptime()
    const passedMs = Math.max(0, uptimeMs - known.uptimeMs)
    known = { ...prove(known, clock.now(), passedMs), uptimeMs }
    seenAtElapsed = clock.elapsed()
  }

  const write = (): void =>
    void save.run(
      Math.round(known.at),
      Math.round(known.uptimeMs),
      Math.round(known.aheadMs),
      Math.round(known.seenMs),
    )

  function now(): number {
    const wall = clock.now()
    // Columns of times are integers, and the elapsed time is not.
    const at = Math.round(known.at + clock.elapsed() - seenAtElapsed)
    return Math.abs(wall - at) <= slackMs ? wall : at
  }

  return {
    now,

    /** The latest possible time now: a row with this stamp never counts as older than it is. */
    stamp: (): number => Math.max(clock.now(), now()),

    /** Reads the clocks now; call this before a deletion. */
    look,

    idle: loop.idle,

    async close(): Promise<void> {
      cancelFirst()
      await loop.close()
      // A refused start may have no writable folder.
      if (savedAtElapsed === null) return
      look()
      await queue.write(write)
    },
  }
}
