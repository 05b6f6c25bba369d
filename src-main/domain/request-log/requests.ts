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
  /** User-Agent, or what the client called itself with EHLO. */
  readonly userAgent: string | null
  readonly requestId: string
}

/** An SMTP connection, once it is over. */
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

/** What was said in an SMTP session, an entry a line: `C: …` and `S: …`, secrets taken out. */
export type Conversation = {
  /** The name of the transcript that has what was said before. */
  readonly openedIn?: string
  readonly text: string
  readonly address: string
  readonly tls: string | null
  readonly userAgent: string
  readonly requestId: string
  readonly durationMs: number
}

/** What was refused without a valid key. */
export type Junk = Omit<RequestRecord, 'caller'> & { readonly id: number; readonly at: number }

const saveEveryMs = 100
const junkEveryMs = 60_000
/** More than this in one go is dropped from the log rather than held in memory. */
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
 * Writes every request and how it ended to the event log, in batches, behind the answer. What comes
 * without a valid key is only counted, and appended once a minute, so that noise cannot fill the
 * disk; the last 500 are kept in memory to look at. The console and anonymous capture are left out:
 * they are this machine's own.
 */
export function createRequests(deps: RequestDeps) {
  const { database, queue, keys, clock, provenClock, counters, maskSecrets } = deps
  const insertTranscript = database.prepare<[string, number, string]>(
    'INSERT OR REPLACE INTO transcripts (name, at, lines) VALUES (?, ?, ?)',
  )
  let pending: NewEvent[] = []
  let transcripts: (readonly [name: string, at: number, lines: string])[] = []
  let transcriptBytes = 0
  let recentJunk: Junk[] = []
  let junkCount = 0
  let junk = new Map<string, number>()
  let cancelSave: (() => void) | null = null
  let cancelJunk: (() => void) | null = null

  function saveSoon(): void {
    cancelSave ??= clock.after(saveEveryMs, () => {
      cancelSave = null
      void save()
    })
  }

  async function save(): Promise<void> {
    const batch = pending
    const conversations = transcripts
    pending = []
    transcripts = []
    transcriptBytes = 0
    await queue
      .write(
        (transaction) => {
          for (const event of batch) transaction.append(event)
          for (const conversation of conversations) insertTranscript.run(...conversation)
          keys.saveLastUsed()
        },
        { grows: true },
      )
      // The answers are long given; losing lines of the log must not end the process.
      .catch(() => undefined)
  }

  function saveJunk(): void {
    cancelJunk = null
    if (junk.size === 0) return
    const counts = Object.fromEntries(junk)
    junk = new Map()
    pending.push({ type: 'junk', data: { counts } })
    saveSoon()
  }

  function push(event: NewEvent): void {
    if (pending.length < maxPending) pending.push(event)
    saveSoon()
  }

  /** What a client calls itself. Cut after it is masked: a part of a key is no longer known as one. */
  const nameOf = (userAgent: string): string => maskSecrets(userAgent).slice(0, maxUserAgentLength)

  /** An array twice as long is cut at times: cheaper than to shift it with every entry. */
  function remember(entry: Omit<Junk, 'id' | 'at'>): void {
    junkCount += 1
    recentJunk.push({ ...entry, id: junkCount, at: clock.now() })
    if (recentJunk.length >= maxUnauthenticated * 2)
      recentJunk = recentJunk.slice(-maxUnauthenticated)
  }

  return {
    record({ caller, ...request }: RequestRecord): void {
      const { route, status, fault, durationMs, address, requestId } = request
      counters.request(route, status, fault, durationMs)
      if (caller?.unlimited) return
      const userAgent = request.userAgent === null ? null : nameOf(request.userAgent)
      if (!caller) {
        if (fault === null) return
        junk.set(fault, (junk.get(fault) ?? 0) + 1)
        remember({ ...request, userAgent })
        cancelJunk ??= clock.after(junkEveryMs, saveJunk)
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
          user_agent: nameOf(session.userAgent),
          tls: session.tls,
          messages: session.messages,
          refusals: session.refusals,
          request_id: session.requestId,
        },
      })
    },

    /** Keeps what was said, under a message's id or a request's; behind the answer. */
    transcribe(name: string, conversation: Conversation): void {
      const lines = maskSecrets(JSON.stringify(conversation))
      if (transcriptBytes + lines.length > maxPendingTranscriptBytes) return
      transcriptBytes += lines.length
      transcripts.push([name, provenClock.stamp(), lines])
      saveSoon()
    },

    /** For what is cut before it comes here, or is known by another name. */
    maskSecrets,

    sessionOpened: counters.sessionOpened,
    sessionClosed: counters.sessionClosed,

    /** Newest first. */
    junk: (): readonly Junk[] => recentJunk.slice(-maxUnauthenticated).reverse(),

    /** A key was used by what needs no record of its own: the message's event is one. */
    used: saveSoon,

    /** Writes down at once what is pending. */
    async flush(): Promise<void> {
      cancelSave?.()
      cancelSave = null
      await save()
    },

    async close(): Promise<void> {
      cancelJunk?.()
      saveJunk()
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
