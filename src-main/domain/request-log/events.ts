import { iso } from '../../base/clock.ts'
import { inTurn } from '../../base/turns.ts'
import type { Event, EventType } from '../../contract/events.ts'
import type { CommitQueue } from '../../storage/commit-queue.ts'
import type { Database } from '../../storage/database.ts'
import type { EventLog, StoredEvent } from '../../storage/event-log.ts'
import type { Caller } from '../auth/caller.ts'
import { seesEvent } from '../auth/event-sight.ts'
import type { Keys } from '../auth/keys.ts'

export type Events = ReturnType<typeof createEvents>

const pageSize = 50

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

  /** The page last read: all who follow the log want the same one after a commit. */
  let latest: { readonly after: number; readonly events: readonly StoredEvent[] } | null = null
  const written = new WeakMap<StoredEvent, Event>()
  queue.onEvents(() => {
    latest = null
  })

  function read(after: number): readonly StoredEvent[] {
    if (latest?.after !== after) latest = { after, events: eventLog.read(after, pageSize) }
    return latest.events
  }

  /** One object for all who see it, so that its text is made once as well. */
  function shown(event: StoredEvent): Event {
    const wire = written.get(event) ?? toWire(event)
    written.set(event, wire)
    return wire
  }

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
      let wake = (): void => undefined
      // One listener for the whole time: one a page would add up on a stream that lasts for days.
      const stop = queue.onEvents(() => wake())
      signal.addEventListener('abort', () => wake(), { once: true })
      try {
        while (!signal.aborted) {
          // Before the log is read, so that no commit falls between reading and waiting.
          const committed = new Promise<void>((resolve) => {
            wake = resolve
          })
          // A hundred followers of a long log would keep everybody else waiting.
          await new Promise<void>(inTurn)
          const page = read(seq)
          const last = page.at(-1)
          if (!last) {
            await committed
            continue
          }
          seq = last.seq
          yield page
            .filter(({ type }) => !types || types.includes(type))
            .filter((event) => seesEvent(caller, event, keys.modeOf))
            .map(shown)
        }
      } finally {
        stop()
      }
    },
  }
}
