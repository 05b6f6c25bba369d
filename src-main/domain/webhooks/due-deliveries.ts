import type { WebhookEvent } from '../../contract/webhooks.ts'
import type { Database } from '../../storage/database.ts'
import type { PostedDelivery } from './results.ts'

export type DueDeliveries = ReturnType<typeof createDueDeliveries>

export type DueDelivery = PostedDelivery & {
  readonly event: WebhookEvent
  readonly payload: string
}

/** The earliest attempt of a webhook, and its earliest attempt after now. */
type NextDue = { readonly webhookId: number; readonly due: number; readonly next: number | null }

/** The deliveries of active webhooks, by the time of their next attempt. */
export function createDueDeliveries(database: Database) {
  // One index lookup per webhook, whatever its backlog.
  const nextDue = database.prepare<[number], NextDue>(`
    SELECT id AS webhookId, due, next FROM (
      SELECT id,
        (SELECT min(next_attempt_at) FROM webhook_deliveries d
         WHERE d.webhook_id = w.id AND next_attempt_at IS NOT NULL) AS due,
        (SELECT min(next_attempt_at) FROM webhook_deliveries d
         WHERE d.webhook_id = w.id AND next_attempt_at > ?) AS next
      FROM webhooks w WHERE active = 1
    ) WHERE due IS NOT NULL
  `)
  const dueOf = database.prepare<[number, number, number], DueDelivery>(`
    SELECT id, event, payload, attempts FROM webhook_deliveries
    WHERE webhook_id = ? AND next_attempt_at <= ? ORDER BY next_attempt_at, id LIMIT ?
  `)

  return {
    nextDue: (now: number): NextDue[] => nextDue.all(now),
    of: (webhookId: number, now: number, limit: number): DueDelivery[] =>
      dueOf.all(webhookId, now, limit),
  }
}
