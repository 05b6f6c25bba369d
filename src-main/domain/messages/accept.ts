import type { ByteBudget } from '../../base/byte-budget.ts'
import type { Clock } from '../../base/clock.ts'
import { timeId } from '../../base/ids.ts'
import { Fault } from '../../contract/faults.ts'
import type { MessageStatus } from '../../contract/messages.ts'
import type { Envelope } from '../../mime/envelope.ts'
import { scanHeader } from '../../mime/header-scan.ts'
import type { CommitQueue, Transaction } from '../../storage/commit-queue.ts'
import type { Database } from '../../storage/database.ts'
import type { StorageState } from '../../storage/storage-state.ts'
import { type Caller, type LiveCaller, requirePermission, type TestCaller } from '../auth/caller.ts'
import { checkSenderFields } from '../auth/senders.ts'
import type { Deliveries } from '../delivery/deliveries.ts'
import type { Limits } from '../limits/limits.ts'
import type { SettingsStore } from '../settings/settings.ts'
import { checkEnvelope } from './addresses.ts'

export type Messages = ReturnType<typeof createMessages>

/** The SMTP envelope (RFC 5321 §2.3.1), kept apart from what the headers say. */

export type Door = 'http' | 'smtp'

export type Message = {
  readonly id: number
  readonly publicId: string
  readonly status: MessageStatus
  readonly createdAt: number
}

export type MessageOptions = {
  readonly tags?: readonly string[] | undefined
  readonly metadata?: Readonly<Record<string, unknown>> | undefined
}

/** What a message may be accepted with besides its bytes. */
export type Extras = MessageOptions & {
  /** Instead of the inbox that the key names. */
  readonly inbox?: string | undefined
  /** The relay that the sender chose. */
  readonly relayId?: number | undefined
  /** The HTTP request that brought it, so that its entry in the access log is found. */
  readonly requestId?: string | undefined
  /** The id that the message was promised when it was scheduled. */
  readonly publicId?: string | undefined
  /** Taken on before now: a pause does not hold it up. */
  readonly isPromised?: boolean | undefined
  /** What must become true with the message, in the same transaction. */
  readonly also?: ((transaction: Transaction, message: Message) => void) | undefined
}

export const maxMessageBytes = 25 * 1024 * 1024
/** A size beyond this is only declared: SIZE may have 20 digits (RFC 1870). */
const maxCountedBytes = 1024 ** 3

export const isNew = { grows: true } as const

type MessageDeps = {
  readonly database: Database
  readonly queue: CommitQueue
  readonly clock: Clock
  readonly bytesUnderWay: ByteBudget
  readonly limits: Limits
  readonly deliveries: Deliveries
  readonly settings: SettingsStore
  readonly storage: StorageState
}

