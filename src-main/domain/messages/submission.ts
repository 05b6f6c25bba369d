import type { MessageStatus } from '../../contract/messages.ts'
import type { Envelope } from '../../mime/envelope.ts'
import type { Transaction } from '../../storage/commit-queue.ts'
import type { Caller } from '../auth/caller.ts'

export type Protocol = 'http' | 'smtp'

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

/** A message to accept. */
export type Submission = MessageOptions & {
  readonly caller: Caller
  /** RFC 5321 §2.3.1; the headers may name other addresses. */
  readonly envelope: Envelope
  readonly raw: Buffer
  readonly protocol: Protocol
  /** The inbox of the key by default. */
  readonly inbox?: string | undefined
  /** The relay that the sender chose. */
  readonly relayId?: number | undefined
  /** Links the message to its request in the access log. */
  readonly requestId?: string | undefined
  /** The id that a scheduled message got when it was scheduled. */
  readonly publicId?: string | undefined
  /** Accepted before: a pause of capture does not stop it. */
  readonly ignoresPause?: boolean | undefined
  /** Runs in the transaction that inserts the message. May throw to undo it. */
  readonly onInsert?: ((transaction: Transaction, message: Message) => void) | undefined
}
