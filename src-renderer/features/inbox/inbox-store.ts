import { create } from 'zustand'
import type { InboxCounts } from '../../../src-main/contract/messages.ts'
import { isAbort, type Reply, request } from '../../request.ts'
import { toastFailure } from '../../ui/toasts.tsx'
import { appendRows, patchRows, prependRows, type Rows, removeRows } from './inbox-rows.ts'

type InboxState = {
  readonly status: 'loading' | 'ready' | 'failed'
  readonly failure: Error | null
  readonly rows: Rows
  readonly hasMore: boolean
  readonly isLoadingMore: boolean
  readonly counts: InboxCounts
  readonly unreadEverywhere: number
  readonly inboxes: Reply<'GET /v1/inboxes'>['data']
  readonly inbox: string | null
  readonly query: string
  readonly unreadOnly: boolean
  /** The highlighted row, open or not. */
  readonly cursor: string | null
  /** Rows that came while the list was looked at; they slide in. */
  readonly arrivals: ReadonlySet<string>
  /** Deleted here, not yet on the relay: undo can still bring them back. */
  readonly hidden: ReadonlySet<string>
}

export const useInbox = create<InboxState>(() => ({
  status: 'loading',
  failure: null,
  rows: [],
  hasMore: false,
  isLoadingMore: false,
  counts: { total: 0, unread: 0 },
  unreadEverywhere: 0,
  inboxes: [],
  inbox: null,
  query: '',
  unreadOnly: false,
  cursor: null,
  arrivals: new Set(),
  hidden: new Set(),
}))

const pageSize = 60
const burstSize = 100
const burstPages = 5
const keptRows = 1000

let controller = new AbortController()
let whole: Promise<void> = Promise.resolve()

type InboxQuery = { inbox?: string; query?: string; unread?: 'true' }

function currentQuery(): InboxQuery {
  const { inbox, query, unreadOnly } = useInbox.getState()
  return {
    ...(inbox ? { inbox } : {}),
    ...(query ? { query } : {}),
    ...(unreadOnly ? { unread: 'true' } : {}),
  }
}

/** Asks for the first page anew. An answer that comes after the next question is dropped. */
export function loadInbox(): Promise<void> {
  controller.abort()
  controller = new AbortController()
  whole = loadFirstPage(controller.signal)
  return whole
}

async function loadFirstPage(signal: AbortSignal): Promise<void> {
  try {
    const query = { ...currentQuery(), limit: pageSize }
    const page = await request('GET /v1/inbox', { query, signal })
    useInbox.setState(({ hidden }) => ({
      status: 'ready',
      failure: null,
      rows: removeRows(page.data, hidden),
      hasMore: page.has_more,
      isLoadingMore: false,
      arrivals: new Set(),
    }))
    takeCounts(page.counts)
  } catch (cause) {
    if (isAbort(cause)) return
    const failure = cause instanceof Error ? cause : new Error(String(cause))
    const { status } = useInbox.getState()
    if (status === 'ready') toastFailure(failure)
    else useInbox.setState({ status: 'failed', failure })
  }
}

export async function loadMore(): Promise<void> {
  const { rows, hasMore, isLoadingMore } = useInbox.getState()
  const last = rows.at(-1)
  if (!hasMore || isLoadingMore || !last) return
  const { signal } = controller
  useInbox.setState({ isLoadingMore: true })
  try {
    const query = { ...currentQuery(), limit: pageSize, before: last.id }
    const page = await request('GET /v1/inbox', { query, signal })
    useInbox.setState((state) => ({
      rows: appendRows(state.rows, removeRows(page.data, state.hidden)),
      hasMore: page.has_more,
      isLoadingMore: false,
    }))
  } catch (cause) {
    if (isAbort(cause)) return
    useInbox.setState({ isLoadingMore: false })
    toastFailure(cause)
  }
}

/** Fetches what arrived since the newest row known and lays it on top. */
export async function fetchArrivals(): Promise<void> {
  // A whole page under way would take away again what is laid on top now.
  await whole
  const { rows, status } = useInbox.getState()
  const newest = rows[0]
  if (status !== 'ready' || !newest) return loadInbox()
  const { signal } = controller
  const fresh: Rows[number][] = []
  for (let page = 0; page < burstPages; page++) {
    const before = fresh.at(-1)
    const range = before ? { before: before.id, after: newest.id } : { after: newest.id }
    const query = { ...currentQuery(), limit: burstSize, ...range }
    const answer = await request('GET /v1/inbox', { query, signal })
    fresh.push(...answer.data)
    takeCounts(answer.counts)
    if (answer.data.length < burstSize) return layOnTop(fresh)
  }
  // More came than is worth fetching: the newest stand, older ones come when scrolled to.
  useInbox.setState(({ hidden }) => ({ rows: removeRows(fresh, hidden), hasMore: true }))
}

function layOnTop(fresh: Rows): void {
  if (fresh.length === 0) return
  useInbox.setState((state) => {
    const rows = prependRows(state.rows, removeRows(fresh, state.hidden))
    const isLong = rows.length > keptRows * 2
    return {
      rows: isLong ? rows.slice(0, keptRows) : rows,
      hasMore: state.hasMore || isLong,
      arrivals: new Set(fresh.map(({ id }) => id)),
    }
  })
}

/** Asks again for the rows down to the last one that is not indexed yet. */
export async function refreshSnippets(): Promise<void> {
  const { rows } = useInbox.getState()
  const unfinished = rows.slice(0, burstSize).findLastIndex(({ snippet }) => snippet === null)
  if (unfinished < 0) return
  const { signal } = controller
  const query = { ...currentQuery(), limit: unfinished + 1 }
  const page = await request('GET /v1/inbox', { query, signal })
  useInbox.setState((state) => ({ rows: patchRows(state.rows, page.data) }))
}

export async function loadInboxes(): Promise<void> {
  const { data } = await request('GET /v1/inboxes')
  const unreadEverywhere = data.reduce((sum, { unread }) => sum + unread, 0)
  useInbox.setState({ inboxes: data, unreadEverywhere })
}

function takeCounts(counts: InboxCounts): void {
  const isWhole = useInbox.getState().inbox === null
  useInbox.setState({ counts, ...(isWhole ? { unreadEverywhere: counts.unread } : {}) })
}

export function chooseInbox(inbox: string | null): void {
  useInbox.setState({ inbox, status: 'loading', rows: [] })
  void loadInbox()
}

export function searchInbox(query: string): void {
  useInbox.setState({ query })
  void loadInbox()
}

export function showUnreadOnly(unreadOnly: boolean): void {
  useInbox.setState({ unreadOnly })
  void loadInbox()
}