/** The one way in: both doors and every dialect end in `accept`. */
export function createMessages(deps: MessageDeps) {
  const { database, queue, clock, bytesUnderWay, limits, deliveries, settings, storage } = deps
  const insertMessage = database.prepare(`
    INSERT INTO messages (
      public_id, mode, status, key_id, tenant_id, inbox, door, mail_from, rcpt_to, header_from,
      header_to, header_cc, subject, message_id, dated_at, size_bytes, received_at, options, relay_id
    ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  `)
  const insertBody = database.prepare<[number | bigint, Buffer]>(
    'INSERT INTO bodies (message_id, raw) VALUES (?, ?)',
  )
  const countInInbox = database.prepare<[tenant: string, inbox: string]>(`
    INSERT INTO inboxes (tenant, name, total, unread) VALUES (?, ?, 1, 1)
    ON CONFLICT (tenant, name) DO UPDATE SET total = total + 1, unread = unread + 1
  `)
  const giveTag = database.prepare<[tag: string, messageId: number | bigint, tenant: string]>(
    'INSERT OR IGNORE INTO message_tags (tag, message_id, tenant) VALUES (?, ?, ?)',
  )

  /** Of the messages that are being accepted: what the disk must have room for. */
  let bytesToWrite = 0

  /** The row and its bytes, and what is counted by them; inside a transaction. */
  function insert(
    caller: Caller,
    status: MessageStatus,
    inbox: string | null,
    door: Door,
    envelope: Envelope,
    raw: Buffer,
    { publicId: promised, relayId, tags, metadata }: Extras,
  ): Message {
    const now = clock.now()
    const publicId = promised ?? timeId('msg', now)
    const head = scanHeader(raw)
    const { lastInsertRowid } = insertMessage.run(
      publicId,
      caller.mode,
      status,
      caller.keyId,
      caller.tenantId,
      inbox,
      door,
      envelope.mailFrom,
      JSON.stringify(envelope.rcptTo),
      JSON.stringify(head.from ?? { name: null, address: envelope.mailFrom }),
      JSON.stringify(head.to),
      JSON.stringify(head.cc),
      head.subject,
      head.messageId,
      head.date,
      raw.length,
      now,
      tags || metadata ? JSON.stringify({ tags, metadata }) : null,
      relayId ?? null,
    )
    insertBody.run(lastInsertRowid, raw)
    if (inbox !== null) {
      const tenant = caller.tenantId ?? ''
      countInInbox.run(tenant, inbox)
      for (const tag of tags ?? []) giveTag.run(tag, lastInsertRowid, tenant)
    }
    return { id: Number(lastInsertRowid), publicId, status, createdAt: now }
  }

  /** A test message goes to an inbox. There is no transport on this path to call. */
  function capture(
    caller: TestCaller,
    inbox: string,
    door: Door,
    envelope: Envelope,
    raw: Buffer,
    extras: Extras,
  ): Promise<Message> {
    // What comes along with a message may refuse it; a message alone has been checked before.
    const write = extras.also ? queue.write : queue.writeUnchecked
    return write((transaction) => {
      const message = insert(caller, 'captured', inbox, door, envelope, raw, extras)
      transaction.append({
        type: 'captured',
        keyId: caller.keyId,
        tenantId: caller.tenantId,
        messageId: message.id,
        data: { inbox, ...arrival(door, envelope, raw, extras) },
      })
      extras.also?.(transaction, message)
      return message
    }, isNew)
  }

  /** A live message is queued, a delivery for each recipient, in the same transaction. */
  async function enqueue(
    caller: LiveCaller,
    door: Door,
    envelope: Envelope,
    raw: Buffer,
    extras: Extras,
  ): Promise<Message> {
    deliveries.requireRelay(caller)
    const message = await queue.write((transaction) => {
      const message = insert(caller, 'queued', null, door, envelope, raw, extras)
      deliveries.enqueue(transaction, caller, message.id, envelope.rcptTo)
      transaction.append({
        type: 'queued',
        keyId: caller.keyId,
        tenantId: caller.tenantId,
        messageId: message.id,
        data: arrival(door, envelope, raw, extras),
      })
      extras.also?.(transaction, message)
      return message
    }, isNew)
    deliveries.wake()
    return message
  }

  /** Refuses what would be captured while capture is paused; live mail goes on. */
  function demandCapture(caller: Caller): void {
    if (caller.mode !== 'test' || !settings.current().capture_paused) return
    throw new Fault(
      'capture_paused',
      'Capture is paused, so test mail is not taken. Resume it in the window or with PATCH /v1/settings, then send again.',
    )
  }

  /**
   * Takes a message for good: when the promise resolves it is on disk. Refuses with a `Fault`:
   * permission, sender, recipients, size, pause, daily limit, no relay, too busy.
   */
  async function accept(
    caller: Caller,
    envelope: Envelope,
    raw: Buffer,
    door: Door,
    extras: Extras = {},
  ): Promise<Message> {
    requirePermission(caller, 'send')
    checkEnvelope(caller, envelope.mailFrom, envelope.rcptTo)
    checkSize(raw.length)
    checkSenderFields(caller, raw)
    if (!extras.isPromised) demandCapture(caller)
    if (storage.lacksRoom(bytesToWrite + raw.length)) await storage.makeRoom()
    const refusal = storage.refusal(bytesToWrite + raw.length)
    if (refusal) throw refusal
    bytesToWrite += raw.length
    const hold = bytesUnderWay.open(null)
    try {
      if (!hold.grow(raw.length)) throw tooManyBytes()
      limits.spendEmail(caller)
      return caller.mode === 'test'
        ? await capture(caller, extras.inbox ?? caller.inbox, door, envelope, raw, extras)
        : await enqueue(caller, door, envelope, raw, extras)
    } finally {
      bytesToWrite -= raw.length
      hold.close()
    }
  }

  return { accept, demandCapture }
}

function arrival(door: Door, { rcptTo }: Envelope, raw: Buffer, { requestId }: Extras) {
  const request = requestId === undefined ? {} : { request_id: requestId }
  return { door, size_bytes: raw.length, recipients: rcptTo.length, ...request }
}

/** The bytes of all connections together: a sender is asked to come back, so that memory lasts. */
export const tooManyBytes = (): Fault =>
  new Fault('overloaded', 'Too many large messages at once. Try again in a moment.', {
    retry_after: 1,
  })

export function checkSize(sizeBytes: number): void {
  if (sizeBytes <= maxMessageBytes) return
  const isCounted = sizeBytes < maxCountedBytes
  const size = isCounted ? (sizeBytes / 1_048_576).toFixed(1) : 'more than 1024'
  throw new Fault(
    'message_too_large',
    `The message has ${size} MiB; ${maxMessageBytes / 1_048_576} MiB is the most. Send large files as links.`,
    { size_bytes: sizeBytes, limit_bytes: maxMessageBytes },
  )
}
