import { iso } from '../base/clock.ts'
import { type EventType, eventTypes, type Outcome } from '../contract/events.ts'
import type { LogEntry, LogType, Transcript } from '../contract/logs.ts'
import type { StoredEvent } from '../storage/event-log.ts'
import { type Conversation, type Junk, outcomeOf } from './requests.ts'

const messageTypes: readonly EventType[] = [
  'captured',
  'queued',
  'sending',
  'delivered',
  'deferred',
  'bounced',
  'failed',
  'scheduled',
  'cancelled',
]

/** A noun and what somebody did to it. */
const changed = /\.(created|updated|rotated|revoked|deleted|disabled|acknowledged|rules_updated)$/

/** What the loops note about their own work is in the event stream only. */
export function logTypeOf(type: EventType): LogType | null {
  if (type === 'request' || type === 'session' || type === 'alert' || type === 'junk') return type
  if (messageTypes.includes(type) || type.startsWith('job.')) return 'message'
  return changed.test(type) ? 'audit' : null
}

export const eventTypesOf = (wanted: LogType | undefined): readonly EventType[] =>
  eventTypes.filter((type) => {
    const found = logTypeOf(type)
    return wanted === undefined ? found !== null && found !== 'junk' : found === wanted
  })

const nothing = {
  email_id: null,
  to: null,
  smtp_response: null,
  key_id: null,
  key_name: null,
  tenant_id: null,
  route: null,
  status: null,
  outcome: null,
  fault: null,
  duration_ms: null,
  address: null,
  user_agent: null,
  request_id: null,
  by: null,
} as const

type Named = { readonly publicId: string; readonly name: string } | null

export function toEntry(event: StoredEvent, emailId: string | null, key: Named): LogEntry {
  const { seq, at, type, tenantId } = event
  const {
    recipient,
    reply,
    route,
    status,
    outcome,
    fault,
    ms,
    address,
    user_agent: userAgent,
    request_id: requestId,
    by,
    ...data
  } = event.data
  return {
    ...nothing,
    timestamp: iso(at),
    id: seq,
    type: logTypeOf(type) ?? 'message',
    event: type,
    email_id: emailId,
    to: textOf(recipient),
    smtp_response: textOf(reply),
    key_id: key?.publicId ?? null,
    key_name: key?.name ?? null,
    tenant_id: tenantId,
    route: textOf(route),
    status: typeof status === 'number' ? status : null,
    outcome: (outcome as Outcome | undefined) ?? null,
    fault: textOf(fault),
    duration_ms: typeof ms === 'number' ? ms : null,
    address: textOf(address),
    user_agent: textOf(userAgent),
    request_id: textOf(requestId),
    by: textOf(by),
    data,
  }
}

export function junkEntry(junk: Junk): LogEntry {
  return {
    ...nothing,
    timestamp: iso(junk.at),
    id: junk.id,
    type: 'junk',
    event: 'junk',
    route: junk.route,
    status: junk.status,
    outcome: outcomeOf(junk.fault),
    fault: junk.fault,
    duration_ms: Math.round(junk.durationMs * 100) / 100,
    address: junk.address,
    user_agent: junk.userAgent,
    request_id: junk.requestId,
    data: {},
  }
}

export function toTranscript(said: Conversation, opening: string): Transcript {
  const { text, address, tls, userAgent, requestId, durationMs } = said
  return {
    lines: (opening + text)
      // A reply of many lines is one entry.
      .split(/(?<!\r)\n/)
      .filter((entry) => entry !== '')
      .flatMap((entry) => {
        const from = entry.startsWith('C: ') ? ('client' as const) : ('server' as const)
        const lines = entry.slice(3).split('\r\n')
        return lines.map((line) => ({ from, line }))
      }),
    address,
    tls,
    user_agent: userAgent,
    request_id: requestId,
    duration_ms: durationMs,
  }
}

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null)
