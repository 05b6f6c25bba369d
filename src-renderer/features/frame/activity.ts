import { create } from 'zustand'
import type { EventType } from '../../../src-main/contract/events.ts'
import { listen } from '../../app/live.ts'

type Pulse = {
  /** Messages that came in the last minute. */
  readonly perMinute: number
  /** Recipients that wait for their delivery; null until known. */
  readonly queued: number | null
}

/** How busy the server is, for the status bar. */
export const useActivity = create<Pulse>(() => ({ perMinute: 0, queued: null }))

const seconds = 60
const lookAgainMs = 2000
const moves: ReadonlySet<EventType> = new Set([
  'queued',
  'delivered',
  'deferred',
  'bounced',
  'failed',
  'cancelled',
])

/** How many came in each of the last sixty seconds, by the second's number. */
let perSecond = new Map<number, number>()
let ticking: ReturnType<typeof setInterval> | null = null
let willLook = false

function tick(): void {
  const oldest = Math.floor(Date.now() / 1000) - seconds
  perSecond = new Map([...perSecond].filter(([second]) => second > oldest))
  useActivity.setState({
    perMinute: [...perSecond.values()].reduce((sum, count) => sum + count, 0),
  })
  if (perSecond.size > 0 || ticking === null) return
  clearInterval(ticking)
  ticking = null
}

async function look(): Promise<void> {
  willLook = false
  try {
    const response = await fetch('/health')
    // The server that served this page answers in the contract's shape.
    const { queue_depth: queued } = (await response.json()) as { queue_depth: number }
    useActivity.setState({ queued })
    if (queued > 0) lookSoon()
  } catch {
    // The dot beside it says that the server cannot be reached.
  }
}

function lookSoon(): void {
  if (willLook) return
  willLook = true
  setTimeout(look, lookAgainMs)
}

listen({
  connected: () => void look(),
  events: (events) => {
    for (const { at, type } of events) {
      if (type !== 'captured' && type !== 'queued') continue
      const second = Math.floor(Date.parse(at) / 1000)
      perSecond.set(second, (perSecond.get(second) ?? 0) + 1)
    }
    if (perSecond.size > 0) ticking ??= setInterval(tick, 1000)
    if (events.some(({ type }) => moves.has(type))) lookSoon()
  },
})
