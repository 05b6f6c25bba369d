import { create } from 'zustand'
import type { Event } from '../../src-main/contract/events.ts'
import { requestContent } from './request.ts'

export type LiveListener = {
  /** Events in order, at most 20 batches a second; the first batch of a burst is immediate. */
  readonly events?: (events: readonly Event[]) => void
  /** The stream is open. A resumed stream replays missed events; otherwise reload the data. */
  readonly connected?: (isResumed: boolean) => void
}

export const useLive = create<{ state: 'connecting' | 'connected' | 'reconnecting' }>(() => ({
  state: 'connecting',
}))

const batchMs = 50
const maxSilenceMs = 45_000

/** Requests of the window itself; their events must not trigger further requests. */
const ownRoutes: readonly unknown[] = [
  'GET /v1/usage',
  'GET /v1/api-keys',
  'GET /v1/api-keys/limits',
  'GET /v1/alerts',
  'GET /v1/logs',
  'GET /v1/logs/{id}',
  'GET /v1/tenants',
  'GET /v1/tenants/{id}/emails',
  'GET /v1/tenants/{id}/usage',
]

const listeners = new Set<LiveListener>()
let stopping: AbortController | null = null
let lastSeq: number | null = null
let queue: Event[] = []
let timer: ReturnType<typeof setTimeout> | null = null

/** Subscribes to events. Returns the function that unsubscribes. */
export function listen(listener: LiveListener): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** True for an event of a client app: it sent mail or called the API. */
export function isUse({ type, data }: Event): boolean {
  if (type === 'request') return !ownRoutes.includes(data.route)
  return type === 'captured' || type === 'queued'
}

export function startLive(): void {
  stopLive()
  const controller = new AbortController()
  stopping = controller
  void follow(controller.signal)
}

export function stopLive(): void {
  stopping?.abort()
  stopping = null
  lastSeq = null
  queue = []
}

async function follow(stopped: AbortSignal): Promise<void> {
  let attempt = 0
  while (!stopped.aborted) {
    const connection = new AbortController()
    const signal = AbortSignal.any([stopped, connection.signal])
    try {
      const isResumed = lastSeq !== null
      const query = lastSeq === null ? {} : { after: lastSeq }
      const response = await requestContent('GET /v1/events', { query, signal })
      attempt = 0
      useLive.setState({ state: 'connected' })
      for (const listener of listeners) listener.connected?.(isResumed)
      await readEvents(response, connection)
    } catch {
      // The next attempt shows whether the server is reachable.
    }
    connection.abort()
    if (stopped.aborted) return
    useLive.setState({ state: 'reconnecting' })
    await new Promise((resolve) => setTimeout(resolve, Math.min(5000, 250 * 2 ** attempt)))
    attempt += 1
  }
}

/** Parses server-sent events (WHATWG HTML §9.2.6): EventSource cannot send a bearer key. */
async function readEvents(response: Response, connection: AbortController): Promise<void> {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  if (!reader) return
  let rest = ''
  for (;;) {
    const silence = setTimeout(() => connection.abort(), maxSilenceMs)
    const { done, value } = await reader.read().finally(() => clearTimeout(silence))
    if (done) return
    const blocks = (rest + value).replaceAll('\r\n', '\n').split('\n\n')
    rest = blocks.pop() ?? ''
    for (const block of blocks) queueEvent(block)
  }
}

function queueEvent(block: string): void {
  const lines = block.split('\n').filter((line) => line.startsWith('data:'))
  if (lines.length === 0) return
  const text = lines.map((line) => line.slice(5).trimStart()).join('\n')
  // The server that served this page wrote the event in the contract's shape.
  const event = JSON.parse(text) as Event
  if (typeof event.seq !== 'number') return
  lastSeq = event.seq
  queue.push(event)
  if (timer === null) deliver()
}

function deliver(): void {
  if (queue.length === 0) {
    timer = null
    return
  }
  const events = queue
  queue = []
  timer = setTimeout(deliver, batchMs)
  for (const listener of listeners) listener.events?.(events)
}
