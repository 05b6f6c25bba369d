import type { Socket } from 'node:net'
import { type SecureContext, TLSSocket } from 'node:tls'
import type { ByteHold } from '../base/byte-budget.ts'
import type { Clock } from '../base/clock.ts'
import type { Farewells } from '../base/farewells.ts'
import { inTurn } from '../base/turns.ts'
import type { Fault } from '../contract/faults.ts'
import { maxMessageBytes } from '../domain/messages/accept.ts'
import { commands, hostName } from './commands.ts'
import type { Dialogue, Transaction } from './dialogue.ts'
import { createMessageData, type MessageData } from './message-data.ts'
import { atEndOfTurn } from './replies.ts'
import type { Session } from './session.ts'
import type { Client } from './transcript.ts'

export type Connection = ReturnType<typeof openConnection>

type ConnectionOptions = {
  readonly client: Client
  readonly session: Session
  readonly secureContext: SecureContext
  /** TLS from the first byte (RFC 8314). */
  readonly implicitTls: boolean
  readonly clock: Clock
  readonly farewells: Farewells
  readonly onSignIn: () => void
  /** It takes up no place any more: the client was told farewell, or is gone. */
  readonly onLeave: () => void
  readonly onClose: () => void
}

/** The message that follows a DATA. */
type Incoming = {
  readonly transaction: Transaction
  readonly data: MessageData
  readonly hold: ByteHold
}

const maxLineBytes = 65_536
/** The rest of a longer line is read in turn with other connections. */
const maxUnendedBytes = 16_384
const idleMs = 60_000
/** A client that drips bytes is never idle; this ends its session all the same. */
const maxSessionMs = 15 * 60_000
const maxUnknownCommands = 10
/** Of one client in one turn of the event loop: more than an honest one says in one packet. */
const maxCommandsInTurn = 16
/** When places run out, age weighs less for a client that has signed in or sent a message. */
const provenWeight = 1 / 5
/** And less still in the middle of a transaction. */
const sendingWeight = 1 / 20
/** So many bytes of a message are progress of a client: more than keeps a connection open. */
const progressBytes = 65_536

const beyondAscii = /[\x80-\xff]/
const httpRequest = /^(OPTIONS|GET|HEAD|POST|PUT|PATCH|DELETE|TRACE|CONNECT) \S+ HTTP\/\d/i

/**
 * One client, from the greeting to the farewell: bytes in, commands and messages out of them,
 * replies back. Commands may come in one packet without waiting (RFC 2920); they are obeyed in
 * order, and while a message is written to disk those behind it wait.
 */
