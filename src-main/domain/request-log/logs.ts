import { iso } from '../../base/clock.ts'
import { timeOf } from '../../base/ids.ts'
import { Fault } from '../../contract/faults.ts'
import type { KeyMode } from '../../contract/keys.ts'
import { eventTypesOf, isWanted, logTypeOf, toLogEntry } from '../../contract/log-entries.ts'
import type { LogEntry, LogList, LogQuery, Transcript } from '../../contract/logs.ts'
import type { Database } from '../../storage/database.ts'
import type { EventLog, StoredEvent } from '../../storage/event-log.ts'
import type { Reader } from '../../storage/reader.ts'
import { type Caller, sees } from '../auth/caller.ts'
import { isTestEventSql } from '../auth/event-sight.ts'
import type { Keys } from '../auth/keys.ts'
import { toTranscript, unauthenticatedEntry } from './entries.ts'
import type { Requests, StoredTranscript } from './requests.ts'

export type Logs = ReturnType<typeof createLogs>

/** Events per read, so that other reads run in between. */
const windowSize = 50_000
/** A search ends after this many events; `next_before` says where to continue. */
const maxScanned = 2_000_000
/** An event is stored after its request ends, and the clock may be changed. */
const slackMs = 60_000
const maxRequestMs = 20 * 60_000

type EventRow = Omit<StoredEvent, 'data'> & {
  readonly data: string
  readonly emailId: string | null
}

type Condition = readonly [sql: string, value: unknown]

const columns = `
  e.seq, e.at, e.type, e.key_id AS keyId, e.tenant_id AS tenantId, e.message_id AS messageId,
  e.data, m.public_id AS emailId
`

type LogDeps = {
  readonly database: Database
  readonly reader: Reader
  readonly eventLog: EventLog
  readonly keys: Keys
  readonly requests: Requests
}

