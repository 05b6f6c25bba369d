import { create } from 'zustand'
import {
  type WebhookLog,
  type WebhookLogStatus,
  webhookEvents,
} from '../../../src-main/contract/webhooks.ts'
import { createFollowUp } from '../../app/follow-up.ts'
import { listen } from '../../app/live.ts'
import { request } from '../../app/request.ts'
import { failed, type Load, loading, ready } from '../../ui/load.ts'
import { toast, toastFailure } from '../../ui/toasts.tsx'
import { webhooksLabels } from './labels.ts'

type Deliveries = { readonly rows: readonly WebhookLog[]; readonly total: number }

type DeliveriesState = {
  readonly webhookId: string | null
  readonly status: WebhookLogStatus | 'all'
  readonly deliveries: Load<Deliveries>
}

export const useDeliveries = create<DeliveriesState>(() => ({
  webhookId: null,
  status: 'all',
  deliveries: loading,
}))

const pageSize = 100
/** Usually enough time to record a delivery. */
const refreshDelayMs = 400
let lastRequest = 0
let isLoadingMore = false

const followUp = createFollowUp(() => void refresh(), refreshDelayMs)

/** Keeps the deliveries of a webhook current until the returned function is called. */
export function followDeliveries(webhookId: string): () => void {
  useDeliveries.setState({ webhookId, status: 'all', deliveries: loading })
  void refresh()
  const unlisten = listen({
    connected: () => void refresh(),
    events: (events) => {
      if (events.some(({ type }) => affectsDeliveries(type))) followUp.schedule()
    },
  })
  return () => {
    unlisten()
    followUp.stop()
    if (timer !== null) clearTimeout(timer)
    timer = null
    lastRequest += 1
    useDeliveries.setState({ webhookId: null })
  }
}

const affectsDeliveries = (type: string): boolean =>
  type.startsWith('webhook.') || webhookEvents.some((event) => event === type)

const minRefreshMs = 700
const maxRefreshMs = 15_000
const overdueMs = 4000
/** An endpoint must respond within five seconds. */
const replayMs = 6000
/** A replayed delivery may finish until then, even if the filter hides it. */
let replayingUntil = 0
let timer: ReturnType<typeof setTimeout> | null = null
let dueAt = 0

function scheduleRefresh(ms: number): void {
  const at = Date.now() + ms
  if (timer !== null && dueAt <= at) return
  if (timer !== null) clearTimeout(timer)
  dueAt = at
  timer = setTimeout(() => {
    timer = null
    void refresh()
  }, ms)
}

export function filterDeliveries(status: DeliveriesState['status']): void {
  useDeliveries.setState({ status, deliveries: loading })
  void refresh()
}

export async function refresh(): Promise<void> {
  const { webhookId: id, status } = useDeliveries.getState()
  if (id === null) return
  const number = ++lastRequest
  try {
    const page = await request('GET /v1/webhooks/{id}/logs', {
      params: { id },
      query: { limit: pageSize, ...(status === 'all' ? {} : { status }) },
    })
    if (number !== lastRequest) return
    const rows = withOlder(page.data)
    useDeliveries.setState({ deliveries: ready({ rows, total: page.pagination.total }) })
    watchPending(rows)
  } catch (cause) {
    if (number !== lastRequest) return
    useDeliveries.setState(({ deliveries }) =>
      deliveries.status === 'ready' ? {} : { deliveries: failed(cause) },
    )
  }
}

/** Keeps the rows that were loaded beyond the first page. */
function withOlder(fresh: readonly WebhookLog[]): readonly WebhookLog[] {
  const { deliveries } = useDeliveries.getState()
  const last = fresh.at(-1)
  if (deliveries.status !== 'ready' || !last || fresh.length < pageSize) return fresh
  const older = deliveries.value.rows.filter(({ id }) => rank(id) < rank(last.id))
  return [...fresh, ...older]
}

const rank = (id: string): number => Number(id.replace(/^\D+/, ''))

/** An attempt emits no event, so the list is reloaded when an attempt is due. */
function watchPending(rows: readonly WebhookLog[]): void {
  const due = rows.flatMap(({ next_attempt_at: at }) => (at === null ? [] : [Date.parse(at)]))
  if (due.length === 0) {
    if (Date.now() < replayingUntil) scheduleRefresh(minRefreshMs)
    return
  }
  const wait = Math.min(...due) - Date.now()
  // Long overdue attempts wait for a disabled or slow webhook.
  if (wait < -overdueMs) scheduleRefresh(maxRefreshMs)
  else scheduleRefresh(Math.min(maxRefreshMs, Math.max(minRefreshMs, wait + 250)))
}

export async function loadMoreDeliveries(): Promise<void> {
  const { webhookId: id, status, deliveries } = useDeliveries.getState()
  if (id === null || deliveries.status !== 'ready' || isLoadingMore) return
  const { rows, total } = deliveries.value
  const last = rows.at(-1)
  if (!last || rows.length >= total) return
  isLoadingMore = true
  const number = lastRequest
  try {
    const page = await request('GET /v1/webhooks/{id}/logs', {
      params: { id },
      query: { limit: pageSize, before: last.id, ...(status === 'all' ? {} : { status }) },
    })
    const state = useDeliveries.getState()
    if (number !== lastRequest || state.deliveries.status !== 'ready') return
    const known = new Set(state.deliveries.value.rows.map((row) => row.id))
    const more = page.data.filter((row) => !known.has(row.id))
    const next = [...state.deliveries.value.rows, ...more]
    // An empty page means the list is complete, even if the total has changed.
    useDeliveries.setState({
      deliveries: ready({ rows: next, total: more.length === 0 ? next.length : total }),
    })
  } catch (cause) {
    toastFailure(cause)
  } finally {
    isLoadingMore = false
  }
}

export async function replay({ webhook_id: id, id: log, event }: WebhookLog): Promise<void> {
  try {
    await request('POST /v1/webhooks/{id}/logs/{log}/replay', { params: { id, log } })
    replayingUntil = Date.now() + replayMs
    toast(webhooksLabels.toasts.replayed(event), { id: `replay-${log}` })
    await refresh()
  } catch (cause) {
    toastFailure(cause)
  }
}
