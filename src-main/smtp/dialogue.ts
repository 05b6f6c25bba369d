import type { Fault } from '../contract/faults.ts'
import type { Session } from './session.ts'
import type { Client } from './transcript.ts'

/** A mail transaction (RFC 5321 §3.3), from MAIL to the end of its message. */
export type Transaction = {
  readonly mailFrom: string
  /** By lower case, since nobody means two mailboxes by Ann@ and ann@. */
  readonly recipients: Map<string, string>
  /** By SIZE; 0: it was not told. */
  readonly sizeBytes: number
}

/** What a command may do to the connection that it came on. */
export type Dialogue = {
  readonly client: Client
  readonly session: Session
  /** By EHLO or HELO. */
  hasGreeted: boolean
  transaction: Transaction | null
  readonly reply: (reply: string) => void
  /** A rule of ours stands against it, and is on record. */
  readonly refuse: (fault: Fault) => void
  /** The protocol stands against it: `code` and its enhanced code, and what to do instead. */
  readonly reject: (code: number, enhanced: string, sentence: string) => void
  /** The next line is an answer and no command; it may hold a secret. */
  readonly ask: (reply: string, answered: (line: string) => void) => void
  readonly receiveMessage: (transaction: Transaction) => void
  readonly beginTls: () => void
  readonly signedIn: () => void
  /** Says farewell and hangs up. */
  readonly leave: (reply: string) => void
  /** Too many wrong keys came: says so, not at once, and hangs up. */
  readonly leaveLate: (fault: Fault) => void
}
