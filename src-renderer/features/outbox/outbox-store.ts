import { create } from 'zustand'
import type { OutboxSummary } from '../../../src-main/contract/outbox.ts'
import { isAbort, type Reply, request } from '../../app/request.ts'
import { failed, type Load, loading, ready } from '../../ui/load.ts'
import { toast, toastFailure } from '../../ui/toasts.tsx'
import { outboxLabels } from './labels.ts'
import { appendRows, type Filter, mergeRows, type Rows } from './outbox-rows.ts'

type OutboxState = {
  readonly status: 'loading' | 'ready' | 'failed'
  readonly failure: Error | null
  readonly rows: Rows
  /** Scheduled messages, shown above the rows. */
  readonly scheduled: Rows
  /** Cursor for more scheduled messages, used by the filter `scheduled`. */
  readonly nextScheduled: string | null
  readonly nextBefore: number | null
  readonly isLoadingMore: boolean
  readonly filter: Filter
  readonly keyId: string | null
  readonly query: string
  readonly cursor: string | null
  readonly selected: ReadonlySet<string>
  readonly summary: Load<OutboxSummary>
  readonly keys: readonly { readonly id: string; readonly name: string }[]
}

export const useOutbox = create<OutboxState>(() => ({
  status: 'loading',
  failure: null,
  rows: [],
  scheduled: [],
  nextScheduled: null,
  nextBefore: null,
  isLoadingMore: false,
  filter: 'all',
  keyId: null,
  query: '',
  cursor: null,
  selected: new Set(),
  summary: loading,
  keys: [],
}))

export const pageSize = 60
const maxArrivals = 100
const maxRows = 2000

let controller = new AbortController()

function currentQuery() {
  const { filter, keyId, query } = useOutbox.getState()
  return {
    ...(filter === 'all' ? {} : { status: filter }),
    ...(keyId ? { key_id: keyId } : {}),
    ...(query ? { query } : {}),
  }
}

/** Reloads the first page. A later call aborts an earlier one. */
export async function loadOutbox(): Promise<void> {
  controller.abort()
  controller = new AbortController()
  const { signal } = controller
  try {
    const query = { ...currentQuery(), limit: pageSize }
    const page = await request('GET /v1/outbox', { query, signal })
    useOutbox.setState({
      status: 'ready',
      failure: null,
      rows: page.data,
      scheduled: page.scheduled,
      nextScheduled: page.next_scheduled,
      nextBefore: page.next_before,
      isLoadingMore: false,
    })
  } catch (cause) {
    if (isAbort(cause)) return
    const failure = cause instanceof Error ? cause : new Error(String(cause))
    if (useOutbox.getState().status === 'ready') toastFailure(failure)
    else useOutbox.setState({ status: 'failed', failure })
  }
}

/** The query of the next page; null at the end of the list. */
export function nextPage({ filter, nextBefore, nextScheduled }: OutboxState) {
  if (nextBefore !== null) return { before: nextBefore }
  const hasMoreScheduled = filter === 'scheduled' && nextScheduled !== null
  return hasMoreScheduled ? { scheduled_after: nextScheduled } : null
}

export async function loadMore(): Promise<void> {
  const next = nextPage(useOutbox.getState())
  if (next === null || useOutbox.getState().isLoadingMore) return
  const { signal } = controller
  useOutbox.setState({ isLoadingMore: true })
  try {
    const query = { ...currentQuery(), limit: pageSize, ...next }
    const page = await request('GET /v1/outbox', { query, signal })
    useOutbox.setState(({ rows, scheduled, nextScheduled }) => ({
      rows: appendRows(rows, page.data),
      scheduled: [...scheduled, ...page.scheduled],
      nextScheduled: 'before' in next ? nextScheduled : page.next_scheduled,
      nextBefore: page.next_before,
      isLoadingMore: false,
    }))
  } catch (cause) {
    if (isAbort(cause)) return
    useOutbox.setState({ isLoadingMore: false })
    toastFailure(cause)
  }
}

