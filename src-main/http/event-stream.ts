import { PassThrough } from 'node:stream'
import type { Event, EventType } from '../contract/events.ts'
import type { Caller } from '../domain/auth/caller.ts'
import type { Events } from '../domain/request-log/events.ts'
import { Content, type RequestInfo } from './route.ts'

const heartbeatMs = 15_000

type EventStreamQuery = {
  readonly after?: number | undefined
  readonly types?: readonly EventType[] | undefined
}

/**
 * Server-sent events (WHATWG HTML §9.2): `id` is the event's `seq`, so a client resumes with
 * `Last-Event-ID` after a lost connection and misses no event.
 */
export function eventStream(
  events: Events,
  caller: Caller,
  query: EventStreamQuery,
  exchange: RequestInfo,
): Content {
  const resumed = Number(exchange.header('last-event-id') ?? Number.NaN)
  const after = query.after ?? (Number.isSafeInteger(resumed) ? resumed : events.lastSeq())
  const stream = new PassThrough()
  const heartbeat = setInterval(() => stream.write(': still here\n\n'), heartbeatMs)
  stream.once('close', () => clearInterval(heartbeat))
  void pump(events.follow(caller, after, query.types, exchange.signal), stream)
  return new Content('text/event-stream', stream, {
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  })
}

type Pages = ReturnType<Events['follow']>

/** Applies backpressure: events of a slow client stay in the log. */
async function pump(pages: Pages, stream: PassThrough): Promise<void> {
  // A client shows “connected” before the first event.
  stream.write(': connected\n\n')
  try {
    for await (const page of pages) {
      const text = page.map(asText).join('')
      if (text !== '' && !stream.write(text)) await drained(stream)
      if (stream.destroyed) return
    }
    stream.end()
  } catch (error) {
    stream.destroy(error instanceof Error ? error : new Error(String(error)))
  }
}

/** Streams share the text of an event. */
const texts = new WeakMap<Event, string>()

function asText(event: Event): string {
  const known = texts.get(event)
  if (known !== undefined) return known
  const text = `id: ${event.seq}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`
  texts.set(event, text)
  return text
}

function drained(stream: PassThrough): Promise<void> {
  return new Promise((resolve) => {
    stream.once('drain', resolve)
    stream.once('close', resolve)
  })
}
