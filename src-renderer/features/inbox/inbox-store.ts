import { create } from 'zustand'
import type { InboxCounts } from '../../../src-main/contract/messages.ts'
import { readQuery, splitQuery } from '../../../src-main/contract/search.ts'
import { isAbort, type Reply, request } from '../../app/request.ts'
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
  /** The text of the search field; `query` is its last valid part. */
  readonly text: string
  readonly query: string
  readonly problem: { readonly message: string; readonly isUnfinished: boolean } | null
  readonly unreadOnly: boolean
  /** At the top, new rows are added; elsewhere they are only counted, so that no row moves. */
  readonly isAtTop: boolean
  /** Number of new messages not in `rows`, at most `maxArrivals`. */
  readonly waiting: number
  /** The highlighted row, open or not. */
  readonly cursor: string | null
  /** Ids of new rows, for the animation. */
  readonly arrivals: ReadonlySet<string>
  /** Deleted here, but not yet on the server: undo can restore them. */
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
  text: '',
  query: '',
  problem: null,
  unreadOnly: false,
  isAtTop: true,
  waiting: 0,
  cursor: null,
  arrivals: new Set(),
  hidden: new Set(),
}))

const pageSize = 60
export const maxArrivals = 100
const maxRows = 1000

let controller = new AbortController()
let firstPage: Promise<void> = Promise.resolve()

/** The filters of the list as query parameters. */
export function currentQuery(): { inbox?: string; query?: string; unread?: 'true' } {
  const { inbox, query, unreadOnly } = useInbox.getState()
  return {
    ...(inbox ? { inbox } : {}),
    ...(query ? { query } : {}),
    ...(unreadOnly ? { unread: 'true' } : {}),
  }
}

/** Reloads the first page. A later call aborts an earlier one. */
export function loadInbox(): Promise<void> {
  controller.abort()
  controller = new AbortController()
  firstPage = loadFirstPage(controller.signal)
  return firstPage
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
      waiting: 0,
      arrivals: new Set(),
    }))
    applyCounts(page.counts)
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

/** The current fetch of new rows. */
let arriving: Promise<unknown> = Promise.resolve()

/** Fetches messages newer than the first row, and adds or counts them. */
export function fetchArrivals(): Promise<void> {
  const run = fetchNewer()
  arriving = run.catch(() => undefined)
  return run
}

async function fetchNewer(): Promise<void> {
  // A first page that is still loading would replace the new rows.
  await firstPage
  const { rows, status } = useInbox.getState()
  const newest = rows[0]
  if (status !== 'ready' || !newest) return loadInbox()
  const { signal } = controller
  const query = { ...currentQuery(), limit: maxArrivals, after: newest.id }
  const page = await request('GET /v1/inbox', { query, signal })
  applyCounts(page.counts)
  const { isAtTop, hidden } = useInbox.getState()
  if (!isAtTop) useInbox.setState({ waiting: removeRows(page.data, hidden).length })
  else if (!page.has_more) prependArrivals(page.data)
  // Too many to add: keep the newest, and load older rows on scroll.
  else useInbox.setState({ rows: removeRows(page.data, hidden), hasMore: true, waiting: 0 })
}

export function setAtTop(isAtTop: boolean): void {
  const { isAtTop: wasAtTop, waiting } = useInbox.getState()
  if (isAtTop === wasAtTop) return
  useInbox.setState({ isAtTop })
  if (isAtTop && waiting > 0) void fetchArrivals().catch(toastFailure)
}

function prependArrivals(fresh: Rows): void {
  if (fresh.length === 0) {
    useInbox.setState({ waiting: 0 })
    return
  }
  useInbox.setState((state) => {
    const rows = prependRows(state.rows, removeRows(fresh, state.hidden))
    const isLong = rows.length > maxRows * 2
    return {
      rows: isLong ? rows.slice(0, maxRows) : rows,
      hasMore: state.hasMore || isLong,
      waiting: 0,
      arrivals: new Set(fresh.map(({ id }) => id)),
    }
  })
}

/** Reloads the rows down to the last one that is not indexed yet. */
export async function refreshSnippets(): Promise<void> {
  // Rows that are still loading may be read before indexing.
  await arriving
  const { rows } = useInbox.getState()
  const lastUnindexed = rows.slice(0, maxArrivals).findLastIndex(({ snippet }) => snippet === null)
  if (lastUnindexed < 0) return
  const { signal } = controller
  const query = { ...currentQuery(), limit: lastUnindexed + 1 }
  const page = await request('GET /v1/inbox', { query, signal })
  useInbox.setState((state) => ({ rows: patchRows(state.rows, page.data) }))
}

/** Reloads the top rows in place. */
export async function refreshRows(): Promise<void> {
  const { signal } = controller
  const query = { ...currentQuery(), limit: maxArrivals }
  const page = await request('GET /v1/inbox', { query, signal })
  useInbox.setState((state) => ({ rows: patchRows(state.rows, page.data) }))
}

export async function loadInboxes(): Promise<void> {
  const { data } = await request('GET /v1/inboxes')
  const unreadEverywhere = data.reduce((sum, { unread }) => sum + unread, 0)
  useInbox.setState({ inboxes: data, unreadEverywhere })
}

function applyCounts(counts: InboxCounts): void {
  const isAllMail = useInbox.getState().inbox === null
  useInbox.setState({ counts, ...(isAllMail ? { unreadEverywhere: counts.unread } : {}) })
}

type View = {
  readonly inbox?: string | null
  readonly text?: string
  readonly unreadOnly?: boolean
}

/** Shows another part of the mail; omitted filters are off. */
export function showView({ inbox = null, text = '', unreadOnly = false }: View): void {
  const isOther = useInbox.getState().inbox !== inbox
  useInbox.setState({
    inbox,
    text,
    query: text.trim(),
    problem: null,
    unreadOnly,
    isAtTop: true,
    waiting: 0,
    ...(isOther ? { status: 'loading', rows: [] } : {}),
  })
  void loadInbox()
}

export function chooseInbox(inbox: string | null): void {
  const { text, unreadOnly } = useInbox.getState()
  showView({ inbox, text, unreadOnly })
}

let isSearching = false

/**
 * Searches for the text if it is a valid query. One request runs at a time; the next one uses the
 * latest text, so texts typed in between are skipped.
 */
export async function searchInbox(text: string): Promise<void> {
  const result = readQuery(text.trim(), Date.now())
  const problem = result.type === 'problem' ? result : null
  useInbox.setState({ text, problem })
  const query = problem?.isUnfinished ? withoutLastToken(text) : text.trim()
  if ((problem && !problem.isUnfinished) || query === useInbox.getState().query) return
  useInbox.setState({ query, isAtTop: true, waiting: 0 })
  if (isSearching) return
  isSearching = true
  for (let searched: string | null = null; searched !== useInbox.getState().query; ) {
    searched = useInbox.getState().query
    await loadInbox()
  }
  isSearching = false
}

/** The query without its last, unfinished token. */
function withoutLastToken(text: string): string {
  const last = splitQuery(text.trim()).at(-1)
  const rest = text
    .trim()
    .slice(0, last?.start ?? 0)
    .trim()
  return readQuery(rest, Date.now()).type === 'query' ? rest : useInbox.getState().query
}

export function showUnreadOnly(unreadOnly: boolean): void {
  useInbox.setState({ unreadOnly })
  void loadInbox()
}
