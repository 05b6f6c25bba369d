import { create } from 'zustand'
import type { Event } from '../../../src-main/contract/events.ts'
import { isWanted, logTypeOf, toLogEntry } from '../../../src-main/contract/log-entries.ts'
import type { LogEntry } from '../../../src-main/contract/logs.ts'
import { isAbort, request } from '../../app/request.ts'
import { toastFailure } from '../../ui/toasts.tsx'
import { type FilterName, type LogFilters, queryOf } from './log-filters.ts'
import { cutRows, mergeRows, oldestId, type Rows } from './log-rows.ts'

type LogsState = {
  readonly status: 'loading' | 'ready' | 'failed'
  readonly failure: Error | null
  readonly rows: Rows
  /** Entries received while paused; `heldCount` also counts those beyond the limit. */
  readonly held: Rows
  readonly heldCount: number
  readonly isPaused: boolean
  readonly hasMore: boolean
  readonly isLoadingMore: boolean
  readonly filters: LogFilters
  readonly showOwn: boolean
  readonly cursor: string | null
  readonly keyNames: ReadonlyMap<string, string>
}

export const useLogs = create<LogsState>(() => ({
  status: 'loading',
  failure: null,
  rows: [],
  held: [],
  heldCount: 0,
  isPaused: false,
  hasMore: false,
  isLoadingMore: false,
  filters: {},
  showOwn: false,
  cursor: null,
  keyNames: new Map(),
}))

const pageSize = 200
const maxRows = 3000
const maxHeld = 1000
/** Hidden requests of this window can fill whole pages; loads at most this many pages at once. */
const maxPages = 5
const minRows = 40

let controller = new AbortController()
let ownKeyId: string | null = null

export function loadLogs(): Promise<void> {
  controller.abort()
  controller = new AbortController()
  useLogs.setState({ status: 'loading', rows: [], held: [], heldCount: 0, isPaused: false })
  return loadFirstPages(controller.signal)
}

async function loadFirstPages(signal: AbortSignal): Promise<void> {
  try {
    await loadNames()
    const unauthenticated = await loadUnauthenticated(signal)
    const first = await loadPages(signal, null)
    useLogs.setState(({ rows }) => ({
      status: 'ready',
      failure: null,
      // Live entries may have arrived while the page loaded.
      rows: mergeRows(rows.filter(isShown), [...first.rows, ...unauthenticated]),
      hasMore: first.hasMore,
    }))
  } catch (cause) {
    if (isAbort(cause)) return
    const failure = cause instanceof Error ? cause : new Error(String(cause))
    useLogs.setState({ status: 'failed', failure })
  }
}

async function loadPages(signal: AbortSignal, from: number | null) {
  const query = queryOf(useLogs.getState().filters, Date.now())
  const rows: LogEntry[] = []
  let before = from
  if (query.type === 'junk') return { rows, hasMore: false }
  for (let page = 0; page < maxPages; page++) {
    const answer = await request('GET /v1/logs', {
      query: { ...query, limit: pageSize, ...(before === null ? {} : { before }) },
      signal,
    })
    rows.push(...answer.data.filter(isShown))
    before = answer.next_before
    if (before === null || rows.length >= minRows) break
  }
  return { rows, hasMore: before !== null }
}

/** Requests without a valid key. The server keeps only the last 500, in memory. */
async function loadUnauthenticated(signal: AbortSignal): Promise<Rows> {
  const query = queryOf(useLogs.getState().filters, Date.now())
  if ((query.type ?? 'junk') !== 'junk' || query.email_id !== undefined) return []
  const { data } = await request('GET /v1/logs', {
    query: { ...query, type: 'junk', limit: 500 },
    signal,
  })
  return data
}

/** Unauthenticated requests emit no events of their own, so they are polled. */
export async function refreshUnauthenticated(): Promise<void> {
  try {
    addEntries(await loadUnauthenticated(controller.signal))
  } catch {
    // The next poll tries again; the status bar shows a lost connection.
  }
}

