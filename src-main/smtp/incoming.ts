import type { Socket } from 'node:net'
import { inTurn } from '../base/turns.ts'
import { maxMessageBytes } from '../domain/messages/accept.ts'
import { commands } from './commands.ts'
import {
  type Connection,
  closeConnection,
  flushReplies,
  isBusy,
  isOver,
  type State,
  sendReply,
} from './connection-state.ts'
import type { Transaction } from './dialogue.ts'
import { createMessageData } from './message-data.ts'
import { type Step, steps } from './progress.ts'
import { closing, done, rejected, startMessage } from './replies.ts'

const maxLineBytes = 65_536
/** The rest of a longer line is read in turn with other connections. */
const maxUnendedBytes = 16_384
const maxUnknownCommands = 10
/** Of one client in one turn of the event loop; one packet of an ordinary client has fewer. */
const maxCommandsInTurn = 16

const beyondAscii = /[\x80-\xff]/
const httpRequest = /^(OPTIONS|GET|HEAD|POST|PUT|PATCH|DELETE|TRACE|CONNECT) \S+ HTTP\/\d/i

/** Reads the bytes of a client, or keeps them until the connection is free for them. */
export function onData(connection: Connection, bytes: Buffer): void {
  if (isOver(connection)) return
  const { buffered, clock, socket } = connection
  connection.lastReceivedAt = clock.elapsed()
  const all = buffered ? Buffer.concat([buffered, bytes]) : bytes
  connection.buffered = null
  if (isBlocked(connection)) {
    connection.buffered = all
    socket.pause()
  } else read(connection, all)
}

/** The client closed its side; it still gets the replies to its commands. */
export function onEnd(connection: Connection): void {
  connection.hasEnded = true
  if (isBlocked(connection)) return
  flushReplies(connection)
  connection.socket.end()
}

const isBlocked = (connection: Connection): boolean =>
  isBusy(connection) || connection.isYielding || connection.socket.writableNeedDrain

/** Goes on with buffered bytes, once a reply is out, a turn is over or the client has read. */
export function resume(connection: Connection): void {
  const { buffered, socket, pendingClose } = connection
  if (isBusy(connection) || connection.isYielding || isOver(connection)) return
  if (pendingClose) {
    closeConnection(connection, pendingClose)
    return
  }
  // A client that does not read its replies waits; its `drain` resumes.
  if (buffered && socket.writableNeedDrain) return
  connection.buffered = null
  if (buffered) read(connection, buffered)
  if (isBusy(connection) || connection.isYielding || isOver(connection)) return
  if (connection.hasEnded) onEnd(connection)
  else connection.socket.resume()
}

/** Commands and messages, as they follow one another in a packet (RFC 2920). */
function read(connection: Connection, bytes: Buffer): void {
  const from = connection.socket
  let text = ''
  let at = 0
  let commandCount = 0
  while (at < bytes.length && !isBusy(connection)) {
    const { state } = connection
    if (state.type === 'message') {
      at = readMessage(connection, state, bytes, at)
      if (at === -1) return
      continue
    }
    // One character for each byte, so that offsets in the text are offsets in the bytes.
    if (text === '') text = bytes.toString('latin1')
    const end = text.indexOf('\n', at)
    if (end === -1) break
    if (commandCount === maxCommandsInTurn || from.writableNeedDrain) {
      connection.buffered = bytes.subarray(at)
      yieldTurn(connection)
      return
    }
    commandCount += 1
    const line = text.slice(at, end)
    at = end + 1
    handleLine(connection, line)
    // Bytes in the clear after STARTTLS or after QUIT are dropped.
    if (isOver(connection) || connection.socket !== from) return
  }
  if (at === bytes.length) return
  connection.buffered = bytes.subarray(at)
  if (!isBusy(connection)) limitLine(connection, from, bytes.length - at)
}

function limitLine(connection: Connection, socket: Socket, bytes: number): void {
  if (bytes > maxLineBytes) closeConnection(connection, closing.lineTooLong(maxLineBytes))
  else if (bytes > maxUnendedBytes) {
    socket.pause()
    inTurn(() => socket.resume())
  }
}

