import { Fault } from '../../contract/faults.ts'
import { isWanted, logTypeOf } from '../../contract/log-entries.ts'
import type { LogEntry, LogList, LogQuery, Transcript } from '../../contract/logs.ts'
import type { Database } from '../../storage/database.ts'
import type { Reader } from '../../storage/reader.ts'
import { type Caller, sees } from '../auth/caller.ts'
import { type LoggedMessage, logOfEmail } from './email-log.ts'
import { toTranscript, unauthenticatedEntry } from './entries.ts'
import {
  type EventRow,
  type LogReadDeps,
  readLogEntry,
  selectEvents,
  visibleTo,
} from './log-rows.ts'
import type { Requests, StoredTranscript } from './requests.ts'
import { searchLog } from './search-log.ts'

export type Logs = ReturnType<typeof createLogs>

type LogDeps = LogReadDeps & { readonly database: Database; readonly requests: Requests }

const emptyList: LogList = { data: [], has_more: false, next_before: null }

/** Reads the event log as access log and audit log. */
export function createLogs(deps: LogDeps) {
  const { database, reader, keys, requests } = deps
  const messageOf = database.prepare<[string], LoggedMessage>(`
    SELECT id, public_id, mode, inbox, tenant_id, rcpt_to, received_at
    FROM messages WHERE public_id = ?
  `)

  function findMessage(caller: Caller, publicId: string): LoggedMessage | null {
    const row = messageOf.get(publicId)
    return row && sees(caller, row) ? row : null
  }

  return {
    async list(caller: Caller, query: LogQuery): Promise<LogList> {
      await requests.flush()
      if (query.email_id !== undefined) {
        const message = findMessage(caller, query.email_id)
        return message ? logOfEmail(deps, query, message) : emptyList
      }
      if (query.type === 'junk') return listUnauthenticated(requests, caller, query)
      return searchLog(deps, caller, query)
    },

    async get(caller: Caller, seq: number): Promise<LogEntry & { transcript: Transcript | null }> {
      const row = await reader.first<EventRow>(
        `${selectEvents} WHERE e.seq = ? AND (? IS NULL OR e.tenant_id = ?) ${visibleTo(caller)}`,
        seq,
        caller.tenantId,
        caller.tenantId,
      )
      if (!row || logTypeOf(row.type) === null) {
        throw new Fault('not_found', `There is no log entry ${seq}.`)
      }
      const entry = readLogEntry(keys, row)
      const name = entry.email_id ?? entry.request_id
      return { ...entry, transcript: name === null ? null : await readTranscript(reader, name) }
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
      const transcript = await readTranscript(reader, publicId)
      if (transcript) return transcript
      throw new Fault('not_found', 'This message came over HTTP: there is no SMTP transcript.')
    },
  }
}

/** Requests without a valid key, which belong to no tenant. */
function listUnauthenticated(requests: Requests, caller: Caller, query: LogQuery): LogList {
  if (caller.tenantId !== null) return emptyList
  const wanted = requests
    .unauthenticated()
    .map(unauthenticatedEntry)
    .filter((entry) => isWanted(entry, query))
  const page = wanted.slice(0, query.limit)
  const hasMore = wanted.length > page.length
  return {
    data: page,
    has_more: hasMore,
    next_before: hasMore ? (page.at(-1)?.id ?? null) : null,
  }
}

async function readTranscript(reader: Reader, name: string): Promise<Transcript | null> {
  const stored = await readStored(reader, name)
  if (!stored) return null
  const opening = stored.openedIn === undefined ? null : await readStored(reader, stored.openedIn)
  return toTranscript(stored, opening?.text ?? '')
}

async function readStored(reader: Reader, name: string): Promise<StoredTranscript | null> {
  const row = await reader.first<{ lines: string }>(
    'SELECT lines FROM transcripts WHERE name = ?',
    name,
  )
  return row && (JSON.parse(row.lines) as StoredTranscript)
}
