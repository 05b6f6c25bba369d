import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { connect as connectTls, TLSSocket } from 'node:tls'
import { whenOver } from '../test-server.ts'

export type Reply = { readonly code: number; readonly lines: readonly string[] }

export type Conversation = Awaited<ReturnType<typeof converse>>

type ConversationOptions = { readonly tls?: boolean; readonly sayHello?: boolean }

const slowestReplyMs = 10_000

/** Speaks SMTP byte by byte, for input that no client library sends. */
export async function converse(port: number, { tls, sayHello = true }: ConversationOptions = {}) {
  let socket: Socket = tls
    ? connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false })
    : connect({ port, host: '127.0.0.1', noDelay: true })
  let unread = ''
  let isClosed = false
  let wake = (): void => undefined

  function listen(): void {
    socket.on('data', (bytes: Buffer) => {
      unread += bytes.toString('latin1')
      wake()
    })
    socket.on('error', () => undefined)
    socket.on('close', () => {
      isClosed = true
      wake()
    })
  }

  /** The next whole reply; rejects when the server goes away instead. */
  async function reply(): Promise<Reply> {
    const deadline = performance.now() + slowestReplyMs
    for (;;) {
      const found = /^(?:\d{3}-[^\r\n]*\r\n)*(\d{3})(?: [^\r\n]*)?\r\n/.exec(unread)
      if (found) {
        unread = unread.slice(found[0].length)
        const lines = Buffer.from(found[0], 'latin1').toString('utf8').trimEnd().split('\r\n')
        return { code: Number(found[1]), lines: lines.map((line) => line.slice(4)) }
      }
      if (isClosed) throw new Error(`The server closed the connection. Unread: “${unread}”`)
      const leftMs = deadline - performance.now()
      if (leftMs <= 0) throw new Error(`No reply within ${slowestReplyMs} ms`)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, leftMs)
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  }

  const write = (bytes: string | Buffer): void => void socket.write(bytes)

  async function say(line: string): Promise<Reply> {
    write(`${line}\r\n`)
    return reply()
  }

  async function signIn(user: string, key: string): Promise<Reply> {
    return say(`AUTH PLAIN ${Buffer.from(`\0${user}\0${key}`).toString('base64')}`)
  }

  /** MAIL, RCPT and DATA; `raw` is dot-stuffed and ended here. The first refusal is the answer. */
  async function send(mail: {
    readonly from?: string
    readonly to?: readonly string[]
    readonly raw: string | Buffer
  }): Promise<Reply> {
    const lines = [
      `MAIL FROM:<${mail.from ?? 'app@example.com'}>`,
      ...(mail.to ?? ['ann@example.com']).map((address) => `RCPT TO:<${address}>`),
      'DATA',
    ]
    for (const line of lines) {
      const answer = await say(line)
      if (answer.code >= 400) return answer
    }
    write(stuffed(mail.raw))
    return reply()
  }

  /** The TLS handshake that follows a 220 to STARTTLS. */
  async function upgrade(): Promise<void> {
    socket.removeAllListeners('data')
    socket = connectTls({ socket, rejectUnauthorized: false })
    listen()
    await once(socket, 'secureConnect')
  }

  // An open connection would delay the end of its server.
  whenOver(() => socket.destroy())
  listen()
  await once(socket, tls ? 'secureConnect' : 'connect')
  const greeting = await reply()
  const hello = sayHello && greeting.code === 220 ? await say('EHLO client.example') : null

  return {
    greeting,
    /** The reply to EHLO without its first line. */
    extensions: hello?.lines.slice(1) ?? [],
    write,
    say,
    reply,
    signIn,
    send,

    upgrade,

    async startTls(): Promise<void> {
      const answer = await say('STARTTLS')
      if (answer.code !== 220) throw new Error(`STARTTLS: ${answer.code} ${answer.lines.join(' ')}`)
      await upgrade()
    },

    peerCertificate() {
      if (!(socket instanceof TLSSocket)) throw new Error('The connection is not secure')
      const { fingerprint256, subject } = socket.getPeerCertificate()
      return { fingerprint: fingerprint256, subject: subject.CN }
    },

    /** Ends the connection with a reset, as a crashed client does. */
    reset: (): void => void socket.resetAndDestroy(),

    async close(): Promise<void> {
      if (isClosed) return
      const closed = once(socket, 'close')
      socket.end()
      await closed
    },

    async closedByServer(): Promise<void> {
      if (!isClosed) await once(socket, 'close')
    },
  }
}

/** RFC 5321 §4.5.2: a dot at the start of a line is doubled, and a line of one dot ends it. */
export function stuffed(raw: string | Buffer): Buffer {
  const text = (typeof raw === 'string' ? Buffer.from(raw) : raw).toString('latin1')
  const dotted = text.replace(/^\./, '..').replace(/\r\n\./g, '\r\n..')
  const end = text === '' || text.endsWith('\r\n') ? '.\r\n' : '\r\n.\r\n'
  return Buffer.from(dotted + end, 'latin1')
}
