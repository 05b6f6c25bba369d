import { type Clock, iso } from '../../base/clock.ts'
import { Fault } from '../../contract/faults.ts'
import type { KeyAddress, KeyLimits } from '../../contract/key-figures.ts'
import type { Key } from '../../contract/keys.ts'
import type { EventLog } from '../../storage/event-log.ts'
import type { Reader } from '../../storage/reader.ts'
import { type Caller, sees } from '../auth/caller.ts'
import type { Keys } from '../auth/keys.ts'
import type { Limits } from '../limits/limits.ts'
import type { Requests } from '../request-log/requests.ts'

export type KeyFigures = ReturnType<typeof createKeyFigures>

const addressDays = 7
const dayMs = 86_400_000
/** On a busy server only the newest events are scanned. */
const maxScanned = 200_000
const maxAddresses = 50

type KeyFigureDeps = {
  readonly keys: Keys
  readonly limits: Limits
  readonly requests: Requests
  readonly eventLog: EventLog
  readonly reader: Reader
  readonly clock: Clock
}

/** Limits, usage and addresses of keys. */
export function createKeyFigures(deps: KeyFigureDeps) {
  const { keys, limits, requests, eventLog, reader, clock } = deps

  /** Refuses a test key that asks for the usage of a live key. */
  function requireUsage(caller: Caller, publicId: string): Key {
    const key = keys.get(caller, publicId)
    if (sees(caller, key)) return key
    throw new Fault(
      'not_found',
      `${publicId} is a live key, and a test key cannot see its usage. Use a live key.`,
    )
  }

  return {
    requireUsage,

    limits(caller: Caller): KeyLimits[] {
      const seen = keys
        .callers(caller)
        .filter(({ mode }) => caller.mode === 'live' || mode === 'test')
      return seen.map((owner) => {
        const { perMinute, burst, left, emailsToday } = limits.remaining(owner)
        return {
          key_id: owner.publicId,
          requests_per_minute: perMinute,
          burst,
          requests_left: left,
          emails_per_day: owner.emailsPerDay,
          emails_today: owner.emailsPerDay === null ? null : emailsToday,
        }
      })
    },

    /** The addresses that used a key in the last days, the latest first. */
    async addresses(caller: Caller, publicId: string): Promise<KeyAddress[]> {
      const { id } = requireUsage(caller, publicId)
      await requests.flush()
      const begin = Math.max(
        eventLog.seqAt(clock.now() - addressDays * dayMs),
        eventLog.lastSeq() - maxScanned,
      )
      const rows = await reader.all<{ address: string; uses: number; at: number }>(
        `SELECT data ->> '$.address' AS address, count(*) AS uses, max(at) AS at
         FROM events
         WHERE seq >= ? AND key_id = ? AND type IN ('request', 'session')
           AND data ->> '$.address' IS NOT NULL
         GROUP BY 1 ORDER BY 3 DESC LIMIT ?`,
        begin,
        keys.idOf(id),
        maxAddresses,
      )
      return rows.map(({ address, uses, at }) => ({ address, uses, last_used_at: iso(at) }))
    },
  }
}
