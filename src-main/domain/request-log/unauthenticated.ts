import type { Clock } from '../../base/clock.ts'
import type { FaultCode } from '../../contract/faults.ts'
import type { NewEvent } from '../../storage/event-log.ts'
import type { RequestRecord } from './request-record.ts'

/** A request that was refused for lack of a valid key. */
export type UnauthenticatedRequest = Omit<RequestRecord, 'caller'> & {
  readonly id: number
  readonly at: number
}

const countEveryMs = 60_000
const maxUnauthenticated = 500

/** Requests without a valid key: the last ones in memory, and their number once a minute in the log. */
export function createUnauthenticated(clock: Clock, push: (event: NewEvent) => void) {
  let recent: UnauthenticatedRequest[] = []
  let lastId = 0
  let counts = new Map<string, number>()
  let cancelCounts: (() => void) | null = null

  function saveCounts(): void {
    cancelCounts = null
    if (counts.size === 0) return
    push({ type: 'junk', data: { counts: Object.fromEntries(counts) } })
    counts = new Map()
  }

  return {
    add(fault: FaultCode, request: Omit<RequestRecord, 'caller'>): void {
      counts.set(fault, (counts.get(fault) ?? 0) + 1)
      lastId += 1
      recent.push({ ...request, id: lastId, at: clock.now() })
      // Cutting the array at twice its length is cheaper than a shift for every entry.
      if (recent.length >= maxUnauthenticated * 2) recent = recent.slice(-maxUnauthenticated)
      cancelCounts ??= clock.after(countEveryMs, saveCounts)
    },

    /** Newest first. */
    list: (): readonly UnauthenticatedRequest[] => recent.slice(-maxUnauthenticated).reverse(),

    close(): void {
      cancelCounts?.()
      saveCounts()
    },
  }
}
