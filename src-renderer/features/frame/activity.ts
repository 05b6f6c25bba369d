import { create } from 'zustand'
import type { EventType } from '../../../src-main/contract/events.ts'
import { listen } from '../../app/live.ts'

type Activity = {
  /** Messages accepted in the last minute. */
  readonly perMinute: number
  /** Recipients in the queue; null until known. */
  readonly queued: number | null
}

/** The load of the server, for the status bar. */
export const useActivity = create<Activity>(() => ({ perMinute: 0, queued: null }))

const windowSeconds = 60
const refreshMs = 2000
const queueEvents: ReadonlySet<EventType> = new Set([
  'queued',
  'delivered',
  'deferred',
  'bounced',
  'failed',
  'cancelled',
])

/** Messages by second since 1970, for the last 60 seconds. */
let perSecond = new Map<number, number>()
let ticker: ReturnType<typeof setInterval> | null = null
let isScheduled = false

function tick(): void {
  const oldest = Math.floor(Date.now() / 1000) - windowSeconds
  perSecond = new Map([...perSecond].filter(([second]) => second > oldest))
  useActivity.setState({
    perMinute: [...perSecond.values()].reduce((sum, count) => sum + count, 0),
  })
  if (perSecond.size > 0 || ticker === null) return
  clearInterval(ticker)
  ticker = null
}

async function refreshQueue(): Promise<void> {
  isScheduled = false
  try {
    const response = await fetch('/health')
    // The server that served this page replies in the contract's shape.
    const { queue_depth: queued } = (await response.json()) as { queue_depth: number }
    useActivity.setState({ queued })
    if (queued > 0) scheduleRefresh()
  } catch {
    // The status dot shows that the server is unreachable.
  }
}

function scheduleRefresh(): void {
  if (isScheduled) return
  isScheduled = true
  setTimeout(refreshQueue, refreshMs)
}

listen({
  connected: () => void refreshQueue(),
  events: (events) => {
    for (const { at, type } of events) {
      if (type !== 'captured' && type !== 'queued') continue
      const second = Math.floor(Date.parse(at) / 1000)
      perSecond.set(second, (perSecond.get(second) ?? 0) + 1)
    }
    if (perSecond.size > 0) ticker ??= setInterval(tick, 1000)
    if (events.some(({ type }) => queueEvents.has(type))) scheduleRefresh()
  },
})
