import type { Outcome } from '../../contract/events.ts'
import { Fault, type FaultCode } from '../../contract/faults.ts'
import type { NewEvent } from '../../storage/event-log.ts'
import type { Caller } from '../auth/caller.ts'
import type { SecretMask } from '../auth/secret-mask.ts'
import type { Counters } from '../metrics/counters.ts'
import type { ProvenClock } from '../settings/proven-time.ts'
import { createPendingEntries, type PendingDeps } from './pending-entries.ts'
import type { RequestRecord } from './request-record.ts'
import { createUnauthenticated } from './unauthenticated.ts'

export type Requests = ReturnType<typeof createRequests>

/** An SMTP session, recorded when it ends. */
export type SessionRecord = {
  readonly caller: Caller
  readonly durationMs: number
  readonly address: string
  readonly userAgent: string
  readonly tls: string | null
  readonly requestId: string
  readonly messages: number
  readonly refusals: number
  /** Of the last refusal. */
  readonly fault: FaultCode | null
}

/** The transcript of an SMTP session, a line per entry: `C: …` and `S: …`, without secrets. */
export type StoredTranscript = {
  /** The name of the transcript that this one continues. */
  readonly openedIn?: string
  readonly text: string
  readonly address: string
  readonly tls: string | null
  readonly userAgent: string
  readonly requestId: string
  readonly durationMs: number
}

const maxUserAgentLength = 300

type RequestDeps = PendingDeps & {
  readonly provenClock: ProvenClock
  readonly counters: Counters
  readonly maskSecrets: SecretMask
}

/**
 * Appends every request and its outcome to the event log, in batches, after the response. Requests
 * without a valid key are counted once a minute, so that noise cannot fill the disk; the last 500
 * stay in memory. Requests of the console and of anonymous capture are not logged: they come from
 * this machine.
 */
export function createRequests(deps: RequestDeps) {
  const { clock, provenClock, counters, maskSecrets } = deps
  const pending = createPendingEntries(deps)
  const unauthenticated = createUnauthenticated(clock, pending.push)

  /** Masked before it is cut: the mask does not recognise a part of a key. */
  const clientName = (userAgent: string): string =>
    maskSecrets(userAgent).slice(0, maxUserAgentLength)

  return {
    record({ caller, ...request }: RequestRecord): void {
      const { route, status, fault, durationMs } = request
      counters.request(route, status, fault, durationMs)
      if (caller?.unlimited) return
      const userAgent = request.userAgent === null ? null : clientName(request.userAgent)
      if (caller) pending.push(requestEvent(caller, request, userAgent))
      else if (fault !== null) unauthenticated.add(fault, { ...request, userAgent })
    },

    session({ caller, ...session }: SessionRecord): void {
      if (!caller.unlimited)
        pending.push(sessionEvent(caller, session, clientName(session.userAgent)))
    },

    /** `name` is a message id or a request id. Stored after the reply. */
    saveTranscript: (name: string, transcript: StoredTranscript): void =>
      pending.pushTranscript(name, provenClock.stamp(), maskSecrets(JSON.stringify(transcript))),

    /** For callers that must mask a text before they cut it. */
    maskSecrets,

    onSessionOpen: counters.onSessionOpen,
    onSessionClose: counters.onSessionClose,

    /** Newest first. */
    unauthenticated: unauthenticated.list,

    /** Saves the time of last use soon. The event of the message itself is the log entry. */
    onKeyUsed: pending.saveSoon,

    /** Saves all pending entries at once. */
    flush: pending.save,

    async close(): Promise<void> {
      unauthenticated.close()
      await pending.save()
    },
  }
}

function requestEvent(
  { keyId, tenantId }: Caller,
  { route, status, fault, durationMs, address, requestId }: Omit<RequestRecord, 'caller'>,
  userAgent: string | null,
): NewEvent {
  return {
    type: 'request',
    keyId,
    tenantId,
    data: {
      route,
      status,
      outcome: outcomeOf(fault),
      ...(fault ? { fault } : {}),
      ms: rounded(durationMs),
      address,
      ...(userAgent === null ? {} : { user_agent: userAgent }),
      request_id: requestId,
    },
  }
}

function sessionEvent(
  { keyId, tenantId }: Caller,
  { fault, ...session }: Omit<SessionRecord, 'caller'>,
  userAgent: string,
): NewEvent {
  return {
    type: 'session',
    keyId,
    tenantId,
    data: {
      route: 'SMTP',
      outcome: outcomeOf(fault),
      ...(fault ? { fault } : {}),
      ms: rounded(session.durationMs),
      address: session.address,
      user_agent: userAgent,
      tls: session.tls,
      messages: session.messages,
      refusals: session.refusals,
      request_id: session.requestId,
    },
  }
}

const rounded = (ms: number): number => Math.round(ms * 100) / 100

const limited: ReadonlySet<FaultCode> = new Set([
  'rate_limit_exceeded',
  'daily_limit_exceeded',
  'too_many_wrong_keys',
])

export function outcomeOf(fault: FaultCode | null): Outcome {
  if (fault === null) return 'ok'
  if (fault === 'client_closed') return fault
  if (limited.has(fault)) return 'rate_limited'
  const status = new Fault(fault, '').httpStatus
  if (status === 401) return 'unauthorized'
  if (status === 403) return 'forbidden'
  if (status === 404) return 'not_found'
  return status >= 500 ? 'error' : 'invalid'
}
