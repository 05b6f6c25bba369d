import type { DeliveryStatus } from '../../contract/messages.ts'
import type { Database } from '../../storage/database.ts'
import { senderHeadBytes } from '../auth/senders.ts'
import { keyOf, type MailQueue } from '../relays/delivery-queues.ts'
import { giveUpAfterMs } from './rules.ts'

export type DeliveryStore = ReturnType<typeof createDeliveryStore>

/** A recipient whose mail is due. */
export type DueRow = {
  readonly id: number
  readonly recipient: string
  readonly attempts: number
  /** 1 after one early attempt, made because a relay answered again. */
  readonly wasEarly: number
  readonly giveUpAt: number
}

export type LiveMessage = {
  readonly id: number
  readonly key_id: number | null
  readonly tenant_id: string | null
  readonly mail_from: string
  readonly relay_id: number | null
}

/** The outcome of an attempt for a recipient. */
export type Settlement = {
  readonly status: DeliveryStatus
  readonly nextAttemptAt: number | null
  readonly relayId: number | null
  readonly reply: string
  readonly deliveredAt: number | null
  readonly awaitsRelay: boolean
  readonly giveUpAt: number
}

/** The rows of deliveries, one per recipient of a live message. Writes belong into a transaction. */
export function createDeliveryStore(database: Database) {
  const statements = { ...prepareReads(database), ...prepareWrites(database) }
  return {
    insert: (messageId: number, recipient: string, dueAt: number): void =>
      void statements.insert.run(recipient, dueAt, dueAt + giveUpAfterMs, messageId),
    messageOf: (id: number): LiveMessage | undefined => statements.messageOf.get(id),
    /** The first bytes of a message, which hold its sender fields. */
    headOf: (id: number): Buffer => statements.headOf.get(senderHeadBytes, id) ?? Buffer.alloc(0),
    /** Messages of a queue with a due recipient, longest waiting first. */
    dueIn: (queue: MailQueue, now: number, limit: number): number[] =>
      statements.dueIn.all(...keyOf(queue), now, limit),
    nextDueAfter: (now: number): number | null => statements.nextDueAfter.get(now) ?? null,
    dueOf: (messageId: number, now: number): DueRow[] => statements.dueOf.all(messageId, now),
    statusesOf: (messageId: number): DeliveryStatus[] => statements.statusesOf.all(messageId),
    countWaiting: (): number => statements.countWaiting.get() ?? 0,

    setSending: (id: number): void => void statements.setSending.run(id),
    /** Undoes `setSending`. */
    setBack: (id: number, dueAt: number): void => void statements.setBack.run(dueAt, id),
    setHeld: (id: number, attempts: number, until: number, reply: string): void =>
      void statements.setHeld.run(attempts, until, until + giveUpAfterMs, reply, id),
    settle: (id: number, end: Settlement): void =>
      void statements.settle.run(
        end.status,
        end.nextAttemptAt,
        end.relayId,
        end.reply,
        end.deliveredAt,
        Number(end.awaitsRelay),
        end.giveUpAt,
        id,
      ),
    setMessageStatus: (id: number, status: string, deliveredAt: number | null): void =>
      void statements.setMessageStatus.run(status, deliveredAt, id),

    /** Fails a recipient that still waits for a relay after its time. */
    giveUp: (id: number, now: number, reply: string) => statements.giveUp.get(reply, id, now, now),
    sendAgain: (messageId: number, dueAt: number): string[] =>
      statements.sendAgain.all(dueAt, dueAt + giveUpAfterMs, messageId),
    cancelPending: (messageId: number): string[] => statements.cancelPending.all(messageId),

    heldTenants: (): (string | null)[] => statements.heldTenants.all(),
    releaseHeld: (tenantId: string | null, dueAt: number): void =>
      void statements.releaseHeld.run(dueAt, tenantId),
    /** Makes recipients due that were deferred because no relay answered; returns their number. */
    releaseAwaiting: (queue: MailQueue, dueAt: number, limit: number): number =>
      statements.releaseAwaiting.run(dueAt, ...keyOf(queue), limit).changes,

    /** Makes recipients due that were being sent to when the process ended. */
    resume: (now: number): void => void statements.resume.run(now),
  }
}

