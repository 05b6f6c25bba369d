import type { Socket } from 'node:net'
import type { ByteHold } from '../base/byte-budget.ts'
import type { Clock } from '../base/clock.ts'
import type { ClosingSockets } from '../base/closing-sockets.ts'
import type { Dialogue, Transaction } from './dialogue.ts'
import type { MessageData } from './message-data.ts'
import type { Progress } from './progress.ts'
import { lineOf, type Reply } from './replies.ts'
import type { Session } from './session.ts'
import { flushAtTurnEnd } from './turn-end.ts'

export type State =
  | { readonly type: 'commands' }
  /** The next line answers a question of AUTH. */
  | { readonly type: 'answer'; readonly onAnswer: (line: string) => void }
  /** Between DATA and the end of the message. */
  | {
      readonly type: 'message'
      readonly transaction: Transaction
      readonly data: MessageData
      readonly hold: ByteHold
    }
  /** For memory, or for the delay after wrong keys. */
  | { readonly type: 'waiting' }
  /** A message is written to disk, and gets its reply before anything else happens. */
  | { readonly type: 'saving' }
  /** The last reply is sent, and the client has not closed its side. */
  | { readonly type: 'closing' }
  | { readonly type: 'closed' }

export type Connection = {
  readonly session: Session
  readonly dialogue: Dialogue
  readonly clock: Clock
  readonly progress: Progress
  readonly closingSockets: ClosingSockets
  /** The connection gives up its slot. */
  readonly onLeave: () => void
  readonly flush: () => void
  /** Plain at first, and encrypted after STARTTLS. */
  socket: Socket
  /** Ends the reading of `socket`. */
  detach: () => void
  state: State
  /** Bytes that are not read yet: half a line, or commands after a message. */
  buffered: Buffer | null
  /** Replies that go out at the end of the turn. */
  replies: string
  /** Other connections have their turn before the next command. */
  isYielding: boolean
  /** The last reply, to be sent once the message has its own. */
  pendingClose: Reply | null
  /** The client has closed its side, and may still read. */
  hasEnded: boolean
  unknownCommands: number
  lastReceivedAt: number
}

/** True: a reply of ours is due before the next byte is read. */
export const isBusy = ({ state }: Connection): boolean =>
  state.type === 'waiting' || state.type === 'saving'

/** True: the last reply is sent, or the client is gone. */
export const isOver = ({ state }: Connection): boolean =>
  state.type === 'closing' || state.type === 'closed'

/** Sends a reply at the end of this turn of the event loop. */
export function sendReply(connection: Connection, reply: Reply | string): void {
  const text = typeof reply === 'string' ? reply : lineOf(reply)
  if (connection.replies === '') flushAtTurnEnd(connection.flush)
  connection.replies += `${text}\r\n`
  connection.session.transcript.said(text)
}

export function flushReplies(connection: Connection): void {
  const { socket, replies } = connection
  connection.replies = ''
  // To write to a client that hung up would be an error.
  if (replies !== '' && socket.writable) socket.write(replies)
}

/** Sends a last reply and closes the connection; while a message is saved, after its reply. */
export function closeConnection(connection: Connection, reply: Reply): void {
  if (isOver(connection)) return
  if (connection.state.type === 'saving') {
    connection.pendingClose = reply
    return
  }
  sendReply(connection, reply)
  flushReplies(connection)
  discardMessage(connection)
  connection.state = { type: 'closing' }
  connection.buffered = null
  connection.closingSockets.end(connection.socket)
  connection.onLeave()
}

/** Frees the memory of a message that did not come to its end. */
export function discardMessage({ state }: Connection): void {
  if (state.type !== 'message') return
  state.hold.close()
  state.data.free()
}