export function openConnection(accepted: Socket, options: ConnectionOptions) {
  const { client, session, secureContext, implicitTls, clock, farewells } = options
  const { onSignIn, onLeave, onClose } = options
  const { transcript } = session
  let socket = accepted
  /** What came and was not looked at yet: half a line, or what waits behind a message. */
  let rest: Buffer | null = null
  let replies = ''
  let answered: ((line: string) => void) | null = null
  let message: Incoming | null = null
  /** Nothing more is obeyed until something is done. */
  let isBusy = false
  /** A message is written to disk. */
  let isSaving = false
  /** More commands are there than may be obeyed at once. */
  let isInTurn = false
  /** What to say once the message that is being written to disk is answered. */
  let farewell: string | null = null
  let isLeaving = false
  /** The client will say no more, and may still listen. */
  let hasEnded = false
  let isClosed = false
  let unknownCommands = 0
  const endsAt = clock.elapsed() + maxSessionMs
  let heardAt = clock.elapsed()
  /**
   * When the client last came closer to a message that is accepted. Each step counts once for each
   * message: to repeat steps is no progress.
   */
  let progressedAt = heardAt
  let reachedStep = 0
  let uncountedBytes = 0
  let hasSent = false
  let cancelWatch = (): void => undefined

  const dialogue: Dialogue = {
    client,
    session,
    hasGreeted: false,
    transaction: null,
    reply,
    refuse({ smtpReply: { code, enhanced }, message }) {
      // A reply is a line, and what the client sent may be part of it.
      reply(`${code} ${enhanced} ${message.replace(/\p{Cc}/gu, ' ')}`)
    },
    reject(code, enhanced, sentence) {
      session.rejected(code, sentence)
      reply(`${code} ${enhanced} ${sentence}`)
    },
    ask(question, next) {
      answered = next
      reply(question)
    },
    receiveMessage(transaction) {
      if (session.hasRoom(transaction.sizeBytes)) beginMessage(transaction)
      else void awaitRoom(transaction)
    },
    beginTls() {
      reply('220 2.0.0 Begin TLS')
      send()
      encrypt()
    },
    signedIn() {
      progressedAt = clock.elapsed()
      onSignIn()
    },
    leave,
    leaveLate: (fault) => void leaveLate(fault),
  }

  /** A message that says how large it is may wait for its room, since it holds none. */
  async function awaitRoom(transaction: Transaction): Promise<void> {
    isBusy = true
    const refusal = await session.awaitRoom(transaction.sizeBytes)
    isBusy = false
    heardAt = clock.elapsed()
    if (isLeaving) return
    if (refusal) dialogue.refuse(refusal)
    else beginMessage(transaction)
    goOn()
  }

  function beginMessage(transaction: Transaction): void {
    const hold = session.openHold(() => data.giveUp())
    const data = createMessageData(maxMessageBytes, hold)
    message = { transaction, data, hold }
    reply('354 Send the message, and a dot on a line of its own behind it')
  }

  /** One that did not come to its end. */
  function forgetMessage(): void {
    message?.hold.close()
    message?.data.free()
    message = null
  }

  async function leaveLate(fault: Fault): Promise<void> {
    isBusy = true
    await session.holdBack()
    isBusy = false
    if (isLeaving) return
    const { code, enhanced } = fault.smtpReply
    leave(`${code} ${enhanced} ${fault.message}`)
  }

  function reply(text: string): void {
    if (replies === '') atEndOfTurn(send)
    replies += `${text}\r\n`
    transcript.said(text)
  }

  function send(): void {
    const text = replies
    replies = ''
    // Whoever hung up meanwhile hears nothing, and to write to them would be an error.
    if (text !== '' && socket.writable) socket.write(text)
  }

  function leave(text: string): void {
    if (isLeaving) return
    if (isSaving) {
      farewell = text
      return
    }
    reply(text)
    send()
    isLeaving = true
    rest = null
    forgetMessage()
    farewells.end(socket)
    cancelWatch()
    onLeave()
  }

  function hear(bytes: Buffer): void {
    if (isLeaving) return
    heardAt = clock.elapsed()
    const all = rest ? Buffer.concat([rest, bytes]) : bytes
    rest = null
    if (isBusy || isInTurn || socket.writableNeedDrain) {
      rest = all
      socket.pause()
    } else read(all)
  }

  function read(bytes: Buffer): void {
    const from = socket
    let text = ''
    let at = 0
    let obeyed = 0
    while (at < bytes.length && !isBusy) {
      if (message) {
        const { data, hold } = message
        const behind = data.take(bytes, at)
        const taken = (behind === -1 ? bytes.length : behind) - at
        hold.touch(taken)
        countBytes(data, taken)
        at = behind
        if (at === -1) return
        void finishMessage(message)
        continue
      }
      // A character a byte, so that places in the text are places in the bytes.
      if (text === '') text = bytes.toString('latin1')
      const end = text.indexOf('\n', at)
      if (end === -1) break
      if (obeyed === maxCommandsInTurn || socket.writableNeedDrain) {
        rest = bytes.subarray(at)
        waitForTurn()
        return
      }
      obeyed += 1
      const line = text.slice(at, end)
      at = end + 1
      obey(line)
      countStep()
      // Whatever came in clear behind STARTTLS, or behind QUIT, is not obeyed.
      if (isLeaving || socket !== from) return
    }
    if (at === bytes.length) return
    rest = bytes.subarray(at)
    if (isBusy) return
    if (rest.length > maxLineBytes)
      leave(`421 4.5.2 A line may have ${maxLineBytes} bytes outside of a message.`)
    else if (rest.length > maxUnendedBytes) {
      from.pause()
      inTurn(() => from.resume())
    }
  }

  function countBytes(data: MessageData, taken: number): void {
    uncountedBytes += taken
    if (uncountedBytes < progressBytes || data.isDropped) return
    uncountedBytes = 0
    progressedAt = clock.elapsed()
  }

  function countStep(): void {
    const step = stepOf(dialogue.transaction, message !== null)
    if (step <= reachedStep) return
    reachedStep = step
    progressedAt = clock.elapsed()
  }

  function waitForTurn(): void {
    isInTurn = true
    socket.pause()
    inTurn(() => {
      isInTurn = false
      goOn()
    })
  }

  function obey(bytes: string): void {
    const written = beyondAscii.test(bytes) ? Buffer.from(bytes, 'latin1').toString() : bytes
    const line = written.endsWith('\r') ? written.slice(0, -1) : written
    transcript.heard(line, answered !== null)
    try {
      if (answered) {
        const answer = answered
        answered = null
        answer(line.trim())
        return
      }
      const end = line.indexOf(' ')
      const verb = (end === -1 ? line : line.slice(0, end)).toUpperCase()
      const command = commands[verb]
      if (command) command(dialogue, end === -1 ? '' : line.slice(end + 1).trim())
      else answerUnknown(line)
    } catch (error) {
      dialogue.refuse(session.failed(error))
    }
  }

  function answerUnknown(line: string): void {
    unknownCommands += 1
    if (httpRequest.test(line)) leave('421 4.7.0 This port speaks SMTP, not HTTP.')
    else if (unknownCommands === maxUnknownCommands)
      leave(`421 4.7.0 That was the ${maxUnknownCommands}th line that is no command.`)
    else dialogue.reject(500, '5.5.2', 'That is no command. HELP names those there are.')
  }

  async function finishMessage({ transaction, data, hold }: Incoming): Promise<void> {
    const { mailFrom, recipients } = transaction
    message = null
    // What is taken is counted again by the one who takes it.
    hold.close()
    dialogue.transaction = null
    unknownCommands = 0
    transcript.heardMessage(data.sizeBytes)
    isBusy = true
    isSaving = true
    const taken = await session.take({ mailFrom, rcptTo: [...recipients.values()] }, data)
    data.free()
    isBusy = false
    isSaving = false
    // It is the client's turn from here on.
    heardAt = clock.elapsed()
    if ('publicId' in taken) {
      hasSent = true
      progressedAt = heardAt
      reachedStep = 0
      reply(`250 2.6.0 Accepted as ${taken.publicId}`)
      transcript.accepted(taken.publicId)
    } else dialogue.refuse(taken)
    goOn()
  }

  /** What came in the meantime is heard now. */
  function goOn(): void {
    if (isBusy || isInTurn || isLeaving) return
    if (farewell !== null) {
      leave(farewell)
      return
    }
    // What is written to a client that does not read waits for it; its drain comes here again.
    if (rest && socket.writableNeedDrain) return
    const bytes = rest
    rest = null
    if (bytes) read(bytes)
    if (isBusy || isInTurn || isLeaving) return
    if (hasEnded) onEnd()
    else socket.resume()
  }

  /** Nothing that came in clear counts any more (RFC 3207 §4.2). */
  function encrypt(): void {
    rest = null
    client.name = ''
    dialogue.hasGreeted = false
    dialogue.transaction = null
    session.signOut()
    socket.off('data', hear).off('end', onEnd).off('drain', goOn)
    const secure = new TLSSocket(socket, { isServer: true, secureContext })
    secure.once('secure', () => {
      client.tls = secure.getProtocol() ?? 'TLS'
      if (implicitTls) greet()
    })
    socket = secure
    listen()
  }

  function listen(): void {
    const current = socket
    current.on('data', hear).on('end', onEnd).on('drain', goOn)
    current.on('close', close)
    current.on('error', () => current.destroy())
  }

  function greet(): void {
    reply(`220 ${hostName} ESMTP MailSage`)
    send()
  }

  /** Who waits for an answer of ours is not idle. */
  function watch(): void {
    const now = clock.elapsed()
    if (now >= endsAt) leave('421 4.4.2 This session has lasted too long. Connect again.')
    else if (now >= heardAt + idleMs && !isBusy)
      leave('421 4.4.2 Nothing came for a minute. Connect again.')
    else {
      const idleAt = isBusy ? now + idleMs : heardAt + idleMs
      cancelWatch = clock.after(Math.min(idleAt, endsAt) - now, watch)
    }
  }

  function onEnd(): void {
    hasEnded = true
    if (isBusy || isInTurn || socket.writableNeedDrain) return
    send()
    socket.end()
  }

  function close(): void {
    if (isClosed) return
    isClosed = true
    cancelWatch()
    forgetMessage()
    if (!isLeaving) onLeave()
    isLeaving = true
    transcript.close()
    onClose()
  }

  socket.setNoDelay(true)
  listen()
  watch()
  if (implicitTls) encrypt()
  else greet()

  return {
    /** For how long it has made no progress, weighted. Never null: no share may be held whole. */
    idleMs(): number {
      if (isSaving) return 0
      const idleMs = Math.max(0, clock.elapsed() - progressedAt)
      if (dialogue.transaction) return idleMs * sendingWeight
      return session.isSignedIn || hasSent ? idleMs * provenWeight : idleMs
    },

    leave,

    /** Says why and hangs up, once a message that has begun is through. */
    finish(text: string): void {
      if (dialogue.transaction) farewell = text
      else leave(text)
    },

    /** Without a word. */
    destroy: (): void => void socket.destroy(),
  }
}

/** How far a client has come with a message. */
function stepOf(transaction: Transaction | null, hasMessage: boolean): number {
  if (!transaction) return 0
  if (hasMessage) return 3
  return transaction.recipients.size > 0 ? 2 : 1
}
