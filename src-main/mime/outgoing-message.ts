import type { Mailbox } from './mailboxes.ts'

export interface OutgoingAttachment {
  readonly filename?: string | undefined
  readonly content: Buffer
  readonly contentType?: string | undefined
  /** Without its angle brackets. */
  readonly contentId?: string | undefined
}

export interface OutgoingMessage {
  readonly from: Mailbox
  readonly to: readonly Mailbox[]
  readonly cc?: readonly Mailbox[] | undefined
  readonly replyTo?: readonly Mailbox[] | undefined
  readonly subject: string
  readonly text?: string | undefined
  readonly html?: string | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly attachments?: readonly OutgoingAttachment[] | undefined
  readonly messageId: string
  readonly date: Date
}

export type CustomHeader = { readonly key: string; readonly value: string }