function prepareReads(database: Database) {
  return {
    dueIn: database
      .prepare<[string, number, number, number], number>(`
        SELECT DISTINCT message_id FROM deliveries
        WHERE tenant = ? AND relay_choice = ? AND next_attempt_at <= ?
        ORDER BY next_attempt_at, message_id LIMIT ?
      `)
      .pluck(),
    nextDueAfter: database
      .prepare<[number], number | null>(
        'SELECT min(next_attempt_at) FROM deliveries WHERE next_attempt_at > ?',
      )
      .pluck(),
    dueOf: database.prepare<[number, number], DueRow>(`
      SELECT id, recipient, attempts, awaits_relay = 2 AS wasEarly,
        give_up_at AS giveUpAt
      FROM deliveries
      WHERE message_id = ? AND next_attempt_at <= ?
    `),
    heldTenants: database
      .prepare<[], string | null>(`
        SELECT DISTINCT m.tenant_id FROM deliveries d JOIN messages m ON m.id = d.message_id
        WHERE d.held = 1
      `)
      .pluck(),
    messageOf: database.prepare<[number], LiveMessage>(
      'SELECT id, key_id, tenant_id, mail_from, relay_id FROM messages WHERE id = ?',
    ),
    headOf: database
      .prepare<[number, number], Buffer>(
        'SELECT substr(raw, 1, ?) FROM bodies WHERE message_id = ?',
      )
      .pluck(),
    statusesOf: database
      .prepare<[number], DeliveryStatus>('SELECT status FROM deliveries WHERE message_id = ?')
      .pluck(),
    countWaiting: database
      .prepare<[], number>(
        "SELECT count(*) FROM messages WHERE mode = 'live' AND status IN ('queued', 'sending')",
      )
      .pluck(),
  }
}

function prepareWrites(database: Database) {
  return {
    insert: database.prepare<[string, number, number, number]>(`
      INSERT INTO deliveries (
        message_id, recipient, status, next_attempt_at, give_up_at, tenant, relay_choice
      )
      SELECT id, ?, 'queued', ?, ?, coalesce(tenant_id, ''), coalesce(relay_id, 0)
      FROM messages WHERE id = ?
    `),
    sendAgain: database
      .prepare<[number, number, number], string>(`
        UPDATE deliveries SET status = 'queued', next_attempt_at = ?, give_up_at = ?, held = 0,
          awaits_relay = 0,
          -- A failed recipient gets all attempts again.
          attempts = iif(status = 'failed', 0, attempts)
        WHERE message_id = ? AND status IN ('deferred', 'failed') RETURNING recipient
      `)
      .pluck(),
    releaseHeld: database.prepare<[number, string | null]>(`
      UPDATE deliveries SET next_attempt_at = ?, held = 0
      WHERE held = 1 AND (SELECT tenant_id FROM messages WHERE id = message_id) IS ?
    `),
    releaseAwaiting: database.prepare<[number, string, number, number]>(`
      UPDATE deliveries SET next_attempt_at = ?, awaits_relay = 2 WHERE id IN (
        SELECT id FROM deliveries WHERE awaits_relay = 1 AND tenant = ? AND relay_choice = ? LIMIT ?
      )
    `),
    setSending: database.prepare<[number]>(`
      UPDATE deliveries SET status = 'sending', attempts = attempts + 1, next_attempt_at = NULL,
        held = 0, awaits_relay = iif(awaits_relay = 2, 2, 0)
      WHERE id = ?
    `),
    setBack: database.prepare<[number, number]>(`
      UPDATE deliveries SET status = iif(attempts = 1, 'queued', 'deferred'),
        attempts = attempts - 1, next_attempt_at = ?
      WHERE id = ?
    `),
    settle: database.prepare<
      [DeliveryStatus, number | null, number | null, string, number | null, number, number, number]
    >(`
      UPDATE deliveries SET status = ?, next_attempt_at = ?, relay_id = ?, last_reply = ?,
        delivered_at = ?, awaits_relay = iif(?, 1, awaits_relay), give_up_at = ?
      WHERE id = ?
    `),
    setHeld: database.prepare<[number, number, number, string, number]>(`
      UPDATE deliveries SET status = 'deferred', attempts = ?, next_attempt_at = ?, give_up_at = ?,
        last_reply = ?, held = 1
      WHERE id = ?
    `),
    giveUp: database.prepare<
      [string, number, number, number],
      Pick<DueRow, 'recipient' | 'attempts'>
    >(`
      UPDATE deliveries SET status = 'failed', next_attempt_at = NULL, awaits_relay = 0,
        last_reply = ?
      WHERE id = ? AND give_up_at <= ? AND (next_attempt_at <= ? OR awaits_relay = 1)
      RETURNING recipient, attempts
    `),
    setMessageStatus: database.prepare<[string, number | null, number]>(
      'UPDATE messages SET status = ?, delivered_at = ? WHERE id = ?',
    ),
    resume: database.prepare<[number]>(`
      UPDATE deliveries SET status = 'queued', next_attempt_at = ? WHERE status = 'sending'
        AND message_id IN (SELECT id FROM messages WHERE mode = 'live' AND status = 'sending')
    `),
    cancelPending: database
      .prepare<[number], string>(`
        UPDATE deliveries SET status = 'cancelled', next_attempt_at = NULL, held = 0,
          awaits_relay = 0
        WHERE message_id = ? AND status IN ('queued', 'deferred') RETURNING recipient
      `)
      .pluck(),
  }
}
