import type { Clock } from '../base/clock.ts'
import type { Log } from '../base/log.ts'
import { startLoop } from '../base/loop.ts'
import { isStorageFault } from '../contract/faults.ts'
import type { DeliveryStatus } from '../contract/messages.ts'
import type { CommitQueue, Transaction } from '../storage/commit-queue.ts'
import type { Database } from '../storage/database.ts'
import type { Reader } from '../storage/reader.ts'
import type { LiveCaller } from './caller.ts'
import { decide, summarize } from './delivery-rules.ts'
import { createPullBack } from './due-times.ts'
import { type RelayAnswer, sendThrough } from './relaying.ts'
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
  readonly relay_id: number | null
}

const mostAtOnce = 20
const heldReply = 'Every relay has reached its daily limit; the next attempt is after midnight UTC.'
const pauseAfterFailureMs = 500
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
  const sendAgain = database
    .prepare<[number, number], string>(`
      UPDATE deliveries SET status = 'queued', next_attempt_at = ?, held = 0,
        -- Who was given up has all attempts before them again.
        attempts = iif(status = 'failed', 0, attempts)
      WHERE message_id = ? AND status IN ('deferred', 'failed') RETURNING recipient
    `)
    .pluck()
  const heldTenants = database
    .prepare<[], string | null>(`
      SELECT DISTINCT m.tenant_id FROM deliveries d JOIN messages m ON m.id = d.message_id
      WHERE d.held = 1
    `)
    .pluck()
  const releaseHeld = database.prepare<[number, string | null]>(`
    UPDATE deliveries SET next_attempt_at = ?, held = 0
    WHERE held = 1 AND (SELECT tenant_id FROM messages WHERE id = message_id) IS ?
  `)
  const messageOf = database.prepare<[number], MessageRow>(
    'SELECT id, key_id, tenant_id, mail_from, relay_id FROM messages WHERE id = ?',
  )
  const setSending = database.prepare<[number]>(`
    UPDATE deliveries SET status = 'sending', attempts = attempts + 1, next_attempt_at = NULL,
      held = 0
    WHERE id = ?
  `)
  const settle = database.prepare<
    [DeliveryStatus, number | null, number | null, string, number | null, number]
  >(`
    UPDATE deliveries SET status = ?, next_attempt_at = ?, relay_id = ?, last_reply = ?,
      delivered_at = ?
    WHERE id = ?
  `)
  const setHeld = database.prepare<[number, number, string, number]>(`
    UPDATE deliveries SET status = 'deferred', attempts = ?, next_attempt_at = ?, last_reply = ?,
      held = 1
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
  const takeBack = database
    .prepare<[number], string>(`
      UPDATE deliveries SET status = 'cancelled', next_attempt_at = NULL, held = 0
      WHERE message_id = ? AND status IN ('queued', 'deferred') RETURNING recipient
    `)
    .pluck()
  const countWaiting = database
    .prepare<[], number>(
      "SELECT count(*) FROM messages WHERE mode = 'live' AND status IN ('queued', 'sending')",
    )
    .pluck()

  const underway = new Map<number, Promise<void>>()
  let closed = false

  resume.run(clock.now())
  const pullBack = createPullBack(database, clock.now)
  pullBack.deliveries()
  const onStepBack = () => queue.write(pullBack.deliveries)
  const loop = startLoop({ name: 'delivery', clock, log, run, onStepBack })

  async function run(): Promise<number | null> {
    const room = mostAtOnce - underway.size
    if (closed || room <= 0) return null
    const now = clock.now()
    for (const { message_id: id } of dueMessages.all(now, mostAtOnce)) {
      if (underway.has(id) || underway.size >= mostAtOnce) continue
      const attempt = attemptMessage(id)
        .catch((error) => {
          if (!isStorageFault(error))
            log.error('A delivery attempt failed', error, { message_id: id })
          // Still due: without a rest it would be tried again and again at once.
          return pause()
        })
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
    if (!message) return
    const fullUntil = relays.fullUntil(message.tenant_id)
    if (fullUntil !== null) return hold(message, fullUntil)
    const body = await reader.first<{ raw: Uint8Array }>(
      'SELECT raw FROM bodies WHERE message_id = ?',
      id,
    )
    const raw = Buffer.from(body?.raw ?? [])
    const due = await queue.write((transaction) => begin(transaction, message))
    if (due.length === 0) return
    const startedAt = clock.elapsed()
    const answers = await sendThrough(relays, upstream, {
      targets: relays.targets(message.tenant_id, message.relay_id),
      mailFrom: message.mail_from,
      recipients: due.map(({ recipient }) => recipient),
      raw,
      log,
      isClosed: () => closed,
    })
    const ms = Math.round(clock.elapsed() - startedAt)
    await writeDown(id, (transaction) => {
      for (const delivery of due) settleOne(transaction, message, delivery, answers, ms)
      const used = new Set([...answers.values()].map(({ relayId }) => relayId))
      for (const relayId of used) relays.saveCount(relayId)
      const status = summarize(statusesOf.all(id))
      setMessageStatus.run(status, status === 'delivered' ? clock.now() : null, id)
    })
  }

  /** Who is due is asked in the transaction: a cancellation may have come before it. */
  function begin(transaction: Transaction, message: MessageRow): DueRow[] {
    const due = dueOf.all(message.id, clock.now())
    for (const { id: delivery, recipient, attempts } of due) {
      setSending.run(delivery)
      append(transaction, message, 'sending', { recipient, attempt: attempts + 1 })
    }
    if (due.length > 0) setMessageStatus.run('sending', null, message.id)
    return due
  }

  /** Only we know what the relay said, and forgetting it would send the message twice. */
  async function writeDown(id: number, work: (transaction: Transaction) => void): Promise<void> {
    for (let isFirst = true; ; isFirst = false) {
      try {
        return await queue.write(work)
      } catch (error) {
        if (closed) throw error
        const sentence = 'What a relay said could not be written down; it is tried until it can'
        if (isFirst) log.error(sentence, error, { message_id: id })
        await pause()
      }
    }
  }

  function pause(): Promise<void> {
    return new Promise((resolve) => void clock.after(pauseAfterFailureMs, resolve))
  }

  /** A relay was added or changed: what waited for midnight may go if there is room now. */
  async function release(): Promise<void> {
    const hasRoom = (tenantId: string | null): boolean =>
      relays.hasAny(tenantId) && relays.fullUntil(tenantId) === null
    const tenants = heldTenants.all().filter(hasRoom)
    if (tenants.length === 0) return
    await queue.write(() => {
      for (const tenantId of tenants) releaseHeld.run(clock.now(), tenantId)
    })
    loop.wake()
  }

  /** Every relay has been given all it may have today: that is no attempt. */
  function hold(message: MessageRow, until: number): Promise<void> {
    return queue.write((transaction) => {
      const due = dueOf.all(message.id, clock.now())
      if (due.length === 0) return
      for (const delivery of due) holdOne(transaction, message, delivery, until)
      setMessageStatus.run(summarize(statusesOf.all(message.id)), null, message.id)
    })
  }

  function holdOne(
    transaction: Transaction,
    message: MessageRow,
    { id, recipient, attempts }: DueRow,
    until: number,
  ): void {
    setHeld.run(attempts, until, heldReply, id)
    append(transaction, message, 'deferred', {
      recipient,
      attempt: attempts,
      relay: null,
      reply: heldReply,
      next_attempt_at: until,
    })
  }

  function settleOne(
    transaction: Transaction,
    message: MessageRow,
    { id, recipient, attempts }: DueRow,
    answers: ReadonlyMap<string, RelayAnswer>,
    ms: number,
  ): void {
    const answer = answers.get(recipient)
    if (!answer && relays.hasAny(message.tenant_id)) {
      holdOne(transaction, message, { id, recipient, attempts }, relays.nextMidnight())
      return
    }
    const now = clock.now()
    const relayId = answer?.relayId ?? null
    const reply = answer?.reply ?? { type: 'unreachable' as const, reply: noRelay().message }
    const decision = decide(reply, attempts + 1, now)
    const deliveredAt = decision.status === 'delivered' ? now : null
    settle.run(decision.status, decision.nextAttemptAt, relayId, decision.reply, deliveredAt, id)
    append(transaction, message, decision.status, {
      recipient,
      attempt: attempts + 1,
      relay: relayId === null ? null : relays.nameOf(relayId),
      reply: decision.reply.slice(0, 500),
      next_attempt_at: decision.nextAttemptAt,
      ms,
      ...passedOver(answer),
    })
  }

  function passedOver(answer: RelayAnswer | undefined) {
    if (!answer || answer.passedOver.length === 0) return {}
    return {
      passed_over: answer.passedOver.map(({ relayId, reply }) => ({
        relay: relays.nameOf(relayId),
        reply: reply.slice(0, 500),
      })),
    }
  }

  function append(
    transaction: Transaction,
    message: MessageRow,
    type: 'sending' | 'delivered' | 'bounced' | 'deferred' | 'failed' | 'cancelled' | 'retried',
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
  relays.onChange(() => {
    release().catch((error) => log.error('Held messages could not be released', error))
  })

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

    /** Takes back what has not been sent yet; inside a transaction. Answers how many recipients. */
    cancel(transaction: Transaction, messageId: number, _by: LiveCaller): number {
      const message = messageOf.get(messageId)
      if (!message) return 0
      const recipients = takeBack.all(messageId)
      for (const recipient of recipients) append(transaction, message, 'cancelled', { recipient })
      if (recipients.length > 0) {
        setMessageStatus.run(summarize(statusesOf.all(messageId)), null, messageId)
      }
      return recipients.length
    },

    /**
     * Those who were deferred or given up are due at once; nobody who has the message gets it
     * again. Inside a transaction, and with a `wake` after it. Answers how many recipients.
     */
    retry(transaction: Transaction, messageId: number, { publicId: by }: LiveCaller): number {
      const message = messageOf.get(messageId)
      if (!message) return 0
      const recipients = sendAgain.all(clock.now(), messageId)
      for (const recipient of recipients) append(transaction, message, 'retried', { recipient, by })
      if (recipients.length > 0) {
        setMessageStatus.run(summarize(statusesOf.all(messageId)), null, messageId)
      }
      return recipients.length
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
