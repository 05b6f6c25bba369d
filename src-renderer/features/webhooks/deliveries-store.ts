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
/** As a rule a delivery is written down by then. */
const gatherMs = 400
let asked = 0
let isLoadingMore = false

const followUp = createFollowUp(() => void refresh(), gatherMs)

/** Follows the deliveries of a webhook until the function given back is called. */
export function followDeliveries(webhookId: string): () => void {
  useDeliveries.setState({ webhookId, status: 'all', deliveries: loading })
  void refresh()
  const unlisten = listen({
    connected: () => void refresh(),
    events: (events) => {
      if (events.some(({ type }) => isTold(type))) followUp.schedule()
    },
  })
  return () => {
    unlisten()
    followUp.stop()
    if (timer !== null) clearTimeout(timer)
    timer = null
    asked += 1
    useDeliveries.setState({ webhookId: null })
  }
}

const isTold = (type: string): boolean =>
  type.startsWith('webhook.') || webhookEvents.some((event) => event === type)

const soonestMs = 700
const latestMs = 15_000
const overdueMs = 4000
/** A receiver has five seconds to answer. */
const replayMs = 6000
/** Until then what is sent again may come to an end, also where a filter does not show it. */
let replayingUntil = 0
let timer: ReturnType<typeof setTimeout> | null = null
let dueAt = 0

function later(ms: number): void {
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
  const number = ++asked
  try {
    const page = await request('GET /v1/webhooks/{id}/logs', {
      params: { id },
      query: { limit: pageSize, ...(status === 'all' ? {} : { status }) },
    })
    if (number !== asked) return
    const rows = withOlder(page.data)
    useDeliveries.setState({ deliveries: ready({ rows, total: page.pagination.total }) })
    watchPending(rows)
  } catch (cause) {
    if (number !== asked) return
    useDeliveries.setState(({ deliveries }) =>
      deliveries.status === 'ready' ? {} : { deliveries: failed(cause) },
    )
  }
}

/** What was loaded beyond the first page stays below it. */
function withOlder(fresh: readonly WebhookLog[]): readonly WebhookLog[] {
  const { deliveries } = useDeliveries.getState()
  const last = fresh.at(-1)
  if (deliveries.status !== 'ready' || !last || fresh.length < pageSize) return fresh
  const older = deliveries.value.rows.filter(({ id }) => rank(id) < rank(last.id))
  return [...fresh, ...older]
}

const rank = (id: string): number => Number(id.replace(/^\D+/, ''))

/** An attempt makes no event of its own: what is due is looked at when its time comes. */
function watchPending(rows: readonly WebhookLog[]): void {
  const due = rows.flatMap(({ next_attempt_at: at }) => (at === null ? [] : [Date.parse(at)]))
  if (due.length === 0) {
    if (Date.now() < replayingUntil) later(soonestMs)
    return
  }
  const wait = Math.min(...due) - Date.now()
  // What is long overdue waits for a webhook that is switched off or slow.
  if (wait < -overdueMs) later(latestMs)
  else later(Math.min(latestMs, Math.max(soonestMs, wait + 250)))
}

export async function loadMoreDeliveries(): Promise<void> {
  const { webhookId: id, status, deliveries } = useDeliveries.getState()
  if (id === null || deliveries.status !== 'ready' || isLoadingMore) return
  const { rows, total } = deliveries.value
  const last = rows.at(-1)
  if (!last || rows.length >= total) return
  isLoadingMore = true
  const number = asked
  try {
    const page = await request('GET /v1/webhooks/{id}/logs', {
      params: { id },
      query: { limit: pageSize, before: last.id, ...(status === 'all' ? {} : { status }) },
    })
    const state = useDeliveries.getState()
    if (number !== asked || state.deliveries.status !== 'ready') return
    const known = new Set(state.deliveries.value.rows.map((row) => row.id))
    const more = page.data.filter((row) => !known.has(row.id))
    const next = [...state.deliveries.value.rows, ...more]
    // The count may have changed under a list that has no more to give.
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
    toast(`“${event}” is sent again, with the same bytes`, { id: `replay-${log}` })
    await refresh()
  } catch (cause) {
    toastFailure(cause)
  }
}
