import type { TLSSocket } from 'node:tls'
import SmtpConnection from 'nodemailer/lib/smtp-connection'
import type { ConnectionListener, RelayTarget } from '../domain/relays/upstream.ts'
import type { AccessTokens } from './access-tokens.ts'
import { createLineMask } from './line-mask.ts'
import { loginOf } from './relay-login.ts'

/** Private to nodemailer: the only way to read the certificate of a STARTTLS connection. */
type WithSocket = { readonly _socket?: Partial<TLSSocket> }

const quitMs = 1000

type LogEntry = { readonly tnx?: string }

/** Tests a relay step by step: connection, greeting, TLS, sign-in. `listener` receives each step. */
export async function probe(
  relay: RelayTarget,
  options: Readonly<Record<string, unknown>>,
  tokens: AccessTokens,
  listener: ConnectionListener,
): Promise<void> {
  const onLog = watchConversation(
    relay,
    listener,
    () => (connection as unknown as WithSocket)._socket,
  )
  const ignore = () => undefined
  const connection = new SmtpConnection({
    ...options,
    debug: true,
    logger: {
      level: ignore,
      trace: ignore,
      debug: onLog,
      info: ignore,
      warn: ignore,
      error: ignore,
      fatal: ignore,
    },
  } as ConstructorParameters<typeof SmtpConnection>[0])

  // The callback of a step is not called when the connection breaks off.
  const broken = new Promise<never>((_, reject) => {
    connection.on('error', reject)
    connection.on('end', () => reject(Object.assign(new Error('Ended'), { code: 'ECONNECTION' })))
  })
  broken.catch(ignore)
  const step = (begin: (done: Done) => void): Promise<void> =>
    Promise.race([
      broken,
      new Promise<void>((resolve, reject) => {
        begin((error) => (error ? reject(error) : resolve()))
      }),
    ])

  try {
    listener.began('connect')
    await step((done) => connection.connect(done))
    listener.done(featuresOf(connection.lastServerResponse))
    const auth = loginOf(relay, tokens)
    if (auth) {
      listener.began('sign_in')
      await step((done) => connection.login(auth, done))
      listener.done(relay.oauth2 ? `${relay.username}, with OAuth2` : `As ${relay.username}`)
    }
    connection.quit()
    setTimeout(() => connection.close(), quitMs).unref()
  } catch (error) {
    connection.close()
    throw error
  }
}

type Done = (error?: Error | null) => void

/** Returns a receiver for nodemailer's log that turns its lines into steps of `listener`. */
function watchConversation(
  relay: RelayTarget,
  listener: ConnectionListener,
  socketOf: () => WithSocket['_socket'],
) {
  const mask = createLineMask()
  let isEncrypted = false
  let greeting: string | null = null
  let hasGreeted = false

  function noteEncryption(): void {
    const socket = socketOf()
    if (isEncrypted || !socket?.getPeerCertificate || !socket.getProtocol) return
    isEncrypted = true
    const { subject, issuer, valid_to: validTo } = socket.getPeerCertificate()
    const protocol = socket.getProtocol() ?? 'TLS'
    const cipher = socket.getCipher?.().name ?? ''
    listener.certificate({
      protocol,
      cipher,
      subject: nameOf(subject?.CN),
      issuer: nameOf(issuer?.O ?? issuer?.CN),
      valid_to: validTo ? new Date(validTo).toISOString() : '',
      trusted: socket.authorized === true,
    })
    if (relay.tls === 'implicit') listener.began('tls')
    listener.done(`${protocol}, ${cipher}`)
  }

  return ({ tnx }: LogEntry, text: unknown): void => {
    if (tnx !== 'client' && tnx !== 'server') return
    for (const line of String(text).split(/\r?\n/)) {
      const masked = mask(tnx, line)
      greeting ??= tnx === 'server' ? masked : null
      if (tnx === 'client' && /^(EHLO|HELO) /i.test(masked)) {
        if (!hasGreeted) listener.done(greeting)
        hasGreeted = true
        noteEncryption()
        listener.began('features')
      }
      if (tnx === 'client' && /^STARTTLS$/i.test(masked)) listener.began('tls')
      listener.line(tnx, masked)
    }
  }
}

/** The extensions of an EHLO reply, in one line. */
function featuresOf(reply: unknown): string | null {
  const [, ...features] = String(reply || '')
    .split(/\r?\n/)
    .filter(Boolean)
    .map((line) => line.slice(4).trim())
  return features.length === 0 ? null : features.join(', ')
}

const nameOf = (name: unknown): string =>
  Array.isArray(name) ? name.join(', ') : String(name ?? '–')
