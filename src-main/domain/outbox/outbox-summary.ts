import { isoOrNull } from '../../base/clock.ts'
import { type OutboxFilter, type OutboxSummary, outboxCountedUpTo } from '../../contract/outbox.ts'
import type { Reader } from '../../storage/reader.ts'
import { statusesOf } from './list-outbox.ts'

/** Messages per filter, each counted up to `outboxCountedUpTo`. */
export async function countByFilter(
  reader: Reader,
  tenantId: string | null,
): Promise<Record<OutboxFilter, number>> {
  const tenant = tenantId === null ? '' : 'AND +tenant_id = ?'
  const values = tenantId === null ? [] : [tenantId]
  const count = (sql: string, bound: readonly unknown[]) =>
    reader.first<{ count: number }>(
      `SELECT count(*) AS count FROM (${sql} ${tenant} LIMIT ${outboxCountedUpTo})`,
      ...bound,
      ...values,
    )
  const entries = Object.entries(statusesOf).map(async ([filter, statuses]) => {
    const scheduled = await count("SELECT 1 FROM scheduled WHERE mode = 'live' AND status = ?", [
      filter,
    ])
    const marks = statuses.map(() => '?').join(', ')
    const sent =
      statuses.length === 0
        ? null
        : await count(
            `SELECT 1 FROM messages WHERE mode = 'live' AND status IN (${marks})`,
            statuses,
          )
    const sum = (scheduled?.count ?? 0) + (sent?.count ?? 0)
    return [filter, Math.min(outboxCountedUpTo, sum)] as const
  })
  // Every filter has its entry; the type of `fromEntries` cannot express that.
  return Object.fromEntries(await Promise.all(entries)) as Record<OutboxFilter, number>
}

/** Recipients in the queue, up to `outboxCountedUpTo`. */
export async function readQueue(
  reader: Reader,
  tenantId: string | null,
): Promise<OutboxSummary['queue']> {
  const due = await reader.first<{
    waiting: number | null
    deferred: number | null
    oldest: number | null
    next: number | null
  }>(
    `SELECT sum(status = 'queued') AS waiting, sum(status = 'deferred') AS deferred,
       min(iif(status = 'deferred', received_at, NULL)) AS oldest, min(next) AS next
     FROM (SELECT d.status, m.received_at, d.next_attempt_at AS next
       FROM deliveries d JOIN messages m ON m.id = d.message_id
       WHERE d.next_attempt_at IS NOT NULL AND (? IS NULL OR m.tenant_id = ?)
       ORDER BY d.next_attempt_at LIMIT ${outboxCountedUpTo})`,
    tenantId,
    tenantId,
  )
  const sending = await reader.first<{ count: number }>(
    `SELECT count(*) AS count FROM messages m JOIN deliveries d ON d.message_id = m.id
     WHERE m.mode = 'live' AND m.status = 'sending' AND d.status = 'sending'
       AND (? IS NULL OR +m.tenant_id = ?)`,
    tenantId,
    tenantId,
  )
  return {
    waiting: due?.waiting ?? 0,
    sending: sending?.count ?? 0,
    deferred: due?.deferred ?? 0,
    oldest_at: isoOrNull(due?.oldest ?? null),
    next_attempt_at: isoOrNull(due?.next ?? null),
  }
}

/** Delivered recipients between two times, from the usage counters. */
export async function countDelivered(
  reader: Reader,
  tenantId: string | null,
  from: number,
  to: number,
): Promise<number> {
  const delivered = await reader.first<{ sum: number | null }>(
    `SELECT sum(recipients) AS sum FROM delivery_usage
     WHERE minute >= ? AND minute <= ? AND outcome = 'delivered' AND (? IS NULL OR tenant = ?)`,
    Math.floor(from / 60_000),
    Math.floor(to / 60_000),
    tenantId,
    tenantId,
  )
  return delivered?.sum ?? 0
}
