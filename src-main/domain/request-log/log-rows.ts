import { iso } from '../../base/clock.ts'
import { toLogEntry } from '../../contract/log-entries.ts'
import type { LogEntry } from '../../contract/logs.ts'
import type { EventLog, StoredEvent } from '../../storage/event-log.ts'
import type { Reader } from '../../storage/reader.ts'
import type { Caller } from '../auth/caller.ts'
import { isTestEventSql } from '../auth/event-sight.ts'
import type { Keys } from '../auth/keys.ts'

export type LogReadDeps = {
  readonly reader: Reader
  readonly eventLog: EventLog
  readonly keys: Keys
}

export type EventRow = Omit<StoredEvent, 'data'> & {
  readonly data: string
  readonly emailId: string | null
}

/** Events as `e` with their messages as `m`. */
export const selectEvents = `
  SELECT e.seq, e.at, e.type, e.key_id AS keyId, e.tenant_id AS tenantId,
    e.message_id AS messageId, e.data, m.public_id AS emailId
  FROM events e LEFT JOIN messages m ON m.id = e.message_id`

/** An event is stored after its request ends, and the clock may be changed. */
export const slackMs = 60_000

/** The condition that hides live events from a test key. */
export const visibleTo = ({ mode }: Caller): string =>
  mode === 'live' ? '' : `AND ${isTestEventSql}`

export function readLogEntry(keys: Keys, { data, emailId, ...row }: EventRow): LogEntry {
  const key = row.keyId === null ? null : keys.nameOf(row.keyId)
  const event = {
    seq: row.seq,
    at: iso(row.at),
    type: row.type,
    key_id: key?.publicId ?? null,
    tenant_id: row.tenantId,
    message_id: emailId,
    data: JSON.parse(data) as StoredEvent['data'],
  }
  return toLogEntry(event, key?.name ?? null)
}
