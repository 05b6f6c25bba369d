import type { Event, EventType, Outcome } from './events.ts'
import { eventTypes, messageEventTypes } from './events.ts'
import type { LogEntry, LogQuery, LogType } from './logs.ts'

/** An event as a log entry, for `GET /v1/logs` and for the live list of the window. */
export function toLogEntry(event: Event, keyName: string | null): LogEntry {
  const { seq, at, type, key_id: keyId, tenant_id: tenantId, message_id: emailId } = event
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
    ...emptyFields,
    timestamp: at,
    id: seq,
    type: logTypeOf(type) ?? 'message',
    event: type,
    email_id: emailId,
    to: textOf(recipient),
    smtp_response: textOf(reply),
    key_id: keyId,
    key_name: keyName,
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

/** The fields of an entry without a value. */
export const emptyFields = {
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

const messageTypes: readonly EventType[] = messageEventTypes

/** Event types of changes to settings and resources. */
const changed =
  /\.(created|updated|rotated|revoked|deleted|disabled|acknowledged|rules_updated|applied|released|cancelled)$/

/** The log type of an event; null: events of background work, which only the stream has. */
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

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null)

/** Applies the filters of `GET /v1/logs` to one entry. */
export function isWanted(entry: LogEntry, query: Partial<LogQuery>): boolean {
  const at = Date.parse(entry.timestamp)
  return (
    (query.type === undefined || entry.type === query.type) &&
    (query.key_id === undefined || entry.key_id === query.key_id) &&
    (query.email_id === undefined || entry.email_id === query.email_id) &&
    (query.route === undefined || entry.route === query.route) &&
    (query.outcome === undefined || entry.outcome === query.outcome) &&
    (query.status === undefined || entry.status === query.status) &&
    (query.address === undefined || entry.address === query.address) &&
    (query.request_id === undefined || entry.request_id === query.request_id) &&
    (query.text === undefined || containsText(entry, query.text)) &&
    (query.from === undefined || at >= Date.parse(query.from)) &&
    (query.to === undefined || at < Date.parse(query.to)) &&
    (query.before === undefined || entry.id < query.before) &&
    (query.after === undefined || entry.id > query.after)
  )
}

/** Without the key's name, which is not part of the stored event. */
function containsText({ key_name: _, ...entry }: LogEntry, text: string): boolean {
  return JSON.stringify(entry).toLowerCase().includes(text.toLowerCase())
}