export async function loadMoreLogs(): Promise<void> {
  const { rows, hasMore, isLoadingMore } = useLogs.getState()
  const before = oldestId(rows)
  if (!hasMore || isLoadingMore || before === null) return
  const { signal } = controller
  useLogs.setState({ isLoadingMore: true })
  try {
    const page = await loadPages(signal, before)
    useLogs.setState((state) => ({
      rows: mergeRows(state.rows, page.rows),
      hasMore: page.hasMore,
      isLoadingMore: false,
    }))
  } catch (cause) {
    useLogs.setState({ isLoadingMore: false })
    if (!isAbort(cause)) toastFailure(cause)
  }
}

/** Adds the events that match the filters. */
export function addEvents(events: readonly Event[]): void {
  const { keyNames, filters } = useLogs.getState()
  const query = queryOf(filters, Date.now())
  const entries = events.flatMap((event) => {
    const type = logTypeOf(event.type)
    if (type === null || type === 'junk') return []
    const entry = toLogEntry(
      event,
      event.key_id === null ? null : (keyNames.get(event.key_id) ?? null),
    )
    return isWanted(entry, query) && isShown(entry) ? [entry] : []
  })
  addEntries(entries)
}

function addEntries(entries: Rows): void {
  if (entries.length === 0) return
  useLogs.setState((state) => {
    if (!state.isPaused) {
      const { rows, isCut } = cutRows(mergeRows(state.rows, entries), maxRows)
      return { rows, hasMore: state.hasMore || isCut }
    }
    const shown = mergeRows(state.rows, entries).length - state.rows.length
    const held = mergeRows(state.held, shown === 0 ? [] : entries)
    return {
      held: held.slice(0, maxHeld),
      heldCount: state.heldCount + held.length - state.held.length,
    }
  })
}

export function pauseLogs(isPaused: boolean): void {
  if (isPaused) {
    useLogs.setState({ isPaused })
    return
  }
  // More entries arrived than were held, so a merge would leave a gap.
  if (useLogs.getState().heldCount > maxHeld) {
    void loadLogs()
    return
  }
  useLogs.setState(({ rows, held, hasMore }) => {
    const cut = cutRows(mergeRows(rows, held), maxRows)
    return {
      isPaused,
      rows: cut.rows,
      hasMore: hasMore || cut.isCut,
      held: [],
      heldCount: 0,
    }
  })
}

export function filterLogs(name: FilterName, value: string | null): void {
  const { [name]: _, ...others } = useLogs.getState().filters
  reloadWith({ filters: value === null ? others : { ...others, [name]: value } })
}

export function clearFilters(): void {
  reloadWith({ filters: {} })
}

/** Requests of this window, made with its admin key, are hidden by default. */
export function showOwnRequests(showOwn: boolean): void {
  reloadWith({ showOwn })
}

function reloadWith(change: Partial<LogsState>): void {
  useLogs.setState({ ...change, hasMore: false, cursor: null })
  void loadLogs()
}

function isShown(entry: LogEntry): boolean {
  if (useLogs.getState().showOwn || entry.type !== 'request' || ownKeyId === null) return true
  return entry.key_id !== ownKeyId || entry.user_agent !== navigator.userAgent
}

async function loadNames(): Promise<void> {
  if (ownKeyId === null) ownKeyId = (await request('GET /v1/session')).key_id
  const { data } = await request('GET /v1/api-keys')
  const keyNames = new Map(data.map(({ id, name }) => [id, name]))
  // The event of a new key arrives before the key's name is loaded.
  const named = (entry: LogEntry) =>
    entry.key_id === null || entry.key_name !== null
      ? entry
      : { ...entry, key_name: keyNames.get(entry.key_id) ?? null }
  useLogs.setState(({ rows, held }) => ({
    keyNames,
    rows: rows.map(named),
    held: held.map(named),
  }))
}

/** Call after a key is created or renamed. */
export function refreshNames(): void {
  void loadNames().catch(() => undefined)
}
