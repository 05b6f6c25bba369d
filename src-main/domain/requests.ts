import type { Clock } from '../base/clock.ts'
import type { Outcome } from '../contract/events.ts'
import { Fault, type FaultCode } from '../contract/faults.ts'
import type { CommitQueue } from '../storage/commit-queue.ts'
import type { NewEvent } from '../storage/event-log.ts'
import type { Caller } from './caller.ts'
import type { Keys } from './keys.ts'

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
  readonly requestId: string
}

const saveEveryMs = 100
const junkEveryMs = 60_000
/** More than this in one go is dropped from the log rather than held in memory. */
const mostPending = 50_000

/**
 * Writes every request and how it ended to the event log, in batches, behind the answer. What comes
 * without a valid key is only counted, and appended once a minute, so that noise cannot fill the
 * disk. The console and anonymous capture are left out: they are this machine's own.
 */
export function createRequests({
  queue,
  keys,
  clock,
}: {
  queue: CommitQueue
  keys: Keys
  clock: Clock
}) {
  let pending: NewEvent[] = []
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
    pending = []
    await queue
      .write((transaction) => {
        for (const event of batch) transaction.append(event)
        keys.saveLastUsed()
      })
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

  return {
    record({ caller, route, status, fault, durationMs, address, requestId }: RequestRecord): void {
      if (caller?.unlimited) return
      if (!caller) {
        if (fault === null) return
        junk.set(fault, (junk.get(fault) ?? 0) + 1)
        cancelJunk ??= clock.after(junkEveryMs, saveJunk)
        return
      }
      if (pending.length >= mostPending) return
      pending.push({
        type: 'request',
        keyId: caller.keyId,
        tenantId: caller.tenantId,
        data: {
          route,
          status,
          outcome: outcomeOf(fault),
          ...(fault ? { fault } : {}),
          ms: Math.round(durationMs * 100) / 100,
          address,
          request_id: requestId,
        },
      })
      saveSoon()
    },

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

export function outcomeOf(fault: FaultCode | null): Outcome {
  if (fault === null) return 'ok'
  if (fault === 'rate_limit_exceeded' || fault === 'daily_limit_exceeded') return 'rate_limited'
  const status = new Fault(fault, '').httpStatus
  if (status === 401) return 'unauthorized'
  if (status === 403) return 'forbidden'
  if (status === 404) return 'not_found'
  return status >= 500 ? 'error' : 'invalid'
}
