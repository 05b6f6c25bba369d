import type { Clock } from '../base/clock.ts'
import type { Log } from '../base/log.ts'
import { startLoop } from '../base/loop.ts'
import type { DeliveryStatus } from '../contract/messages.ts'
import type { CommitQueue, Transaction } from '../storage/commit-queue.ts'
import type { Database } from '../storage/database.ts'
import type { Reader } from '../storage/reader.ts'
import type { LiveCaller } from './caller.ts'
import { decide, type RecipientReply, summarize } from './delivery-rules.ts'
import { noRelay, type Relays } from './relays.ts'
import type { Upstream } from './upstream.ts'

export type Deliveries = ReturnType<typeof createDeliveries>

type DueRow = {
  readonly id: number
  readonly recipient: string
  readonly attempts: number
}

type MessageRow = {
  readonly id: number
  readonly key_id: number | null
  readonly tenant_id: string | null
  readonly mail_from: string
}

const mostAtOnce = 20
/** At the end of the process an answer that comes this soon is waited for. */
const longestFarewellMs = 3000

type DeliveryDeps = {
  readonly database: Database
  readonly queue: CommitQueue
  readonly reader: Reader
  readonly clock: Clock
  readonly log: Log
  readonly relays: Relays
  readonly upstream: Upstream
}

/**
 * The queue of live mail and the loop that empties it. At least once: what was being sent when the
 * process ended is sent again, since only the relay knows whether it took it.
 */
