import type { FaultCode } from '../../contract/faults.ts'
import type { StoredEvent } from '../../storage/event-log.ts'
import type { Upstream } from '../relays/upstream.ts'
import { addLatency, isTimed, type Latency, noLatency } from './latency.ts'

export type Counters = ReturnType<typeof createCounters>

/** The number of responses of a route with a status. */
export type ResponseCount = { readonly route: string; readonly status: number; count: number }

/** Counters since the start, increased by each request and event; nothing is ever scanned. */
export function createCounters() {
  const responses = new Map<string, ResponseCount>()
  const refused = new Map<FaultCode, number>()
  const events = new Map<string, number>()
  const relayErrors = new Map<string, number>()
  const httpLatency = noLatency()
  const sendLatency: Latency = noLatency()
  let openSessions = 0
  let totalSessions = 0

  return {
    responses,
    refused,
    events,
    relayErrors,
    httpLatency,
    sendLatency,
    sessions: () => ({ open: openSessions, total: totalSessions }),

    request(route: string, status: number, fault: FaultCode | null, durationMs: number): void {
      if (fault !== null && fault !== 'client_closed') bump(refused, fault)
      const name = `${status} ${route}`
      const known = responses.get(name)
      if (known) known.count += 1
      else responses.set(name, { route, status, count: 1 })
      if (route !== 'SMTP' && isTimed(route)) addLatency(httpLatency, durationMs)
    },

    count(page: readonly StoredEvent[]): void {
      for (const { type } of page) bump(events, type)
    },

    onSessionOpen(): void {
      openSessions += 1
      totalSessions += 1
    },

    onSessionClose(): void {
      openSessions -= 1
    },

    /** The same upstream, with each attempt timed and its errors counted. */
    measured(upstream: Upstream): Upstream {
      return {
        ...upstream,
        async send(...call) {
          const started = performance.now()
          const replies = await upstream.send(...call)
          addLatency(sendLatency, performance.now() - started)
          for (const { type } of replies.values()) if (type !== 'accepted') bump(relayErrors, type)
          return replies
        },
      }
    },
  }
}

function bump<K>(counts: Map<K, number>, name: K): void {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}
