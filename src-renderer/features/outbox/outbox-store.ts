import { create } from 'zustand'
import type { OutboxSummary } from '../../../src-main/contract/outbox.ts'
import { isAbort, type Reply, request } from '../../app/request.ts'
import { failed, type Load, loading, ready } from '../../ui/load.ts'
import { toast, toastFailure } from '../../ui/toasts.tsx'
import { appendRows, type Filter, mergeRows, type Rows } from './outbox-rows.ts'

type OutboxState = {
  readonly status: 'loading' | 'ready' | 'failed'
  readonly failure: Error | null
  readonly rows: Rows
  /** What waits for its time; shown above the rest. */
  readonly scheduled: Rows
  /** Where what waits for its time goes on; all of it is listed where nothing else is. */
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

/** Asks for the first page anew. An answer that comes after the next question is dropped. */
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

/** Where the list goes on below what is loaded; null: nowhere. */
export function nextPage({ filter, nextBefore, nextScheduled }: OutboxState) {
  if (nextBefore !== null) return { before: nextBefore }
  const goesOn = filter === 'scheduled' && nextScheduled !== null
  return goesOn ? { scheduled_after: nextScheduled } : null
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

/** Lays what was accepted since on top. */
export async function fetchArrivals(): Promise<void> {
  const { rows, status } = useOutbox.getState()
  const newest = rows[0]?.position
  if (status !== 'ready' || typeof newest !== 'number') return loadOutbox()
  const { signal } = controller
  const query = { ...currentQuery(), limit: maxArrivals, after: newest }
  const page = await request('GET /v1/outbox', { query, signal })
  // More came than is worth fetching: the newest stand, older ones come when scrolled to.
  if (page.has_more) return loadOutbox()
  mergeFresh(page.data)
}

/** Asks again for rows that are shown and have changed. */
export async function fetchChanged(ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  const { filter, rows } = useOutbox.getState()
  // What begins to fit a filter is not among the rows.
  if (filter !== 'all' && rows.length <= pageSize) return loadOutbox()
  const shown = new Set(rows.map(({ id }) => id))
  const wanted = ids.filter((id) => shown.has(id))
  const { signal } = controller
  for (let start = 0; start < wanted.length; start += maxArrivals) {
    const query = { ids: wanted.slice(start, start + maxArrivals).join(',') }
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

/** Asks again for as much of what waits for its time as is loaded. */
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

type Narrowing = Partial<Pick<OutboxState, 'filter' | 'keyId' | 'query'>>

export function narrow(to: Narrowing): void {
  useOutbox.setState({ ...to, selected: new Set(), cursor: null })
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

/** Sends what was chosen again, to those who do not have it. */
export async function retryMany(ids: readonly string[]): Promise<void> {
  const { retried, skipped } = await request('POST /v1/outbox/retry', { body: { ids: [...ids] } })
  clearSelected()
  void fetchChanged(retried)
  if (retried.length === 0) {
    toast('None of these has a recipient left to try again.', { tone: 'failure' })
    return
  }
  const done = retried.length === 1 ? '1 message is sent again' : `${retried.length} are sent again`
  toast(skipped.length === 0 ? done : `${done}; ${skipped.length} had nobody left to try`)
}
