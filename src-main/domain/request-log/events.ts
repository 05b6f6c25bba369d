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

/** The event log, filtered by the caller's tenant and mode. */
export function createEvents({ database, queue, eventLog, keys }: EventDeps) {
  const publicIdOf = database
    .prepare<[number], string>('SELECT public_id FROM messages WHERE id = ?')
    .pluck()

  /** The last page read: after a commit, every stream needs the same one. */
  let latest: { readonly after: number; readonly events: readonly StoredEvent[] } | null = null
  const wireEvents = new WeakMap<StoredEvent, Event>()
  queue.onEvents(() => {
    latest = null
  })

  function read(after: number): readonly StoredEvent[] {
    if (latest?.after !== after) latest = { after, events: eventLog.read(after, pageSize) }
    return latest.events
  }

  /** The same object for every stream, so that its JSON can be cached too. */
  function wireEvent(event: StoredEvent): Event {
    const known = wireEvents.get(event)
    if (known) return known
    const { messageId } = event
    const message = messageId === null ? null : (publicIdOf.get(messageId) ?? null)
    const wire = toWire(keys, event, message)
    wireEvents.set(event, wire)
    return wire
  }

  return {
    lastSeq: eventLog.lastSeq,

    /**
     * Pages of events after `after`, stored ones and then new ones, until `signal` aborts. Every
     * event is read from the log, so a slow client costs no memory and misses nothing. A page may be
     * empty after the filters.
     */
    async *follow(
      caller: Caller,
      after: number,
      types: readonly EventType[] | undefined,
      signal: AbortSignal,
    ): AsyncGenerator<readonly Event[]> {
      let seq = after
      let wake = (): void => undefined
      // One listener per stream, not per page: a stream may last for days.
      const stop = queue.onEvents(() => wake())
      signal.addEventListener('abort', () => wake(), { once: true })
      try {
        while (!signal.aborted) {
          // Created before the read, so that no commit between read and wait is missed.
          const committed = new Promise<void>((resolve) => {
            wake = resolve
          })
          // Many streams that read a long log would block the event loop.
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
            .map(wireEvent)
        }
      } finally {
        stop()
      }
    },
  }
}

/** `message`: the public id of its message; null: none, or deleted. */
function toWire(keys: Keys, event: StoredEvent, message: string | null): Event {
  return {
    seq: event.seq,
    at: iso(event.at),
    type: event.type,
    key_id: event.keyId === null ? null : (keys.nameOf(event.keyId)?.publicId ?? null),
    tenant_id: event.tenantId,
    message_id: message,
    data: event.data,
  }
}
