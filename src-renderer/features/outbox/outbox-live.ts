import type { Event } from '../../../src-main/contract/events.ts'
import { listen } from '../../app/live.ts'
import { useRoute } from '../../app/router.ts'
import { throttle } from '../../app/throttle.ts'
import { refreshActiveJobs, refreshJobList } from './jobs-store.ts'
import {
  fetchArrivals,
  fetchChanged,
  fetchScheduled,
  loadOutbox,
  loadSummary,
  useOutbox,
} from './outbox-store.ts'
import { refreshSent, useSent } from './sent-store.ts'

const outcomes: readonly string[] = [
  'queued',
  'sending',
  'delivered',
  'deferred',
  'bounced',
  'failed',
  'cancelled',
  'retried',
]

let changed = new Set<string>()

const arrivals = throttle(fetchArrivals, 100)
const changes = throttle(async () => {
  const ids = [...changed]
  changed = new Set()
  await fetchChanged(ids)
}, 150)
const scheduled = throttle(fetchScheduled, 300)
const summary = throttle(loadSummary, 400)
const open = throttle(refreshSent, 150)
const jobs = throttle(refreshJobList, 300)
const activeJobs = throttle(refreshActiveJobs, 500)

listen({
  connected: (isResumed) => {
    if (useRoute.getState().screen !== 'outbox') return
    if (!isResumed || useOutbox.getState().status !== 'ready') void loadOutbox()
    summary()
  },
  events: (events) => {
    // No requests while another screen is shown; this screen reloads when it is opened.
    if (useRoute.getState().screen !== 'outbox') return
    const types = new Set(events.map(({ type }) => type))
    if (types.has('queued')) arrivals()
    if (events.some(concernsScheduled)) scheduled()
    if (events.some(({ type }) => type.startsWith('relay.'))) summary()
    const changedEvents = events.filter(({ type }) => outcomes.includes(type))
    if (changedEvents.length > 0) {
      for (const { message_id: id } of changedEvents) if (id !== null) changed.add(id)
      changes()
      summary()
      activeJobs()
    }
    if (types.has('job.created') || types.has('job.changed')) jobs()
    const { id } = useSent.getState()
    if (id !== null && events.some((event) => concernsMessage(event, id))) open()
  },
})

/** A scheduled message has its id only in the event data, until a `queued` event. */
function concernsScheduled({ type, data }: Event): boolean {
  return typeof data.email_id === 'string' || (type === 'queued' && hasScheduled())
}

const hasScheduled = (): boolean => useOutbox.getState().scheduled.length > 0

function concernsMessage({ message_id: messageId, data }: Event, id: string): boolean {
  return messageId === id || data.email_id === id
}
