import { z } from 'zod'
import { listen } from '../../live.ts'
import { go, usePlace } from '../../place.ts'
import { isAbort } from '../../request.ts'
import { showMarked } from './inbox-changes.ts'
import { removeRows } from './inbox-rows.ts'
import { fetchArrivals, loadInbox, loadInboxes, refreshSnippets, useInbox } from './inbox-store.ts'
import { refreshMessage } from './message-store.ts'

const InboxChange = z.object({
  change: z.enum(['read', 'unread', 'deleted']),
  ids: z.array(z.string()).optional(),
  inbox: z.string().optional(),
})

const longestRestMs = 500

/**
 * Runs now; while it runs or rests, further calls run it once more at the end. Rests grow while
 * calls keep coming, so that a flood does not turn into a flood of requests.
 */
function coalesce(work: () => Promise<void>, shortestRestMs: number): () => void {
  let isBusy = false
  let isAsked = false
  async function run() {
    isBusy = true
    let restMs = shortestRestMs
    do {
      isAsked = false
      await work().catch((cause: unknown) => {
        // The next event asks again; a broken connection shows in the status dot.
        if (!isAbort(cause)) console.warn(cause)
      })
      await new Promise((resolve) => setTimeout(resolve, restMs))
      restMs = Math.min(longestRestMs, restMs * 2)
    } while (isAsked)
    isBusy = false
  }
  return () => {
    isAsked = true
    if (!isBusy) void run()
  }
}

const arrivals = coalesce(fetchArrivals, 30)
const counts = coalesce(loadInboxes, 500)
const snippets = coalesce(refreshSnippets, 250)
const search = coalesce(loadInbox, 500)

listen({
  connected: (isResumed) => {
    if (!isResumed || useInbox.getState().status !== 'ready') void loadInbox()
    counts()
  },
  events: (events) => {
    const types = new Set(events.map(({ type }) => type))
    if (types.has('captured')) {
      arrivals()
      counts()
    }
    if (types.has('indexed')) {
      // A new message can match a search only once its words are indexed.
      if (useInbox.getState().query) search()
      else snippets()
      refreshMessage()
    }
    for (const { type, data } of events) {
      if (type === 'inbox.changed') showChange(data)
    }
    if (types.has('inbox.changed')) counts()
  },
})

function showChange(data: unknown): void {
  const parsed = InboxChange.safeParse(data)
  if (!parsed.success) return
  const { change, ids, inbox } = parsed.data
  const isElsewhere = inbox !== undefined && useInbox.getState().inbox !== inbox
  if (!ids && (isElsewhere || change === 'deleted')) {
    search()
    return
  }
  if (change !== 'deleted') {
    showMarked(ids ?? null, change === 'read')
    return
  }
  useInbox.setState((state) => ({ rows: removeRows(state.rows, new Set(ids)) }))
  const { id } = usePlace.getState()
  if (id !== null && ids?.includes(id)) go('inbox')
  if (useInbox.getState().rows.length === 0) search()
}
