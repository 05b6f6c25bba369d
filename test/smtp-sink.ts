import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SMTPServer, type SMTPServerDataStream } from 'smtp-server'
import { type Certificate, loadCertificate } from '../src-main/smtp/certificate.ts'
import { until } from './wait-for.ts'

export type SinkMessage = {
  readonly mailFrom: string
  readonly rcptTo: readonly string[]
  readonly raw: Buffer
  readonly user: string | null
  readonly secure: boolean
}

/** An SMTP refusal such as `550 5.1.1 No such user`. */
export type Refusal = `${4 | 5}${number} ${string}`

/** The replies of the sink; change them while it runs. Omitted steps are accepted. */
export type SinkRules = {
  connect?: () => Refusal | null
  sender?: (address: string) => Refusal | null
  recipient?: (address: string) => Refusal | null
  /** `close` ends the connection in mid-DATA; a promise holds the answer back. */
  message?: () => Refusal | 'close' | null | Promise<Refusal | 'close' | null>
  /** The only password that AUTH accepts; by default any. */
  password?: string
  /** The only access token that XOAUTH2 accepts. */
  accessToken?: string
}

export type SinkOptions = {
  readonly tls?: 'none' | 'starttls' | 'implicit'
  readonly auth?: boolean
  /** Accepts only access tokens (XOAUTH2). */
  readonly oauth2?: boolean
  readonly port?: number
  /** Announced as SIZE. */
  readonly sizeBytes?: number
}

export type Sink = Awaited<ReturnType<typeof startSink>>

let certificate: Promise<Certificate> | null = null

/** Creating a certificate takes longer than the rest of a sink. */
function sinkCertificate(): Promise<Certificate> {
  certificate ??= (async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mailsage-sink-'))
    try {
      return await loadCertificate(folder, Date.now())
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })()
  return certificate
}

/** A real SMTP server that records messages and fails as configured. */
export async function startSink(options: SinkOptions = {}) {
  const { tls = 'none', oauth2 = false, auth = oauth2, port = 0, sizeBytes } = options
  const certificate = await sinkCertificate()
  const rules: SinkRules = {}
  const messages: SinkMessage[] = []
  const seen = { connections: 0 }

  const server = new SMTPServer({
    ...certificate,
    secure: tls === 'implicit',
    disabledCommands: [...(auth ? [] : ['AUTH']), ...(tls === 'starttls' ? [] : ['STARTTLS'])],
    allowInsecureAuth: true,
    authOptional: !auth,
    disableReverseLookup: true,
    closeTimeout: 100,
    logger: false,
    ...(sizeBytes === undefined ? {} : { size: sizeBytes }),
    onConnect(_session, done) {
      seen.connections += 1
      done(toError(rules.connect?.() ?? null))
    },
    ...(oauth2 ? { authMethods: ['XOAUTH2'] } : {}),
    onAuth({ username = '', password, accessToken }, _session, done) {
      const isRight = oauth2
        ? accessToken === rules.accessToken
        : rules.password === undefined || rules.password === password
      if (isRight) done(null, { user: username })
      else done(toError('535 5.7.8 Wrong user name or password'))
    },
    onMailFrom({ address }, _session, done) {
      done(toError(rules.sender?.(address) ?? null))
    },
    onRcptTo({ address }, _session, done) {
      done(toError(rules.recipient?.(address) ?? null))
    },
    onData(stream, session, done) {
      const finish = async () => {
        const answer = (await rules.message?.()) ?? null
        if (answer === 'close') {
          for (const { id, close } of connections()) if (id === session.id) close()
          return
        }
        const raw = await read(stream)
        const { mailFrom, rcptTo } = session.envelope
        if (answer === null) {
          messages.push({
            mailFrom: mailFrom ? mailFrom.address : '',
            rcptTo: rcptTo.map(({ address }) => address),
            raw,
            user: session.user === undefined ? null : String(session.user),
            secure: session.secure,
          })
        }
        done(toError(answer))
      }
      finish().catch(done)
    },
  })
  server.on('error', () => undefined)

  function connections() {
    // smtp-server keeps its socket private, and has no method to end a connection during a message.
    const open = server.connections as unknown as Set<{
      readonly id: string
      readonly _socket: { readonly destroy: () => void }
    }>
    return [...open].map(({ id, _socket }) => ({ id, close: () => _socket.destroy() }))
  }

  server.listen(port, '127.0.0.1')
  await once(server.server, 'listening')

  return {
    port: (server.server.address() as AddressInfo).port,
    rules,
    messages,
    get connections(): number {
      return seen.connections
    },
    /** Waits for `count` messages. */
    received: (count: number) =>
      until(`${count} messages at the sink`, () => messages.length >= count),
    async close(): Promise<void> {
      for (const { close } of connections()) close()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

function toError(refusal: Refusal | null): Error | null {
  if (refusal === null) return null
  const [, code, text] = /^(\d{3}) (.*)$/s.exec(refusal) ?? []
  return Object.assign(new Error(text), { responseCode: Number(code) })
}

async function read(stream: SMTPServerDataStream): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}
