import { iso } from '../../base/clock.ts'
import { emptyFields } from '../../contract/log-entries.ts'
import type { LogEntry, Transcript } from '../../contract/logs.ts'
import { outcomeOf, type StoredTranscript } from './requests.ts'
import type { UnauthenticatedRequest } from './unauthenticated.ts'

export function unauthenticatedEntry(junk: UnauthenticatedRequest): LogEntry {
  return {
    ...emptyFields,
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

/** `opening` is the text of the transcript that this one continues. */
export function toTranscript(stored: StoredTranscript, opening: string): Transcript {
  const { text, address, tls, userAgent, requestId, durationMs } = stored
  return {
    lines: (opening + text)
      // A multi-line reply is one entry, with CRLF inside.
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
