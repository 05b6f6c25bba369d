import { iso } from '../base/clock.ts'
import type { Event, EventType } from '../contract/events.ts'
import type { CommitQueue } from '../storage/commit-queue.ts'
import type { Database } from '../storage/database.ts'
import type { EventLog, StoredEvent } from '../storage/event-log.ts'
import type { Caller } from './caller.ts'
import { seesEvent } from './event-sight.ts'
import type { Keys } from './keys.ts'

export type Events = ReturnType<typeof createEvents>

const pageSize = 500

type EventDeps = {
  readonly database: Database
  readonly queue: CommitQueue
  readonly eventLog: EventLog
  readonly keys: Keys
}

/** The event log as a caller may see it. */
export function createEvents({ database, queue, eventLog, keys }: EventDeps) {
  const publicIdOf = database
    .prepare<[number], string>('SELECT public_id FROM messages WHERE id = ?')
    .pluck()

  function toWire(event: StoredEvent): Event {
    return {
      seq: event.seq,
      at: iso(event.at),
      type: event.type,
      key_id: event.keyId === null ? null : (keys.nameOf(event.keyId)?.publicId ?? null),
      tenant_id: event.tenantId,
      message_id: event.messageId === null ? null : (publicIdOf.get(event.messageId) ?? null),
      data: event.data,
    }
  }

  return {
    lastSeq: eventLog.lastSeq,

    /**
     * Pages of events after `after`, first those that were, then those that come, until `signal`
     * aborts. Everything is read from the log, so a slow follower costs no memory and misses
     * nothing; pages may be empty after the types asked for are picked out.
     */
    async *follow(
      caller: Caller,
      after: number,
      types: readonly EventType[] | undefined,
      signal: AbortSignal,
    ): AsyncGenerator<readonly Event[]> {
      let seq = after
      while (!signal.aborted) {
        const committed = nextCommit(signal)
        const page = eventLog.read(seq, pageSize)
        const last = page.at(-1)
        if (!last) {
          await committed.happened
          continue
        }
        committed.forget()
        seq = last.seq
        yield page
          .filter(({ type }) => !types || types.includes(type))
          .filter((event) => seesEvent(caller, event, keys.modeOf))
          .map(toWire)
      }
    },
  }

  /** Listens before the log is read, so that no commit falls between reading and waiting. */
  function nextCommit(signal: AbortSignal) {
    let forget = (): void => undefined
    const happened = new Promise<void>((resolve) => {
      const stop = queue.onEvents(() => forget())
      signal.addEventListener('abort', () => forget(), { once: true })
      forget = () => {
        stop()
        resolve()
      }
    })
    return { happened, forget: () => forget() }
  }
}