/** Searches the event log as access log and audit log. */
export function createLogs({ database, reader, eventLog, keys, requests }: LogDeps) {
  const messageOf = database.prepare<[string], MessageRow>(`
    SELECT id, public_id, mode, inbox, tenant_id, rcpt_to, received_at
    FROM messages WHERE public_id = ?
  `)

  function toWire({ data, emailId, ...row }: EventRow): LogEntry {
    const { seq, at, type, tenantId } = row
    const key = row.keyId === null ? null : keys.nameOf(row.keyId)
    const event = {
      seq,
      at: iso(at),
      type,
      key_id: key?.publicId ?? null,
      tenant_id: tenantId,
      message_id: emailId,
      data: JSON.parse(data) as StoredEvent['data'],
    }
    return toLogEntry(event, key?.name ?? null)
  }

  function findMessage(caller: Caller, publicId: string): MessageRow | null {
    const row = messageOf.get(publicId)
    return row && sees(caller, row) ? row : null
  }

  async function readTranscript(name: string): Promise<Transcript | null> {
    const stored = await readStored(name)
    if (!stored) return null
    const opening = stored.openedIn === undefined ? null : await readStored(stored.openedIn)
    return toTranscript(stored, opening?.text ?? '')
  }

  async function readStored(name: string): Promise<StoredTranscript | null> {
    const row = await reader.first<{ lines: string }>(
      'SELECT lines FROM transcripts WHERE name = ?',
      name,
    )
    return row && (JSON.parse(row.lines) as StoredTranscript)
  }

  function conditionsOf(caller: Caller, query: LogQuery): Condition[] {
    const conditions: Condition[] = []
    const add = (sql: string, value: unknown) => {
      if (value !== undefined && value !== null) conditions.push([sql, value])
    }
    add('e.tenant_id = ?', caller.tenantId)
    if (query.key_id !== undefined) add('e.key_id = ?', keys.idOf(query.key_id) ?? -1)
    add("e.data ->> '$.route' = ?", query.route)
    add("e.data ->> '$.outcome' = ?", query.outcome)
    add("e.data ->> '$.status' = ?", query.status)
    add("e.data ->> '$.address' = ?", query.address)
    add("e.data ->> '$.request_id' = ?", query.request_id)
    if (query.text) {
      add(
        "(e.type || ' ' || coalesce(m.public_id, '') || ' ' || e.data) LIKE ? ESCAPE '\\'",
        `%${query.text.replace(/[\\%_]/g, '\\$&')}%`,
      )
    }
    if (query.from) add('e.at >= ?', Date.parse(query.from))
    if (query.to) add('e.at < ?', Date.parse(query.to))
    return conditions
  }

  /** The ranges of the log to search, newest first. */
  function rangesOf({ from, to, before, after, request_id: requestId }: LogQuery) {
    const low = Math.max((after ?? 0) + 1, from ? eventLog.seqAt(Date.parse(from) - slackMs) : 0)
    const high = Math.min(
      before ?? Number.MAX_SAFE_INTEGER,
      to ? eventLog.seqBehind(Date.parse(to) + slackMs) : Number.MAX_SAFE_INTEGER,
      eventLog.lastSeq() + 1,
    )
    const made = requestId === undefined ? null : timeOf(requestId)
    if (made === null) return [{ low, high }]
    // A request id holds its time. Only a long stream is logged much later.
    const begin = Math.max(low, eventLog.seqAt(made - slackMs))
    const usual = Math.min(high, eventLog.seqBehind(made + maxRequestMs))
    return [
      { low: begin, high: usual },
      { low: Math.max(begin, usual), high },
    ]
  }

  async function search(caller: Caller, query: LogQuery): Promise<LogList> {
    const conditions = conditionsOf(caller, query)
    const types = eventTypesOf(query.type)
    const sql = `
      SELECT ${columns} FROM events e LEFT JOIN messages m ON m.id = e.message_id
      WHERE e.seq >= ? AND e.seq < ? AND e.type IN (${types.map(() => '?').join(', ')})
        ${conditions.map(([part]) => `AND ${part}`).join(' ')} ${seenBy(caller)}
      ORDER BY e.seq DESC LIMIT ?`
    const values = [...types, ...conditions.map(([, value]) => value)]
    const found: EventRow[] = []
    let scanned = 0
    for (const { low, high } of rangesOf(query)) {
      for (let end = high; end > low && found.length <= query.limit; end -= windowSize) {
        if (scanned >= maxScanned) {
          return { data: found.map(toWire), has_more: true, next_before: end }
        }
        const begin = Math.max(low, end - windowSize)
        const wanted = query.limit + 1 - found.length
        found.push(...(await reader.all<EventRow>(sql, begin, end, ...values, wanted)))
        scanned += end - begin
      }
      if (query.request_id !== undefined && found.length > 0) break
    }
    const page = found.slice(0, query.limit)
    const hasMore = found.length > page.length
    return {
      data: page.map(toWire),
      has_more: hasMore,
      next_before: hasMore ? (page.at(-1)?.seq ?? null) : null,
    }
  }

  /** SelfMX's log of one email: one entry per recipient and outcome, oldest first. */
  async function ofEmail(caller: Caller, query: LogQuery, publicId: string): Promise<LogList> {
    const message = findMessage(caller, publicId)
    if (!message) return { data: [], has_more: false, next_before: null }
    const rows = await reader.all<EventRow>(
      `SELECT ${columns} FROM events e LEFT JOIN messages m ON m.id = e.message_id
       WHERE e.message_id = ? AND e.type <> 'captured' ORDER BY e.seq`,
      message.id,
    )
    const captured = message.inbox === null ? [] : [await capturedEvent(message)]
    const entries = [...captured, ...rows].flatMap((row) =>
      row === null ? [] : perRecipient(toWire(row), JSON.parse(message.rcpt_to) as string[]),
    )
    const wanted = entries.filter(
      (entry) =>
        (query.type === undefined || entry.type === query.type) &&
        (query.after === undefined || entry.id > query.after) &&
        (query.before === undefined || entry.id < query.before),
    )
    return { data: wanted, has_more: false, next_before: null }
  }

  /** The `captured` event, which is stored when the message is received. */
  async function capturedEvent(message: MessageRow): Promise<EventRow | null> {
    const { id, received_at: at } = message
    return reader.first<EventRow>(
      `SELECT ${columns} FROM events e LEFT JOIN messages m ON m.id = e.message_id
       WHERE e.seq >= ? AND e.seq < ? AND e.message_id = ? AND e.type = 'captured' LIMIT 1`,
      eventLog.seqAt(at - slackMs),
      eventLog.seqBehind(at + slackMs),
      id,
    )
  }

  function unauthenticated(caller: Caller, query: LogQuery): LogList {
    const entries =
      caller.tenantId === null ? requests.unauthenticated().map(unauthenticatedEntry) : []
    const wanted = entries.filter((entry) => isWanted(entry, query))
    const page = wanted.slice(0, query.limit)
    const hasMore = wanted.length > page.length
    return {
      data: page,
      has_more: hasMore,
      next_before: hasMore ? (page.at(-1)?.id ?? null) : null,
    }
  }

  return {
    async list(caller: Caller, query: LogQuery): Promise<LogList> {
      await requests.flush()
      if (query.email_id !== undefined) return ofEmail(caller, query, query.email_id)
      return query.type === 'junk' ? unauthenticated(caller, query) : search(caller, query)
    },

    async get(caller: Caller, seq: number): Promise<LogEntry & { transcript: Transcript | null }> {
      const row = await reader.first<EventRow>(
        `SELECT ${columns} FROM events e LEFT JOIN messages m ON m.id = e.message_id
         WHERE e.seq = ? AND (? IS NULL OR e.tenant_id = ?) ${seenBy(caller)}`,
        seq,
        caller.tenantId,
        caller.tenantId,
      )
      if (!row || logTypeOf(row.type) === null) {
        throw new Fault('not_found', `There is no log entry ${seq}.`)
      }
      const entry = toWire(row)
      const name = entry.email_id ?? entry.request_id
      return { ...entry, transcript: name === null ? null : await readTranscript(name) }
    },

    /** The SMTP transcript of a captured message. */
    async transcript(caller: Caller, publicId: string): Promise<Transcript> {
      const message = findMessage(caller, publicId)
      if (!message || message.inbox === null) {
        throw new Fault(
          'not_found',
          `There is no captured message ${publicId}. It may have been deleted.`,
        )
      }
      await requests.flush()
      const transcript = await readTranscript(publicId)
      if (transcript) return transcript
      throw new Fault('not_found', 'This message came over HTTP: there is no SMTP transcript.')
    },
  }
}

const seenBy = ({ mode }: Caller): string => (mode === 'live' ? '' : `AND ${isTestEventSql}`)

type MessageRow = {
  readonly id: number
  readonly public_id: string
  readonly mode: KeyMode
  readonly inbox: string | null
  readonly tenant_id: string | null
  readonly rcpt_to: string
  readonly received_at: number
}

function perRecipient(entry: LogEntry, recipients: readonly string[]): LogEntry[] {
  return entry.to === null ? recipients.map((to) => ({ ...entry, to })) : [entry]
}
