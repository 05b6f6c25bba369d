import type { Fault } from '../contract/faults.ts'
import type { Reply } from './replies.ts'
import type { Session } from './session.ts'
import type { StartTlsOffer } from './start-tls.ts'
import type { Client } from './transcript.ts'

/** A mail transaction (RFC 5321 §3.3), from MAIL to the end of the message. */
export type Transaction = {
  readonly mailFrom: string
  /** By lower case: Ann@ and ann@ are one mailbox in practice. */
  readonly recipients: Map<string, string>
  /** Declared by SIZE; 0: not declared. */
  readonly sizeBytes: number
}

/** The actions of a command on its connection. */
export type Dialogue = {
  readonly client: Client
  readonly session: Session
  readonly startTlsOffer: () => StartTlsOffer
  /** By EHLO or HELO. */
  hasGreeted: boolean
  transaction: Transaction | null
  readonly reply: (reply: Reply | string) => void
  /** A rule of ours forbids the command; the session has recorded the fault. */
  readonly refuse: (fault: Fault) => void
  /** The protocol forbids the command. */
  readonly reject: (reply: Reply) => void
  /** The next line is an answer instead of a command, and may hold a secret. */
  readonly ask: (question: string, onAnswer: (line: string) => void) => void
  readonly receiveMessage: (transaction: Transaction) => void
  readonly startTls: () => void
  readonly signedIn: () => void
  /** Sends a last reply and closes the connection. */
  readonly close: (reply: Reply) => void
  /** After too many wrong keys: the reply comes late, so that guessing is slow. */
  readonly closeLate: (fault: Fault) => void
}
