import type { Clock } from '../../base/clock.ts'
import type { Log } from '../../base/log.ts'
import { startLoop } from '../../base/loop.ts'
import type { CommitQueue, Transaction } from '../../storage/commit-queue.ts'
import type { Database } from '../../storage/database.ts'
import type { PostOutcome } from './posts.ts'
import { decideWebhook, maxFailures, type WebhookDecision } from './rules.ts'
import type { WebhookRow, WebhookStore } from './store.ts'

/** Batches results to save fsyncs. */
const batchMs = 100
const maxBatch = 500

export type WebhookResults = ReturnType<typeof startWebhookResults>

export type PostedDelivery = {
  readonly id: number
  readonly event: string
  readonly attempts: number
}

type Result = {
  readonly webhook: WebhookRow
  readonly delivery: PostedDelivery
  readonly outcome: PostOutcome
  readonly decision: WebhookDecision
  readonly at: number
}

type ResultDeps = {
  readonly database: Database
  readonly queue: CommitQueue
  readonly clock: Clock
  readonly log: Log
  readonly store: WebhookStore
  /** Called after the commit. */
  readonly onStored: (webhookId: number, deliveryId: number) => void
}

type ResultContext = ResultDeps & {
  readonly statements: Statements
}

/** Stores the outcome of each post, and disables a webhook that fails again and again. */
export function startWebhookResults(deps: ResultDeps) {
  const { database, queue, clock, log, store, onStored } = deps
  const statements = prepareStatements(database)
  const context: ResultContext = { ...deps, statements }

  let waiting: readonly Result[] = []
  const loop = startLoop({ name: 'webhook results', clock, log, run: write, settleMs: batchMs })

  async function write(): Promise<null> {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, maxBatch)
      const changes = await queue.write((transaction) =>
        batch.map((result) => storeResult(context, transaction, result)),
      )
      waiting = waiting.slice(batch.length)
      if (changes.includes(true)) store.read()
      for (const { webhook, delivery } of batch) onStored(webhook.id, delivery.id)
    }
    return null
  }

  return {
    add(webhook: WebhookRow, delivery: PostedDelivery, outcome: PostOutcome): WebhookDecision {
      const at = clock.now()
      const decision = decideWebhook(outcome, delivery.attempts + 1, at)
      waiting = [...waiting, { webhook, delivery, outcome, decision, at }]
      loop.wake()
      return decision
    },

    get isEmpty(): boolean {
      return waiting.length === 0
    },

    idle: loop.idle,

    async close(): Promise<void> {
      await loop.close()
      await write()
    },
  }
}

/** True when the webhook itself changed. */
function storeResult(context: ResultContext, transaction: Transaction, result: Result): boolean {
  const { statements } = context
  const { webhook, delivery, outcome, decision, at } = result
  const isAnswered = outcome.type === 'answered'
  statements.update.run(
    decision.status,
    delivery.attempts + 1,
    decision.nextAttemptAt,
    at,
    isAnswered ? outcome.status : null,
    isAnswered ? outcome.body : null,
    decision.error,
    Math.round(outcome.durationMs),
    delivery.id,
  )
  if (decision.status === 'delivered') return statements.resetFailures.run(webhook.id).changes > 0
  return decision.status === 'failed' && recordFailure(context, transaction, result)
}

function recordFailure(
  { statements, clock }: ResultContext,
  transaction: Transaction,
  { webhook, delivery, outcome }: Result,
): boolean {
  const failures = statements.countFailure.get(webhook.id)
  if (failures === undefined) return false
  const { publicId, tenantId } = webhook
  const status = outcome.type === 'answered' ? outcome.status : null
  const about = { webhook: publicId, log: logId(delivery.id), event: delivery.event }
  transaction.append({ type: 'webhook.failed', tenantId, data: { ...about, status, failures } })
  if (failures < maxFailures || statements.disable.run(clock.now(), webhook.id).changes === 0)
    return true
  transaction.append({
    type: 'webhook.disabled',
    tenantId,
    data: { webhook: publicId, failures },
  })
  return true
}

type Statements = ReturnType<typeof prepareStatements>

function prepareStatements(database: Database) {
  return {
    update: database.prepare(`
      UPDATE webhook_deliveries SET status = ?, attempts = ?, next_attempt_at = ?,
        last_attempt_at = ?, response_status = ?, response_body = ?, error = ?, duration_ms = ?
      WHERE id = ?
    `),
    countFailure: database
      .prepare<[number], number>(`
        UPDATE webhooks SET failures = failures + 1 WHERE id = ? AND deleted_at IS NULL
        RETURNING failures
      `)
      .pluck(),
    resetFailures: database.prepare<[number]>(
      'UPDATE webhooks SET failures = 0 WHERE id = ? AND failures > 0',
    ),
    disable: database.prepare<[number, number]>(
      'UPDATE webhooks SET active = 0, disabled_at = ? WHERE id = ? AND active = 1',
    ),
  }
}

export const logId = (id: number): string => `wlog_${id}`

/** 0 for an invalid id. */
export function logRowId(publicId: string): number {
  const [, digits] = /^wlog_(\d{1,15})$/.exec(publicId) ?? []
  return Number(digits ?? 0)
}