function yieldTurn(connection: Connection): void {
  connection.isYielding = true
  connection.socket.pause()
  inTurn(() => {
    connection.isYielding = false
    resume(connection)
  })
}

function handleLine(connection: Connection, bytes: string): void {
  const { state, session, dialogue } = connection
  const written = beyondAscii.test(bytes) ? Buffer.from(bytes, 'latin1').toString() : bytes
  const line = written.endsWith('\r') ? written.slice(0, -1) : written
  session.transcript.recordLine(line, state.type === 'answer')
  try {
    if (state.type === 'answer') {
      connection.state = { type: 'commands' }
      state.onAnswer(line.trim())
    } else handleCommand(connection, line)
  } catch (error) {
    dialogue.refuse(session.failed(error))
  }
  connection.progress.reach(stepOf(connection))
}

function handleCommand(connection: Connection, line: string): void {
  const end = line.indexOf(' ')
  const verb = (end === -1 ? line : line.slice(0, end)).toUpperCase()
  const command = commands.get(verb)
  if (command) command(connection.dialogue, end === -1 ? '' : line.slice(end + 1).trim())
  else rejectUnknown(connection, line)
}

function rejectUnknown(connection: Connection, line: string): void {
  connection.unknownCommands += 1
  if (httpRequest.test(line)) closeConnection(connection, closing.http)
  else if (connection.unknownCommands === maxUnknownCommands)
    closeConnection(connection, closing.unknownCommands(maxUnknownCommands))
  else connection.dialogue.reject(rejected.unknownCommand)
}

function stepOf({ dialogue: { transaction }, state }: Connection): Step {
  if (!transaction) return steps.none
  if (state.type === 'message') return steps.message
  return transaction.recipients.size > 0 ? steps.recipient : steps.sender
}

/** After DATA. A message with a declared size waits for memory if there is none. */
export async function receiveMessage(
  connection: Connection,
  transaction: Transaction,
): Promise<void> {
  const { session, clock, dialogue } = connection
  if (session.hasRoom(transaction.sizeBytes)) {
    beginMessage(connection, transaction)
    return
  }
  connection.state = { type: 'waiting' }
  const refusal = await session.awaitRoom(transaction.sizeBytes)
  if (isOver(connection)) return
  connection.state = { type: 'commands' }
  connection.lastReceivedAt = clock.elapsed()
  if (refusal) dialogue.refuse(refusal)
  else beginMessage(connection, transaction)
  resume(connection)
}

function beginMessage(connection: Connection, transaction: Transaction): void {
  const hold = connection.session.openHold(() => data.giveUp())
  const data = createMessageData(maxMessageBytes, hold)
  connection.state = { type: 'message', transaction, data, hold }
  sendReply(connection, startMessage)
}

type MessageState = Extract<State, { readonly type: 'message' }>

/** Returns the offset after the message; -1: its end did not come yet. */
function readMessage(
  connection: Connection,
  state: MessageState,
  bytes: Buffer,
  at: number,
): number {
  const { data, hold } = state
  const end = data.take(bytes, at)
  const taken = (end === -1 ? bytes.length : end) - at
  hold.touch(taken)
  if (!data.isDropped) connection.progress.receive(taken)
  if (end !== -1) void saveMessage(connection, state)
  return end
}

async function saveMessage(connection: Connection, state: MessageState): Promise<void> {
  const { transaction, data, hold } = state
  const { session, dialogue, clock, progress } = connection
  // `accept` counts the bytes again.
  hold.close()
  dialogue.transaction = null
  connection.unknownCommands = 0
  connection.state = { type: 'saving' }
  session.transcript.recordMessage(data.sizeBytes)
  const { mailFrom, recipients } = transaction
  const saved = await session.saveMessage({ mailFrom, rcptTo: [...recipients.values()] }, data)
  data.free()
  if (!isOver(connection)) connection.state = { type: 'commands' }
  // The idle time of the client begins with the reply.
  connection.lastReceivedAt = clock.elapsed()
  if ('publicId' in saved) {
    progress.accept()
    sendReply(connection, done.message(saved.publicId))
    session.transcript.accepted(saved.publicId)
  } else dialogue.refuse(saved)
  resume(connection)
}
