import type { Clock } from '../../base/clock.ts'
import type { Log } from '../../base/log.ts'
import { type Loop, startLoop } from '../../base/loop.ts'
import type { Vault } from '../../base/vault.ts'
import type { CommitQueue } from '../../storage/commit-queue.ts'
import type { Database } from '../../storage/database.ts'
import { createPullBack, delaySql } from '../settings/due-times.ts'
import { createDueDeliveries, type DueDeliveries, type DueDelivery } from './due-deliveries.ts'
import type { WebhookPosts } from './posts.ts'
import { startWebhookResults, type WebhookResults } from './results.ts'
import { webhookRetryDelaysMs } from './rules.ts'
import { postSigned } from './signed-post.ts'
import type { WebhookRow, WebhookStore } from './store.ts'

const maxInFlight = 256
const maxInFlightPerWebhook = 5
const maxFetched = 50
/** A webhook that failed or took longer gets one request at a time. */
const slowMs = 1000
/** `close` waits this long for replies. */
const maxClosingMs = 900

/** Dispatch state of one webhook, in memory only. */
type EndpointState = {
  /** Ids of deliveries that were fetched and whose result is not stored yet. */
  readonly claimed: Set<number>
  /** Claimed deliveries that are not in flight. */
  waiting: readonly DueDelivery[]
  inFlight: number
  isThrottled: boolean
  /** Counts posts of all webhooks: the least recently served webhook goes first. */
  lastServed: number
}

type DispatchDeps = {
  readonly database: Database
  readonly queue: CommitQueue
  readonly clock: Clock
  readonly log: Log
  readonly vault: Vault
  readonly store: WebhookStore
  readonly posts: WebhookPosts
}

type DispatchContext = DispatchDeps & {
  /** Counts posts of all webhooks. */
  served: number
  closed: boolean
  readonly deliveries: DueDeliveries
  readonly inFlight: Set<Promise<void>>
  readonly loop: Loop
  readonly results: WebhookResults
  readonly endpoints: Map<number, EndpointState>
}

/**
 * Posts due deliveries, at least once: a post that the end of the process interrupts is repeated.
 * Few requests per webhook are in flight, one while it is slow or fails, so that no webhook delays
 * another.
 */
export function startWebhookDispatch(deps: DispatchDeps) {
  const { database, queue, clock, log, posts } = deps
  const endpoints = new Map<number, EndpointState>()
  const inFlight = new Set<Promise<void>>()

  const delay = delaySql(webhookRetryDelaysMs)
  const pullBack = createPullBack(database, clock.now, 'webhook_deliveries', delay)
  pullBack()
  const onStepBack = () => queue.write(pullBack)
  const loop = startLoop({
    name: 'webhook',
    clock,
    log,
    run: () => run(context),
    onStepBack,
  })
  const results = startWebhookResults({
    ...deps,
    onStored: (webhookId, deliveryId) => onStored(context, webhookId, deliveryId),
  })
  const context: DispatchContext = {
    ...deps,
    served: 0,
    closed: false,
    deliveries: createDueDeliveries(database),
    inFlight,
    loop,
    results,
    endpoints,
  }

  loop.wake()

  return {
    wake: loop.wake,
    forget: (webhookId: number): void => void endpoints.delete(webhookId),

    async idle(): Promise<void> {
      await loop.idle()
      // Each request that ends may start another one.
      while (inFlight.size > 0 || !results.isEmpty) {
        await Promise.all(inFlight)
        await results.idle()
        await loop.idle()
      }
    },

    async close(): Promise<void> {
      context.closed = true
      await loop.close()
      const cancelTimer = clock.after(maxClosingMs, posts.close)
      await Promise.all(inFlight)
      cancelTimer()
      await results.close()
    },
  }
}

async function run(context: DispatchContext): Promise<number | null> {
  const { store, clock, deliveries } = context
  if (context.closed || !store.hasActive()) return null
  const now = clock.now()
  const waiting = deliveries.nextDue(now)
  const ready = waiting
    .filter(({ due }) => due <= now)
    .map(({ webhookId }) => ({ webhookId, endpoint: endpointOf(context, webhookId) }))
    .toSorted((a, b) => a.endpoint.lastServed - b.endpoint.lastServed)
  for (const { webhookId, endpoint } of ready) serve(context, webhookId, endpoint, now)
  const nextAt = Math.min(...waiting.map(({ next }) => next ?? Number.POSITIVE_INFINITY))
  // Deliveries that found no free slot are served when a request ends, which wakes the loop.
  return Number.isFinite(nextAt) ? Math.max(0, nextAt - clock.now()) : null
}

function serve(
  context: DispatchContext,
  webhookId: number,
  endpoint: EndpointState,
  now: number,
): void {
  const { store, inFlight } = context
  const webhook = store.get(webhookId)
  const max = endpoint.isThrottled ? 1 : maxInFlightPerWebhook
  const freeSlots = Math.min(max - endpoint.inFlight, maxInFlight - inFlight.size)
  if (!webhook?.active || freeSlots <= 0) return
  if (endpoint.waiting.length === 0) claim(context, webhookId, endpoint, now)
  const next = endpoint.waiting.slice(0, freeSlots)
  endpoint.waiting = endpoint.waiting.slice(next.length)
  for (const delivery of next) start(context, webhook, endpoint, delivery)
}

function claim(
  { deliveries }: DispatchContext,
  webhookId: number,
  endpoint: EndpointState,
  now: number,
): void {
  endpoint.waiting = deliveries
    .of(webhookId, now, maxFetched + endpoint.claimed.size)
    .filter(({ id }) => !endpoint.claimed.has(id))
  for (const { id } of endpoint.waiting) endpoint.claimed.add(id)
}

function start(
  context: DispatchContext,
  webhook: WebhookRow,
  endpoint: EndpointState,
  delivery: DueDelivery,
): void {
  const { inFlight, loop } = context
  endpoint.inFlight += 1
  endpoint.lastServed = ++context.served
  const work = attempt(context, webhook, endpoint, delivery).finally(() => {
    inFlight.delete(work)
    endpoint.inFlight -= 1
    loop.wake()
  })
  inFlight.add(work)
}

async function attempt(
  context: DispatchContext,
  webhook: WebhookRow,
  endpoint: EndpointState,
  delivery: DueDelivery,
): Promise<void> {
  const outcome = await postSigned(context, webhook, delivery)
  if (context.closed && outcome.type === 'unanswered') return
  const { error } = context.results.add(webhook, delivery, outcome)
  endpoint.isThrottled = error !== null || outcome.durationMs > slowMs
}

function onStored(
  { endpoints, loop }: DispatchContext,
  webhookId: number,
  deliveryId: number,
): void {
  endpoints.get(webhookId)?.claimed.delete(deliveryId)
  loop.wake()
}

function endpointOf({ endpoints }: DispatchContext, webhookId: number): EndpointState {
  const known = endpoints.get(webhookId)
  if (known) return known
  const claimed = new Set<number>()
  const created = { claimed, waiting: [], inFlight: 0, isThrottled: false, lastServed: 0 }
  endpoints.set(webhookId, created)
  return created
}
