import type { Outcome } from '../../contract/events.ts'
import { type DeliveryOutcome, deliveryOutcomes } from '../../contract/usage.ts'
import type { StoredEvent } from '../../storage/event-log.ts'
import { addLatency, isTimed, type Latency, noLatency } from '../metrics/latency.ts'

export const minuteMs = 60_000
/** Days are those of UTC. */
export const dayMinutes = 1440

export type UsageEntry = {
  readonly minute: number
  readonly keyId: number
  readonly tenantId: string | null
  readonly route: string
  readonly outcome: Outcome
  readonly latency: Latency
  requests: number
  emails: number
}

export type DeliveryEntry = {
  readonly minute: number
  readonly tenant: string
  readonly outcome: DeliveryOutcome
  recipients: number
}

/**
 * Adds up events. An HTTP request has its own event. A message accepted over SMTP counts as a
 * request, so that the accept path writes one event, not two.
 */
export function rollUp(events: readonly StoredEvent[]): UsageEntry[] {
  const entries = new Map<string, UsageEntry>()
  for (const event of events) {
    const isMessage = event.type === 'captured' || event.type === 'queued'
    if (event.type !== 'request' && !isMessage) continue
    if (event.keyId === null) continue
    const overSmtp = isMessage && event.data.door === 'smtp'
    const route = overSmtp ? 'SMTP' : isMessage ? 'HTTP' : String(event.data.route)
    const outcome = isMessage ? 'ok' : (event.data.outcome as Outcome)
    const minute = Math.floor(event.at / minuteMs)
    const { keyId, tenantId } = event
    const entry = entryOf(entries, `${minute} ${keyId} ${outcome} ${route}`, () => ({
      minute,
      keyId,
      tenantId,
      route,
      outcome,
      latency: noLatency(),
      requests: 0,
      emails: 0,
    }))
    if (!isMessage || overSmtp) entry.requests += 1
    if (isMessage) entry.emails += 1
    if (typeof event.data.ms === 'number' && isTimed(route))
      addLatency(entry.latency, event.data.ms)
  }
  return [...entries.values()]
}

/** Adds up delivery outcomes; each of these events is about one recipient. */
export function rollUpDeliveries(events: readonly StoredEvent[]): DeliveryEntry[] {
  const entries = new Map<string, DeliveryEntry>()
  for (const { type, at, tenantId } of events) {
    const outcome = deliveryOutcomes.find((name) => name === type)
    if (outcome === undefined) continue
    const minute = Math.floor(at / minuteMs)
    const tenant = tenantId ?? ''
    const entry = entryOf(entries, `${minute} ${outcome} ${tenant}`, () => ({
      minute,
      tenant,
      outcome,
      recipients: 0,
    }))
    entry.recipients += 1
  }
  return [...entries.values()]
}

function entryOf<T>(entries: Map<string, T>, name: string, make: () => T): T {
  const known = entries.get(name)
  if (known) return known
  const made = make()
  entries.set(name, made)
  return made
}