/** Adds messages accepted since the first row. */
export async function fetchArrivals(): Promise<void> {
  const { rows, status } = useOutbox.getState()
  const newest = rows[0]?.position
  if (status !== 'ready' || typeof newest !== 'number') return loadOutbox()
  const { signal } = controller
  const query = { ...currentQuery(), limit: maxArrivals, after: newest }
  const page = await request('GET /v1/outbox', { query, signal })
  // Too many to add: reload the first page, and load older rows on scroll.
  if (page.has_more) return loadOutbox()
  mergeFresh(page.data)
}

/** Reloads changed rows. */
export async function fetchChanged(ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  const { filter, rows } = useOutbox.getState()
  // A message that newly matches the filter has no row yet.
  if (filter !== 'all' && rows.length <= pageSize) return loadOutbox()
  const loaded = new Set(rows.map(({ id }) => id))
  const loadedIds = ids.filter((id) => loaded.has(id))
  const { signal } = controller
  for (let start = 0; start < loadedIds.length; start += maxArrivals) {
    const query = { ids: loadedIds.slice(start, start + maxArrivals).join(',') }
    const page = await request('GET /v1/outbox', { query, signal })
    mergeFresh(page.data)
  }
}

function mergeFresh(fresh: Rows): void {
  if (fresh.length === 0) return
  useOutbox.setState((state) => {
    const rows = mergeRows(state.rows, fresh, state.filter)
    const kept = rows.slice(0, maxRows)
    const nextBefore = kept.length < rows.length ? (kept.at(-1)?.position ?? null) : null
    return { rows: kept, nextBefore: nextBefore ?? state.nextBefore }
  })
}

/** Reloads as many scheduled messages as are loaded. */
export async function fetchScheduled(): Promise<void> {
  const { signal } = controller
  const wanted = useOutbox.getState().scheduled.length
  const scheduled: Rows[number][] = []
  let next: string | null = null
  do {
    const from = next === null ? {} : { scheduled_after: next }
    const query = { ...currentQuery(), limit: 1, ...from }
    const page: Reply<'GET /v1/outbox'> = await request('GET /v1/outbox', { query, signal })
    scheduled.push(...page.scheduled)
    next = page.next_scheduled
  } while (next !== null && scheduled.length < wanted)
  useOutbox.setState({ scheduled, nextScheduled: next })
}

export async function loadSummary(): Promise<void> {
  const midnight = new Date()
  midnight.setHours(0, 0, 0, 0)
  try {
    const query = { since: midnight.toISOString() }
    useOutbox.setState({ summary: ready(await request('GET /v1/outbox/summary', { query })) })
  } catch (cause) {
    useOutbox.setState(({ summary }) =>
      summary.status === 'ready' ? {} : { summary: failed(cause) },
    )
  }
}

export async function loadKeys(): Promise<void> {
  const { data } = await request('GET /v1/api-keys')
  const live = data.filter(({ mode }) => mode === 'live')
  useOutbox.setState({ keys: live.map(({ id, name }) => ({ id, name })) })
}

type FilterChange = Partial<Pick<OutboxState, 'filter' | 'keyId' | 'query'>>

export function applyFilter(change: FilterChange): void {
  useOutbox.setState({ ...change, selected: new Set(), cursor: null })
  void loadOutbox()
}

export function toggleSelected(id: string): void {
  useOutbox.setState(({ selected }) => {
    const next = new Set(selected)
    if (!next.delete(id)) next.add(id)
    return { selected: next }
  })
}

export function clearSelected(): void {
  useOutbox.setState({ selected: new Set() })
}

/** Retries messages for their undelivered recipients. */
export async function retryMany(ids: readonly string[]): Promise<void> {
  const { retried, skipped } = await request('POST /v1/outbox/retry', { body: { ids: [...ids] } })
  clearSelected()
  void fetchChanged(retried)
  if (retried.length === 0) {
    toast(outboxLabels.nothingToRetry, { tone: 'failure' })
    return
  }
  toast(outboxLabels.retried(retried.length, skipped.length))
}
