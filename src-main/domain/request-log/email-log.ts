import type { KeyMode } from '../../contract/keys.ts'
import type { LogEntry, LogList, LogQuery } from '../../contract/logs.ts'
import { type EventRow, type LogReadDeps, readLogEntry, selectEvents, slackMs } from './log-rows.ts'

export type LoggedMessage = {
  readonly id: number
  readonly public_id: string
  readonly mode: KeyMode
  readonly inbox: string | null
  readonly tenant_id: string | null
  readonly rcpt_to: string
  readonly received_at: number
}

/** SelfMX's log of one email: one entry per recipient and outcome, oldest first. */
export async function logOfEmail(
  deps: LogReadDeps,
  query: LogQuery,
  message: LoggedMessage,
): Promise<LogList> {
  const rows = await deps.reader.all<EventRow>(
    `${selectEvents} WHERE e.message_id = ? AND e.type <> 'captured' ORDER BY e.seq`,
    message.id,
  )
  const captured = message.inbox === null ? null : await capturedEvent(deps, message)
  const recipients = JSON.parse(message.rcpt_to) as string[]
  const entries = [...(captured ? [captured] : []), ...rows].flatMap((row) =>
    perRecipient(readLogEntry(deps.keys, row), recipients),
  )
  const data = entries.filter(
    (entry) =>
      (query.type === undefined || entry.type === query.type) &&
      (query.after === undefined || entry.id > query.after) &&
      (query.before === undefined || entry.id < query.before),
  )
  return { data, has_more: false, next_before: null }
}

/** The `captured` event, which is stored when the message is received. */
function capturedEvent(
  { reader, eventLog }: LogReadDeps,
  { id, received_at: at }: LoggedMessage,
): Promise<EventRow | null> {
  return reader.first<EventRow>(
    `${selectEvents}
     WHERE e.seq >= ? AND e.seq < ? AND e.message_id = ? AND e.type = 'captured' LIMIT 1`,
    eventLog.seqAt(at - slackMs),
    eventLog.seqBehind(at + slackMs),
    id,
  )
}

function perRecipient(entry: LogEntry, recipients: readonly string[]): LogEntry[] {
  return entry.to === null ? recipients.map((to) => ({ ...entry, to })) : [entry]
}
