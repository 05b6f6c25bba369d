import type { Clock } from '../base/clock.ts'
import type { Log } from '../base/log.ts'
import { startLoop } from '../base/loop.ts'
import type { Vault } from '../base/vault.ts'
import type { CommitQueue, Transaction } from '../storage/commit-queue.ts'
import type { Database } from '../storage/database.ts'
import type { PostOutcome, WebhookPosts } from './webhook-posts.ts'
import { decideWebhook, mostFailures, sign } from './webhook-rules.ts'
import type { WebhookRow, WebhookStore } from './webhook-store.ts'

const mostAtOnce = 256
const mostAtOncePerWebhook = 5
/** One that failed or took this long has one request at a time until it does better. */
const slowMs = 1000
/** At the end of the process an answer that comes this soon is waited for. */
const longestFarewellMs = 900

type DueRow = {
  readonly id: number
  readonly event: string
  readonly payload: string
  readonly attempts: number
}

type Standing = { readonly webhookId: number; readonly due: number; readonly next: number | null }

/** How a webhook does, while the process runs. */
type Lane = { readonly underway: Set<number>; isTrouble: boolean; servedAt: number }

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
  const settle = database.prepare(`
    UPDATE webhook_deliveries SET status = ?, attempts = ?, next_attempt_at = ?,
      last_attempt_at = ?, response_status = ?, response_body = ?, error = ?, duration_ms = ?
    WHERE id = ?
  `)
  const countFailure = database
    .prepare<[number], number>(`
      UPDATE webhooks SET failures = failures + 1 WHERE id = ? AND deleted_at IS NULL
      RETURNING failures
    `)
    .pluck()
  const forgetFailures = database.prepare<[number]>('UPDATE webhooks SET failures = 0 WHERE id = ?')
  const disable = database.prepare<[number, number]>(
    'UPDATE webhooks SET active = 0, disabled_at = ? WHERE id = ? AND active = 1',
  )

  const lanes = new Map<number, Lane>()
  const underway = new Set<Promise<void>>()
  let served = 0
  let closed = false

  const loop = startLoop({ name: 'webhook', clock, log, run })
  loop.wake()

  async function run(): Promise<number | null> {
    if (closed || !store.hasActive()) return null
    const now = clock.now()
    const waiting = standings.all(now)
    const ready = waiting
      .filter(({ due }) => due <= now)
      .map(({ webhookId }) => ({ webhookId, lane: laneOf(webhookId) }))
      .toSorted((a, b) => a.lane.servedAt - b.lane.servedAt)
    for (const { webhookId, lane } of ready) serve(webhookId, lane, now)
    const nextAt = Math.min(...waiting.map(({ next }) => next ?? Number.POSITIVE_INFINITY))
    // What is due but has no room wakes the loop when a request before it ends.
    return Number.isFinite(nextAt) ? Math.max(0, nextAt - clock.now()) : null
  }

  function serve(webhookId: number, lane: Lane, now: number): void {
    const webhook = store.get(webhookId)
    const most = lane.isTrouble ? 1 : mostAtOncePerWebhook
    const room = Math.min(most - lane.underway.size, mostAtOnce - underway.size)
    if (!webhook || room <= 0) return
    const due = dueOf
      .all(webhookId, now, room + lane.underway.size)
      .filter(({ id }) => !lane.underway.has(id))
      .slice(0, room)
    for (const delivery of due) begin(webhook, lane, delivery)
  }

  function begin(webhook: WebhookRow, lane: Lane, delivery: DueRow): void {
    lane.underway.add(delivery.id)
    lane.servedAt = ++served
    const work = attempt(webhook, lane, delivery)
      .catch((error) => log.error('A webhook post failed', error, { webhook: webhook.publicId }))
      .finally(() => {
        underway.delete(work)
        lane.underway.delete(delivery.id)
        loop.wake()
      })
    underway.add(work)
  }

  async function attempt(webhook: WebhookRow, lane: Lane, delivery: DueRow): Promise<void> {
    const outcome = await post(webhook, delivery)
    if (closed && outcome.type === 'unanswered') return
    await queue.write((transaction) => {
      const attempts = delivery.attempts + 1
      const { status, nextAttemptAt, error } = decideWebhook(outcome, attempts, clock.now())
      lane.isTrouble = error !== null || outcome.durationMs > slowMs
      settle.run(
        status,
        attempts,
        nextAttemptAt,
        clock.now(),
        outcome.type === 'answered' ? outcome.status : null,
        outcome.type === 'answered' ? outcome.body : null,
        error,
        Math.round(outcome.durationMs),
        delivery.id,
      )
      if (status === 'failed') noteFailure(transaction, webhook, delivery, outcome)
      if (status === 'delivered' && store.get(webhook.id)?.failures !== 0) {
        forgetFailures.run(webhook.id)
      }
    })
    if (decided(webhook)) store.read()
  }

  /** What a delivery changes about its webhook is seldom: then memory is read anew. */
  function decided({ id }: WebhookRow): boolean {
    const known = store.get(id)
    const stored = store.stored(id)
    return known?.failures !== stored?.failures || known?.active !== stored?.active
  }

  function noteFailure(
    transaction: Transaction,
    webhook: WebhookRow,
    delivery: DueRow,
    outcome: PostOutcome,
  ): void {
    const failures = countFailure.get(webhook.id)
    if (failures === undefined) return
    const { publicId, tenantId } = webhook
    const status = outcome.type === 'answered' ? outcome.status : null
    transaction.append({
      type: 'webhook.failed',
      tenantId,
      data: { webhook: publicId, log: logId(delivery.id), event: delivery.event, status, failures },
    })
    if (failures < mostFailures) return
    if (disable.run(clock.now(), webhook.id).changes === 0) return
    transaction.append({
      type: 'webhook.disabled',
      tenantId,
      data: { webhook: publicId, failures },
    })
  }

  function laneOf(webhookId: number): Lane {
    const known = lanes.get(webhookId)
    if (known) return known
    const lane = { underway: new Set<number>(), isTrouble: false, servedAt: 0 }
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
      const reason = 'Its secret cannot be unlocked here. Give it a new one.'
      return { type: 'unanswered', reason, durationMs: 0 }
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
      while (underway.size > 0) {
        await Promise.all(underway)
        await loop.idle()
      }
    },

    async close(): Promise<void> {
      closed = true
      await loop.close()
      const giveUp = clock.after(longestFarewellMs, posts.close)
      await Promise.all(underway)
      giveUp()
    },
  }
}

export const logId = (id: number): string => `wlog_${id}`

/** 0 names nothing. */
export function logRowId(publicId: string): number {
  const [, digits] = /^wlog_(\d{1,15})$/.exec(publicId) ?? []
  return Number(digits ?? 0)
}
