import { connect, type Socket } from 'node:net'
import { hostname } from 'node:os'
import { connectionProblem } from '../base/connection-problem.ts'
import { isAddress, shown } from '../contract/addresses.ts'

export type SmtpReply = { readonly code: number; readonly text: string }

/** A reply that ends the session, and its command. */
export class SmtpRefusal extends Error {
  override readonly name = 'SmtpRefusal'
  readonly reply: SmtpReply
  readonly command: string

  constructor(command: string, reply: SmtpReply) {
    super(`${reply.code} ${reply.text}`)
    this.command = command
    this.reply = reply
  }
}

/** The session did not reach its end; the message is a sentence with the reason. */
export class SmtpUnreachable extends Error {
  override readonly name = 'SmtpUnreachable'
}

export type Envelope = {
  readonly host: string
  readonly port: number
  /** User name (an inbox, or any name) and password (a key). */
  readonly login?: { readonly user: string; readonly key: string } | undefined
  readonly from: string
  readonly to: readonly string[]
  readonly raw: Buffer
  /** Gets the lines of both sides, without the key. */
  readonly trace?: (line: string) => void
}

const patienceMs = 60_000

/** Submits one message (RFC 5321) and returns the server's last reply. */
export async function submit(envelope: Envelope): Promise<SmtpReply> {
  for (const address of [envelope.from, ...envelope.to]) refuseCommand(address)
  try {
    return await converse(envelope)
  } catch (error) {
    if (error instanceof SmtpRefusal) throw error
    throw new SmtpUnreachable(connectionProblem(error, `${envelope.host}:${envelope.port}`))
  }
}

async function converse(envelope: Envelope): Promise<SmtpReply> {
  const { host, port, login, from, to, raw, trace } = envelope
  const socket = await open(host, port)
  const replies = readReplies(socket)

  async function hear(command: string): Promise<SmtpReply> {
    const { value: reply } = await replies.next()
    if (!reply) throw Object.assign(new Error('No reply'), { code: 'ECONNRESET' })
    trace?.(`<<< ${reply.code} ${reply.text}`)
    if (reply.code >= 400) throw new SmtpRefusal(command, reply)
    return reply
  }

  function say(line: string, shown = line): Promise<SmtpReply> {
    trace?.(`>>> ${shown}`)
    socket.write(`${line}\r\n`)
    return hear(shown.split(' ', 1)[0] ?? '')
  }

  try {
    await hear('CONNECT')
    await say(`EHLO ${hostname() || 'localhost'}`)
    if (login) {
      const secret = Buffer.from(`\0${login.user}\0${login.key}`).toString('base64')
      await say(`AUTH PLAIN ${secret}`, 'AUTH PLAIN ***')
    }
    const isPlain = [from, ...to].every((address) => !/[^\p{ASCII}]/u.test(address))
    await say(`MAIL FROM:<${from}> SIZE=${raw.length}${isPlain ? '' : ' SMTPUTF8'}`)
    for (const address of to) await say(`RCPT TO:<${address}>`)
    await say('DATA')
    socket.write(dotted(raw))
    const reply = await hear('DATA')
    // The message is accepted, however the session ends.
    await say('QUIT').catch(() => undefined)
    return reply
  } finally {
    socket.destroy()
  }
}

/** An address in a command must not close its angle brackets. */
function refuseCommand(address: string): void {
  if (isAddress(address) || !/[\s<>\p{Cc}]/u.test(address)) return
  throw new Error(`“${shown(address)}” is not an email address.`)
}

function open(host: string, port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port })
    socket.setTimeout(patienceMs, () =>
      socket.destroy(Object.assign(new Error('No answer'), { code: 'ETIMEDOUT' })),
    )
    socket.once('error', reject)
    socket.once('connect', () => {
      socket.off('error', reject)
      resolve(socket)
    })
  })
}

async function* readReplies(socket: Socket): AsyncGenerator<SmtpReply> {
  let unread = ''
  let texts: string[] = []
  for await (const bytes of socket as AsyncIterable<Buffer>) {
    unread += bytes.toString('utf8')
    for (let end = unread.indexOf('\n'); end !== -1; end = unread.indexOf('\n')) {
      const line = unread.slice(0, end).trimEnd()
      unread = unread.slice(end + 1)
      texts.push(line.slice(4))
      if (line.charAt(3) === '-') continue
      yield { code: Number(line.slice(0, 3)), text: texts.join(' ') }
      texts = []
    }
  }
}

/** RFC 5321 §4.5.2: CR LF everywhere, a dot at the start of a line doubled, a dot alone at the end. */
export function dotted(raw: Buffer): Buffer {
  const text = raw.toString('latin1').replace(/\r\n|\r|\n/g, '\r\n')
  const ended = text === '' || text.endsWith('\r\n') ? text : `${text}\r\n`
  return Buffer.from(`${ended.replace(/^\./gm, '..')}.\r\n`, 'latin1')
}
