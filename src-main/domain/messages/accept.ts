import type { ByteBudget } from '../../base/byte-budget.ts'
import type { Clock } from '../../base/clock.ts'
import { Fault } from '../../contract/faults.ts'
import type { CommitQueue } from '../../storage/commit-queue.ts'
import type { Database } from '../../storage/database.ts'
import type { StorageState } from '../../storage/storage-state.ts'
import { type Caller, type LiveCaller, requirePermission, type TestCaller } from '../auth/caller.ts'
import { checkSenderFields } from '../auth/senders.ts'
import type { Deliveries } from '../delivery/deliveries.ts'
import type { Limits } from '../limits/limits.ts'
import type { SettingsStore } from '../settings/settings.ts'
import { checkEnvelope } from './addresses.ts'
import { createMessageStore, type MessageStore } from './message-store.ts'
import type { Message, Submission } from './submission.ts'

export type Messages = ReturnType<typeof createMessages>

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

type AcceptContext = MessageDeps & {
  readonly store: MessageStore
}

/** HTTP, SMTP and every dialect end in `accept`. */
export function createMessages(deps: MessageDeps) {
  const { database, clock, bytesUnderWay, limits, storage } = deps

  const store = createMessageStore(database, clock)
  const context: AcceptContext = { ...deps, store }

  /** The bytes of all messages that are being accepted; the disk must have space for them. */
  let bytesToWrite = 0

  /**
   * Resolves when the message is on disk. Refuses with a `Fault`: permission, envelope, size, sender,
   * pause, disk space, memory, daily limit, no relay.
   */
  async function accept(submission: Submission): Promise<Message> {
    const { caller, envelope, raw } = submission
    requirePermission(caller, 'send')
    checkEnvelope(caller, envelope.mailFrom, envelope.rcptTo)
    checkSize(raw.length)
    checkSenderFields(caller, raw)
    if (!submission.ignoresPause) checkPause(context, caller)
    if (storage.lacksRoom(bytesToWrite + raw.length)) await storage.makeRoom()
    const refusal = storage.refusal(bytesToWrite + raw.length)
    if (refusal) throw refusal
    bytesToWrite += raw.length
    const hold = bytesUnderWay.open(null)
    try {
      if (!hold.grow(raw.length)) throw tooManyBytes()
      limits.spendEmail(caller)
      return caller.mode === 'test'
        ? await capture(context, caller, submission)
        : await enqueue(context, caller, submission)
    } finally {
      bytesToWrite -= raw.length
      hold.close()
    }
  }

  return { accept, checkPause: (caller: Caller): void => checkPause(context, caller) }
}

/** Test mail goes to an inbox. No transport is reachable from here. */
function capture(
  { queue, store }: AcceptContext,
  caller: TestCaller,
  submission: Submission,
): Promise<Message> {
  const { inbox = caller.inbox, onInsert } = submission
  // Only `onInsert` can fail: the message itself is checked.
  const write = onInsert ? queue.write : queue.writeUnchecked
  return write((transaction) => {
    const message = store.insert(submission, 'captured', inbox)
    transaction.append({
      type: 'captured',
      keyId: caller.keyId,
      tenantId: caller.tenantId,
      messageId: message.id,
      data: { inbox, ...acceptedData(submission) },
    })
    onInsert?.(transaction, message)
    return message
  }, isNew)
}

/** Live mail is queued with a delivery per recipient, in the same transaction. */
async function enqueue(
  { deliveries, queue, store }: AcceptContext,
  caller: LiveCaller,
  submission: Submission,
): Promise<Message> {
  deliveries.requireRelay(caller)
  const message = await queue.write((transaction) => {
    const message = store.insert(submission, 'queued', null)
    deliveries.enqueue(transaction, caller, message.id, submission.envelope.rcptTo)
    transaction.append({
      type: 'queued',
      keyId: caller.keyId,
      tenantId: caller.tenantId,
      messageId: message.id,
      data: acceptedData(submission),
    })
    submission.onInsert?.(transaction, message)
    return message
  }, isNew)
  deliveries.wake()
  return message
}

/** Refuses test mail while capture is paused. */
function checkPause({ settings }: AcceptContext, caller: Caller): void {
  if (caller.mode !== 'test' || !settings.current().capture_paused) return
  throw new Fault(
    'capture_paused',
    'Capture is paused, so test mail is refused. Resume it in the window or with PATCH /v1/settings, then send again.',
  )
}

function acceptedData({ protocol, envelope, raw, requestId }: Submission) {
  const request = requestId === undefined ? {} : { request_id: requestId }
  return {
    door: protocol,
    size_bytes: raw.length,
    recipients: envelope.rcptTo.length,
    ...request,
  }
}

/** The memory limit over all connections is reached. */
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
    `The message has ${size} MiB; the maximum is ${maxMessageBytes / 1_048_576} MiB. Send large files as links.`,
    { size_bytes: sizeBytes, limit_bytes: maxMessageBytes },
  )
}
