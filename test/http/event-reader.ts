import { request } from 'node:http'
import type { Event } from '../../src-main/contract/events.ts'

export type StreamOptions = {
  readonly after?: number
  readonly lastEventId?: string
  readonly types?: string
}

export type EventFeed = {
  readonly events: Event[]
  readonly ids: string[]
  readonly headers: Readonly<Record<string, unknown>>
  /** Reads until `enough` accepts the events so far, or the stream ends. */
  readonly until: (enough: (events: readonly Event[]) => boolean) => Promise<readonly Event[]>
  readonly ended: Promise<void>
  readonly pause: () => void
  readonly resume: () => void
  readonly close: () => void
}

/** Server-sent events as a browser would read them; resolves when the stream has begun. */
export function openFeed(
  url: string,
  key: string,
  options: StreamOptions = {},
): Promise<EventFeed> {
  const address = new URL('/v1/events', url)
  if (options.after !== undefined) address.searchParams.set('after', String(options.after))
  if (options.types !== undefined) address.searchParams.set('types', options.types)
  const events: Event[] = []
  const ids: string[] = []
  const listeners = new Set<() => void>()
  const tell = () => {
    for (const listener of listeners) listener()
  }

  return new Promise((resolve, reject) => {
    const outgoing = request(address, {
      agent: false,
      headers: {
        authorization: `Bearer ${key}`,
        ...(options.lastEventId === undefined ? {} : { 'last-event-id': options.lastEventId }),
      },
    })
    outgoing.on('error', reject)
    outgoing.on('response', (incoming) => {
      if (incoming.statusCode !== 200) {
        reject(new Error(`The stream answered ${incoming.statusCode}`))
        incoming.resume()
        return
      }
      let rest = ''
      let isOver = false
      incoming.setEncoding('utf8')
      incoming.on('data', (chunk: string) => {
        const blocks = (rest + chunk).split('\n\n')
        rest = blocks.pop() ?? ''
        for (const block of blocks) take(block)
        tell()
      })
      const ended = new Promise<void>((end) => {
        incoming.once('close', () => {
          isOver = true
          tell()
          end()
        })
      })
      incoming.on('error', () => undefined)
      resolve({
        events,
        ids,
        headers: incoming.headers,
        until: (enough) =>
          new Promise((found) => {
            const check = () => {
              if (!enough(events) && !isOver) return
              listeners.delete(check)
              found(events)
            }
            listeners.add(check)
            check()
          }),
        ended,
        pause: () => void incoming.pause(),
        resume: () => void incoming.resume(),
        close: () => void outgoing.destroy(),
      })
    })
    outgoing.end()
  })

  function take(block: string): void {
    const fields = new Map(
      block
        .split('\n')
        .filter((line) => !line.startsWith(':'))
        .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
    )
    const text = fields.get('data')
    if (text === undefined) return
    events.push(JSON.parse(text) as Event)
    ids.push(fields.get('id') ?? '')
  }
}

/** The first `until` events that a stream gives. */
export async function readEvents(
  url: string,
  key: string,
  { until, ...options }: StreamOptions & { readonly until: number },
): Promise<readonly Event[]> {
  const feed = await openFeed(url, key, options)
  const events = await feed.until(({ length }) => length >= until)
  feed.close()
  return events.slice(0, until)
}
