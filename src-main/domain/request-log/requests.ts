import type { Clock } from '../../base/clock.ts'
import type { Outcome } from '../../contract/events.ts'
import { Fault, type FaultCode } from '../../contract/faults.ts'
import type { CommitQueue } from '../../storage/commit-queue.ts'
import type { Database } from '../../storage/database.ts'
import type { NewEvent } from '../../storage/event-log.ts'
import type { Caller } from '../auth/caller.ts'
import type { Keys } from '../auth/keys.ts'
import type { SecretMask } from '../auth/secret-mask.ts'
import type { Counters } from '../metrics/counters.ts'
import type { ProvenClock } from '../settings/proven-time.ts'

export type Requests = ReturnType<typeof createRequests>

export type RequestRecord = {
  readonly caller: Caller | null
  /** `POST /v1/send`, or `SMTP`. */
  readonly route: string
  /** HTTP status or SMTP reply code. */
  readonly status: number
  readonly fault: FaultCode | null
  readonly durationMs: number
  readonly address: string
  /** The User-Agent header, or the argument of EHLO. */
  readonly userAgent: string | null
  readonly requestId: string
}

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

/** A request that was refused for lack of a valid key. */
export type UnauthenticatedRequest = Omit<RequestRecord, 'caller'> & {
  readonly id: number
  readonly at: number
}

const saveEveryMs = 100
const countEveryMs = 60_000
/** Bounds of the memory for entries that are not stored yet; more are dropped. */
const maxPending = 50_000
const maxPendingTranscriptBytes = 16 * 1024 * 1024
const maxUserAgentLength = 300
const maxUnauthenticated = 500

type RequestDeps = {
  readonly database: Database
  readonly queue: CommitQueue
  readonly keys: Keys
  readonly clock: Clock
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
  const { database, queue, keys, clock, provenClock, counters, maskSecrets } = deps
  const insertTranscript = database.prepare<[string, number, string]>(
    'INSERT OR REPLACE INTO transcripts (name, at, lines) VALUES (?, ?, ?)',
  )
  let pending: NewEvent[] = []
  let transcripts: (readonly [name: string, at: number, lines: string])[] = []
  let transcriptBytes = 0
  let recent: UnauthenticatedRequest[] = []
  let lastId = 0
  let counts = new Map<string, number>()
  let cancelSave: (() => void) | null = null
  let cancelCounts: (() => void) | null = null

  function saveSoon(): void {
    cancelSave ??= clock.after(saveEveryMs, () => {
      cancelSave = null
      void save()
    })
  }

  async function save(): Promise<void> {
    const batch = pending
    const batchTranscripts = transcripts
    pending = []
    transcripts = []
    transcriptBytes = 0
    await queue
      .write(
        (transaction) => {
          for (const event of batch) transaction.append(event)
          for (const transcript of batchTranscripts) insertTranscript.run(...transcript)
          keys.saveLastUsed()
        },
        { grows: true },
      )
      // The responses are sent. Lost log entries must not end the process.
      .catch(() => undefined)
  }

  function saveCounts(): void {
    cancelCounts = null
    if (counts.size === 0) return
    pending.push({ type: 'junk', data: { counts: Object.fromEntries(counts) } })
    counts = new Map()
    saveSoon()
  }

  function push(event: NewEvent): void {
    if (pending.length < maxPending) pending.push(event)
    saveSoon()
  }

  /** Masked before it is cut: the mask does not recognise a part of a key. */
  const clientName = (userAgent: string): string =>
    maskSecrets(userAgent).slice(0, maxUserAgentLength)

  /** Cutting the array at twice its length is cheaper than a shift for every entry. */
  function remember(entry: Omit<UnauthenticatedRequest, 'id' | 'at'>): void {
    lastId += 1
    recent.push({ ...entry, id: lastId, at: clock.now() })
    if (recent.length >= maxUnauthenticated * 2) recent = recent.slice(-maxUnauthenticated)
  }

  return {
    record({ caller, ...request }: RequestRecord): void {
      const { route, status, fault, durationMs, address, requestId } = request
      counters.request(route, status, fault, durationMs)
      if (caller?.unlimited) return
      const userAgent = request.userAgent === null ? null : clientName(request.userAgent)
      if (!caller) {
        if (fault === null) return
        counts.set(fault, (counts.get(fault) ?? 0) + 1)
        remember({ ...request, userAgent })
        cancelCounts ??= clock.after(countEveryMs, saveCounts)
        return
      }
      push({
        type: 'request',
        keyId: caller.keyId,
        tenantId: caller.tenantId,
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
      })
    },

    session({ caller, fault, ...session }: SessionRecord): void {
      if (caller.unlimited) return
      push({
        type: 'session',
        keyId: caller.keyId,
        tenantId: caller.tenantId,
        data: {
          route: 'SMTP',
          outcome: outcomeOf(fault),
          ...(fault ? { fault } : {}),
          ms: rounded(session.durationMs),
          address: session.address,
          user_agent: clientName(session.userAgent),
          tls: session.tls,
          messages: session.messages,
          refusals: session.refusals,
          request_id: session.requestId,
        },
      })
    },

    /** `name` is a message id or a request id. Stored after the reply. */
    saveTranscript(name: string, transcript: StoredTranscript): void {
      const lines = maskSecrets(JSON.stringify(transcript))
      if (transcriptBytes + lines.length > maxPendingTranscriptBytes) return
      transcriptBytes += lines.length
      transcripts.push([name, provenClock.stamp(), lines])
      saveSoon()
    },

    /** For callers that must mask a text before they cut it. */
    maskSecrets,

    onSessionOpen: counters.onSessionOpen,
    onSessionClose: counters.onSessionClose,

    /** Newest first. */
    unauthenticated: (): readonly UnauthenticatedRequest[] =>
      recent.slice(-maxUnauthenticated).reverse(),

    /** Saves the time of last use soon. The event of the message itself is the log entry. */
    onKeyUsed: saveSoon,

    /** Saves all pending entries at once. */
    async flush(): Promise<void> {
      cancelSave?.()
      cancelSave = null
      await save()
    },

    async close(): Promise<void> {
      cancelCounts?.()
      saveCounts()
      cancelSave?.()
      await save()
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
