import { z } from 'zod'
import { listen } from '../../app/live.ts'
import { go, useRoute } from '../../app/router.ts'
import { throttle } from '../../app/throttle.ts'
import { showMarked } from './inbox-changes.ts'
import { removeRows } from './inbox-rows.ts'
import {
  fetchArrivals,
  loadInbox,
  loadInboxes,
  refreshRows,
  refreshSnippets,
  useInbox,
} from './inbox-store.ts'
import { loadKeyNames, loadSearches, loadTags } from './inbox-views.ts'
import { refreshMessage } from './message-opening.ts'

const InboxChange = z.object({
  change: z.enum(['read', 'unread', 'deleted', 'tagged', 'searches']),
  ids: z.array(z.string()).optional(),
  inbox: z.string().optional(),
  /** True when the change covers only the results of a search. */
  part: z.boolean().optional(),
})

const arrivals = throttle(fetchArrivals, 30)
const counts = throttle(loadInboxes, 500)
const snippets = throttle(refreshSnippets, 250)
const search = throttle(searchAgain, 500)
const patches = throttle(refreshRows, 250)
const tags = throttle(loadTags, 1000)
const searches = throttle(loadSearches, 250)
const keyNames = throttle(loadKeyNames, 1000)

/** Reloads the results at the top of the list; a scrolled list only counts new results. */
async function searchAgain(): Promise<void> {
  await (useInbox.getState().isAtTop ? loadInbox() : fetchArrivals())
}

listen({
  connected: (isResumed) => {
    if (!isResumed || useInbox.getState().status !== 'ready') void loadInbox()
    counts()
    tags()
    searches()
    keyNames()
  },
  events: (events) => {
    const types = new Set(events.map(({ type }) => type))
    if (types.has('captured')) {
      arrivals()
      counts()
      tags()
    }
    if (types.has('indexed')) {
      // A message matches a search only after indexing.
      if (useInbox.getState().query) search()
      else snippets()
      refreshMessage()
    }
    for (const { type, data } of events) {
      if (type === 'inbox.changed') showChange(data)
    }
    if (types.has('inbox.changed')) {
      counts()
      tags()
    }
    if (keyEvents.some((type) => types.has(type))) keyNames()
  },
})

const keyEvents = ['key.created', 'key.updated', 'key.rotated', 'key.revoked'] as const

function showChange(data: unknown): void {
  const parsed = InboxChange.safeParse(data)
  if (!parsed.success) return
  const { change, ids, inbox, part } = parsed.data
  if (change === 'searches') {
    searches()
    return
  }
  if (change === 'tagged') {
    // The results of a tag search may have changed.
    if (useInbox.getState().query) search()
    else patches()
    return
  }
  const isOtherInbox = inbox !== undefined && useInbox.getState().inbox !== inbox
  if (part) {
    search()
    return
  }
  if (!ids && (isOtherInbox || change === 'deleted')) {
    search()
    return
  }
  if (change !== 'deleted') {
    showMarked(ids ?? null, change === 'read')
    return
  }
  useInbox.setState((state) => ({ rows: removeRows(state.rows, new Set(ids)) }))
  const { id } = useRoute.getState()
  if (id !== null && ids?.includes(id)) go('inbox')
  if (useInbox.getState().rows.length === 0) search()
}
