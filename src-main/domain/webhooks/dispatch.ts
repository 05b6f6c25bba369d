import type { Clock } from '../../base/clock.ts'
import type { Log } from '../../base/log.ts'
import { startLoop } from '../../base/loop.ts'
import type { Vault } from '../../base/vault.ts'
import type { CommitQueue } from '../../storage/commit-queue.ts'
import type { Database } from '../../storage/database.ts'
import { createPullBack, delaySql } from '../settings/due-times.ts'
import type { PostOutcome, WebhookPosts } from './posts.ts'
import { type PostedDelivery, startWebhookResults } from './results.ts'
import { sign, webhookRetryDelaysMs } from './rules.ts'
import { unreadableSecret, type WebhookRow, type WebhookStore } from './store.ts'

const maxAtOnce = 256
const maxAtOncePerWebhook = 5
const fetchedAtOnce = 50
/** One that failed or took this long has one request at a time until it does better. */
const slowMs = 1000
/** At the end of the process an answer that comes this soon is waited for. */
const maxClosingMs = 900

type DueRow = PostedDelivery & { readonly payload: string }

type Standing = { readonly webhookId: number; readonly due: number; readonly next: number | null }

/** How a webhook does, while the process runs. */
type Lane = {
  /** Read from the table and not settled in it yet: not to be read again. */
  readonly taken: Set<number>
  /** Those of them that have not been begun. */
  waiting: readonly DueRow[]
  underway: number
  isTrouble: boolean
  servedAt: number
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

/**
 * Posts what is due. Each webhook has few requests under way, and fewer while it is slow or fails,
 * so that none holds up another. At least once: what was under way when the process ended is due
 * still and is posted again.
 */
export function startWebhookDispatch(deps: DispatchDeps) {
  const { database, queue, clock, log, vault, store, posts } = deps
  // A search of the index for each webhook, however much waits for it.
  const standings = database.prepare<[number], Standing>(`
    SELECT id AS webhookId, due, next FROM (
      SELECT id,
        (SELECT min(next_attempt_at) FROM webhook_deliveries d
         WHERE d.webhook_id = w.id AND next_attempt_at IS NOT NULL) AS due,
        (SELECT min(next_attempt_at) FROM webhook_deliveries d
         WHERE d.webhook_id = w.id AND next_attempt_at > ?) AS next
      FROM webhooks w WHERE active = 1
    ) WHERE due IS NOT NULL
  `)
  const dueOf = database.prepare<[number, number, number], DueRow>(`
    SELECT id, event, payload, attempts FROM webhook_deliveries
    WHERE webhook_id = ? AND next_attempt_at <= ? ORDER BY next_attempt_at, id LIMIT ?
  `)

  const lanes = new Map<number, Lane>()
  const underway = new Set<Promise<void>>()
  let served = 0
  let closed = false

  const delay = delaySql(webhookRetryDelaysMs)
  const pullBack = createPullBack(database, clock.now, 'webhook_deliveries', delay)
  pullBack()
  const onStepBack = () => queue.write(pullBack)
  const loop = startLoop({ name: 'webhook', clock, log, run, onStepBack })
  const results = startWebhookResults({ ...deps, settled })
  loop.wake()

  async function run(): Promise<number | null> {
    if (closed || !store.hasActive()) return null
    const now = clock.now()
    const standing = standings.all(now)
    const ready = standing
      .filter(({ due }) => due <= now)
      .map(({ webhookId }) => ({ webhookId, lane: laneOf(webhookId) }))
      .toSorted((a, b) => a.lane.servedAt - b.lane.servedAt)
    for (const { webhookId, lane } of ready) serve(webhookId, lane, now)
    const nextAt = Math.min(...standing.map(({ next }) => next ?? Number.POSITIVE_INFINITY))
    // What is due but has no room wakes the loop when a request before it ends.
    return Number.isFinite(nextAt) ? Math.max(0, nextAt - clock.now()) : null
  }

  function serve(webhookId: number, lane: Lane, now: number): void {
    const webhook = store.get(webhookId)
    const most = lane.isTrouble ? 1 : maxAtOncePerWebhook
    const room = Math.min(most - lane.underway, maxAtOnce - underway.size)
    if (!webhook?.active || room <= 0) return
    if (lane.waiting.length === 0) take(webhookId, lane, now)
    const next = lane.waiting.slice(0, room)
    lane.waiting = lane.waiting.slice(next.length)
    for (const delivery of next) begin(webhook, lane, delivery)
  }

  function take(webhookId: number, lane: Lane, now: number): void {
    lane.waiting = dueOf
      .all(webhookId, now, fetchedAtOnce + lane.taken.size)
      .filter(({ id }) => !lane.taken.has(id))
    for (const { id } of lane.waiting) lane.taken.add(id)
  }

  function begin(webhook: WebhookRow, lane: Lane, delivery: DueRow): void {
    lane.underway += 1
    lane.servedAt = ++served
    const work = attempt(webhook, lane, delivery).finally(() => {
      underway.delete(work)
      lane.underway -= 1
      loop.wake()
    })
    underway.add(work)
  }

  async function attempt(webhook: WebhookRow, lane: Lane, delivery: DueRow): Promise<void> {
    const outcome = await post(webhook, delivery)
    if (closed && outcome.type === 'unanswered') return
    const { error } = results.add(webhook, delivery, outcome)
    lane.isTrouble = error !== null || outcome.durationMs > slowMs
  }

  function settled(webhookId: number, deliveryId: number): void {
    lanes.get(webhookId)?.taken.delete(deliveryId)
    loop.wake()
  }

  function laneOf(webhookId: number): Lane {
    const known = lanes.get(webhookId)
    if (known) return known
    const taken = new Set<number>()
    const lane = { taken, waiting: [], underway: 0, isTrouble: false, servedAt: 0 }
    lanes.set(webhookId, lane)
    return lane
  }

  /** Signs and posts the exact bytes that were planned. */
  async function post(
    webhook: WebhookRow,
    { event, payload }: Pick<DueRow, 'event' | 'payload'>,
  ): Promise<PostOutcome> {
    const secret = vault.open(webhook.secretSealed)
    if (secret === null) {
      return { type: 'unanswered', reason: unreadableSecret, durationMs: 0 }
    }
    const body = Buffer.from(payload)
    const headers = {
      'content-type': 'application/json',
      'x-webhook-signature': sign(secret, body),
      'x-webhook-id': webhook.publicId,
      'x-webhook-timestamp': String(Math.floor(clock.now() / 1000)),
      'x-mailsage-event': event,
    }
    return posts.post(new URL(webhook.url), headers, body)
  }

  return {
    post,
    wake: loop.wake,
    forget: (webhookId: number): void => void lanes.delete(webhookId),

    async idle(): Promise<void> {
      await loop.idle()
      // What ends makes room for more.
      while (underway.size > 0 || !results.isEmpty) {
        await Promise.all(underway)
        await results.idle()
        await loop.idle()
      }
    },

    async close(): Promise<void> {
      closed = true
      await loop.close()
      const giveUp = clock.after(maxClosingMs, posts.close)
      await Promise.all(underway)
      giveUp()
      await results.close()
    },
  }
}