export function createDeliveries(deps: DeliveryDeps) {
  const { database, queue, reader, clock, log, relays, upstream } = deps
  const insert = database.prepare<[number, string, number]>(`
    INSERT INTO deliveries (message_id, recipient, status, next_attempt_at)
    VALUES (?, ?, 'queued', ?)
  `)
  const dueMessages = database.prepare<[number, number], { message_id: number }>(`
    SELECT DISTINCT message_id FROM deliveries
    WHERE next_attempt_at <= ? ORDER BY next_attempt_at LIMIT ?
  `)
  const nextDue = database
    .prepare<[], number | null>(
      'SELECT min(next_attempt_at) FROM deliveries WHERE next_attempt_at IS NOT NULL',
    )
    .pluck()
  const dueOf = database.prepare<[number, number], DueRow>(`
    SELECT id, recipient, attempts FROM deliveries WHERE message_id = ? AND next_attempt_at <= ?
  `)
  const messageOf = database.prepare<[number], MessageRow>(
    'SELECT id, key_id, tenant_id, mail_from FROM messages WHERE id = ?',
  )
  const setSending = database.prepare<[number]>(`
    UPDATE deliveries SET status = 'sending', attempts = attempts + 1, next_attempt_at = NULL
    WHERE id = ?
  `)
  const settle = database.prepare<
    [DeliveryStatus, number | null, number | null, string, number | null, number]
  >(`
    UPDATE deliveries SET status = ?, next_attempt_at = ?, relay_id = ?, last_reply = ?,
      delivered_at = ?
    WHERE id = ?
  `)
  const statusesOf = database
    .prepare<[number], DeliveryStatus>('SELECT status FROM deliveries WHERE message_id = ?')
    .pluck()
  const setMessageStatus = database.prepare<[string, number | null, number]>(
    'UPDATE messages SET status = ?, delivered_at = ? WHERE id = ?',
  )
  const resume = database.prepare<[number]>(`
    UPDATE deliveries SET status = 'queued', next_attempt_at = ? WHERE status = 'sending'
  `)
  const countWaiting = database
    .prepare<[], number>(
      "SELECT count(*) FROM messages WHERE mode = 'live' AND status IN ('queued', 'sending')",
    )
    .pluck()

  const underway = new Map<number, Promise<void>>()
  let closed = false

  resume.run(clock.now())
  const loop = startLoop({ name: 'delivery', clock, log, run })

  async function run(): Promise<number | null> {
    const room = mostAtOnce - underway.size
    if (closed || room <= 0) return null
    const now = clock.now()
    for (const { message_id: id } of dueMessages.all(now, mostAtOnce)) {
      if (underway.has(id) || underway.size >= mostAtOnce) continue
      const attempt = attemptMessage(id)
        .catch((error) => log.error('A delivery attempt failed', error, { message: id }))
        .finally(() => {
          underway.delete(id)
          loop.wake()
        })
      underway.set(id, attempt)
    }
    const next = nextDue.get() ?? null
    // What is due but under way wakes the loop itself when it ends.
    return next === null || next <= now ? null : next - now
  }

  async function attemptMessage(id: number): Promise<void> {
    const message = messageOf.get(id)
    const due = dueOf.all(id, clock.now())
    if (!message || due.length === 0) return
    await queue.write((transaction) => {
      for (const { id: delivery, recipient, attempts } of due) {
        setSending.run(delivery)
        append(transaction, message, 'sending', { recipient, attempt: attempts + 1 })
      }
      setMessageStatus.run('sending', null, id)
    })
    const body = await reader.first<{ raw: Uint8Array }>(
      'SELECT raw FROM bodies WHERE message_id = ?',
      id,
    )
    const raw = Buffer.from(body?.raw ?? [])
    const { replies, relayId } = await sendToFirstReachable(message, due, raw)
    await queue.write((transaction) => {
      for (const delivery of due) settleOne(transaction, message, delivery, replies, relayId)
      const status = summarize(statusesOf.all(id))
      setMessageStatus.run(status, status === 'delivered' ? clock.now() : null, id)
    })
  }

  /** A second relay takes over when the first cannot be reached; a refusal is an answer. */
  async function sendToFirstReachable(message: MessageRow, due: readonly DueRow[], raw: Buffer) {
    const envelope = {
      mailFrom: message.mail_from,
      rcptTo: due.map(({ recipient }) => recipient),
    }
    let replies: ReadonlyMap<string, RecipientReply> = new Map()
    let relayId: number | null = null
    for (const target of relays.targets(message.tenant_id)) {
      replies = await upstream.send(target, envelope, raw)
      relayId = target.id
      // A relay that took the message for some was reached: another would send those a second one.
      const [first, ...others] = replies.values()
      const isDown = [first, ...others].every((reply) => reply?.type === 'unreachable')
      const failure = isDown ? first : undefined
      await relays.saveHealth(
        target.id,
        failure ? 'unreachable' : 'healthy',
        failure?.reply ?? null,
      )
      if (!failure || closed) break
    }
    return { replies, relayId }
  }

  function settleOne(
    transaction: Transaction,
    message: MessageRow,
    { id, recipient, attempts }: DueRow,
    replies: ReadonlyMap<string, RecipientReply>,
    relayId: number | null,
  ): void {
    const now = clock.now()
    const reply = replies.get(recipient) ?? { type: 'unreachable', reply: noRelay().message }
    const decision = decide(reply, attempts + 1, now)
    const deliveredAt = decision.status === 'delivered' ? now : null
    settle.run(decision.status, decision.nextAttemptAt, relayId, decision.reply, deliveredAt, id)
    append(transaction, message, decision.status, {
      recipient,
      attempt: attempts + 1,
      relay: relayId === null ? null : relays.nameOf(relayId),
      reply: decision.reply.slice(0, 500),
      next_attempt_at: decision.nextAttemptAt,
    })
  }

  function append(
    transaction: Transaction,
    message: MessageRow,
    type: 'sending' | 'delivered' | 'bounced' | 'deferred' | 'failed',
    data: Readonly<Record<string, unknown>>,
  ): void {
    transaction.append({
      type,
      keyId: message.key_id,
      tenantId: message.tenant_id,
      messageId: message.id,
      data,
    })
  }

  loop.wake()

  return {
    /** Refuses a live message that has nowhere to go, before anything is stored. */
    demandRelay(caller: LiveCaller): void {
      if (!relays.hasAny(caller.tenantId)) throw noRelay()
    },

    /** A delivery for each recipient; inside the transaction that stores the message. */
    enqueue(
      _transaction: Transaction,
      _caller: LiveCaller,
      messageId: number,
      recipients: readonly string[],
    ): void {
      for (const recipient of recipients) insert.run(messageId, recipient, clock.now())
    },

    wake: loop.wake,
    depth: (): number => countWaiting.get() ?? 0,

    async idle(): Promise<void> {
      do {
        await loop.idle()
        await Promise.all(underway.values())
      } while (underway.size > 0)
    },

    async close(): Promise<void> {
      closed = true
      await loop.close()
      const giveUp = clock.after(longestFarewellMs, () => void upstream.close())
      await Promise.all(underway.values())
      giveUp()
    },
  }
}
