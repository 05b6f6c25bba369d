import type { Socket } from 'node:net'
import { type SecureContext, TLSSocket } from 'node:tls'
import type { Clock } from '../base/clock.ts'
import type { ClosingSockets } from '../base/closing-sockets.ts'
import type { Fault } from '../contract/faults.ts'
import {
  type Connection,
  closeConnection,
  discardMessage,
  flushReplies,
  isBusy,
  isOver,
  sendReply,
} from './connection-state.ts'
import type { Dialogue } from './dialogue.ts'
import { onData, onEnd, receiveMessage, resume } from './incoming.ts'
import { createProgress } from './progress.ts'
import { closing, done, faultReply, greeting, type Reply } from './replies.ts'
import type { Session } from './session.ts'
import type { StartTlsOffer } from './start-tls.ts'
import type { Client } from './transcript.ts'

export type OpenConnection = ReturnType<typeof openConnection>

type ConnectionOptions = {
  readonly client: Client
  readonly session: Session
  readonly secureContext: SecureContext
  /** TLS from the first byte (RFC 8314). */
  readonly implicitTls: boolean
  readonly startTlsOffer: () => StartTlsOffer
  readonly clock: Clock
  readonly closingSockets: ClosingSockets
  readonly onSignIn: () => void
  /** The connection gives up its slot: the last reply is sent, or the socket is closed. */
  readonly onLeave: () => void
  readonly onClose: () => void
}

const idleMs = 60_000
/** Ends the session of a client that is never idle, such as one that sends a byte a second. */
const maxSessionMs = 15 * 60_000
/** When slots run out, age weighs less for a client that has signed in or sent a message. */
const provenWeight = 1 / 5
/** And less still in the middle of a transaction. */
const sendingWeight = 1 / 20

/** Serves one client from the greeting to the last reply. */
export function openConnection(socket: Socket, options: ConnectionOptions) {
  const connection = createConnection(socket, options)
  socket.setNoDelay(true)
  listen(connection, options)
  watchTime(connection, options, connection.lastReceivedAt + maxSessionMs)
  if (options.implicitTls) encrypt(connection, options)
  else greet(connection)

  return {
    /** The weighted time without progress. Always a number: every connection can make room. */
    idleMs: (): number => weightedAge(connection),

    close: (reply: Reply): void => closeConnection(connection, reply),

    /** Closes after the message of an open transaction. */
    finish(reply: Reply): void {
      if (connection.dialogue.transaction) connection.pendingClose = reply
      else closeConnection(connection, reply)
    },

    /** Without a reply. */
    destroy: (): void => void connection.socket.destroy(),
  }
}

function createConnection(socket: Socket, options: ConnectionOptions): Connection {
  const { session, clock, closingSockets, onLeave } = options
  const connection: Connection = {
    session,
    clock,
    closingSockets,
    onLeave,
    progress: createProgress(clock),
    dialogue: createDialogue(() => connection, options),
    socket,
    flush: () => flushReplies(connection),
    detach: () => undefined,
    state: { type: 'commands' },
    buffered: null,
    replies: '',
    isYielding: false,
    pendingClose: null,
    hasEnded: false,
    unknownCommands: 0,
    lastReceivedAt: clock.elapsed(),
  }
  return connection
}

function createDialogue(connection: () => Connection, options: ConnectionOptions): Dialogue {
  const { client, session, startTlsOffer, onSignIn } = options
  return {
    client,
    session,
    startTlsOffer,
    hasGreeted: false,
    transaction: null,
    reply: (reply) => sendReply(connection(), reply),
    refuse: (fault) => sendReply(connection(), faultReply(fault)),
    reject(reply) {
      session.rejected(reply)
      sendReply(connection(), reply)
    },
    ask(question, onAnswer) {
      connection().state = { type: 'answer', onAnswer }
      sendReply(connection(), question)
    },
    receiveMessage: (transaction) => void receiveMessage(connection(), transaction),
    startTls() {
      sendReply(connection(), done.startTls)
      flushReplies(connection())
      encrypt(connection(), options)
    },
    signedIn() {
      connection().progress.signIn()
      onSignIn()
    },
    close: (reply) => closeConnection(connection(), reply),
    closeLate: (fault) => void closeLate(connection(), fault),
  }
}

function greet(connection: Connection): void {
  sendReply(connection, greeting)
  flushReplies(connection)
}

async function closeLate(connection: Connection, fault: Fault): Promise<void> {
  connection.state = { type: 'waiting' }
  await connection.session.delayWrongKey()
  closeConnection(connection, faultReply(fault))
}

function listen(connection: Connection, options: ConnectionOptions): void {
  const { socket } = connection
  const read = (bytes: Buffer): void => onData(connection, bytes)
  const end = (): void => onEnd(connection)
  const drain = (): void => resume(connection)
  socket.on('data', read).on('end', end).on('drain', drain)
  socket.on('close', () => onSocketClose(connection, options))
  socket.on('error', () => socket.destroy())
  connection.detach = () => socket.off('data', read).off('end', end).off('drain', drain)
}

/** Nothing that came in the clear counts any more (RFC 3207 §4.2). */
function encrypt(connection: Connection, options: ConnectionOptions): void {
  const { socket: plain, dialogue, session } = connection
  const { client, secureContext, implicitTls } = options
  connection.buffered = null
  client.name = ''
  dialogue.hasGreeted = false
  dialogue.transaction = null
  session.signOut()
  connection.detach()
  const secure = new TLSSocket(plain, { isServer: true, secureContext })
  secure.once('secure', () => {
    client.tls = secure.getProtocol() ?? 'TLS'
    if (implicitTls) greet(connection)
  })
  connection.socket = secure
  listen(connection, options)
}

/** Ends sessions that are idle or too long. A client that waits for a reply is not idle. */
function watchTime(connection: Connection, options: ConnectionOptions, endsAt: number): void {
  const { clock } = options
  let cancel = check()
  connection.socket.once('close', () => cancel())

  function check(): () => void {
    const now = clock.elapsed()
    if (isOver(connection)) return () => undefined
    const idleAt = (isBusy(connection) ? now : connection.lastReceivedAt) + idleMs
    if (now < endsAt && now < idleAt) {
      return clock.after(Math.min(idleAt, endsAt) - now, () => {
        cancel = check()
      })
    }
    closeConnection(connection, now >= endsAt ? closing.sessionTooLong : closing.idle)
    return () => undefined
  }
}

function onSocketClose(connection: Connection, { session, onLeave, onClose }: ConnectionOptions) {
  // A socket under TLS and the one above it both close.
  if (connection.state.type === 'closed') return
  discardMessage(connection)
  if (!isOver(connection)) onLeave()
  connection.state = { type: 'closed' }
  session.transcript.close()
  onClose()
}

function weightedAge(connection: Connection): number {
  const { state, dialogue, session, progress } = connection
  // The next reply is the one that lets the client go.
  if (state.type === 'saving') return 0
  if (dialogue.transaction) return progress.ageMs() * sendingWeight
  return session.hasKey || progress.hasAccepted ? progress.ageMs() * provenWeight : progress.ageMs()
}
