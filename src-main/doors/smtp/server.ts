import type { AddressInfo } from 'node:net'
import {
  SMTPServer,
  type SMTPServerAuthentication,
  type SMTPServerDataStream,
  type SMTPServerOptions,
  type SMTPServerSession,
} from 'smtp-server'
import type { Clock } from '../../base/clock.ts'
import { requestId } from '../../base/ids.ts'
import { isLoopback, plainAddress } from '../../base/ip-addresses.ts'
import type { Log } from '../../base/log.ts'
import { isAddress } from '../../base/mailboxes.ts'
import { Fault } from '../../contract/faults.ts'
import { InboxName } from '../../contract/wire.ts'
import { mostRecipients } from '../../domain/addresses.ts'
import { anonymousCaller, type Caller, demand } from '../../domain/caller.ts'
import type { Domain } from '../../domain/domain.ts'
import { checkSize, largestMessageBytes, type Message } from '../../domain/messages.ts'
import type { Certificate } from './certificate.ts'
import { groupReplies } from './grouped-replies.ts'
import { collect } from './message-stream.ts'
import { greetAtOnce } from './quick-greeting.ts'
import { createTranscripts } from './transcript.ts'

export type SmtpDoor = { readonly port: number; readonly close: () => Promise<void> }

export type SmtpDoorOptions = {
  readonly host: string
  readonly port: number
  /** True: TLS from the first byte (RFC 8314); false: STARTTLS is offered. */
  readonly implicitTls: boolean
  readonly certificate: Certificate
  readonly domain: Domain
  readonly clock: Clock
  readonly log: Log
}

const mostConnections = 200
const idleMs = 60_000
/** A client that drips bytes is never idle; this ends its session all the same. */
const longestSessionMs = 15 * 60_000

/**
 * What a session is known by after AUTH; smtp-server keeps it as `session.user`. The key is asked
 * for again with every message, since it may be revoked while the session is open.
 */
type Login = {
  readonly key: string
  readonly hash: string
  readonly user: string
  /** Where the client connects from. */
  readonly address: string
}

greetAtOnce()
groupReplies()

/** The SMTP door (RFC 5321, RFC 6409): callbacks that end in `messages.accept`. */
export async function openSmtpDoor(options: SmtpDoorOptions): Promise<SmtpDoor> {
  const { domain, clock, log } = options
  const deadlines = new Map<string, () => void>()
  const transcripts = createTranscripts(domain.requests)

  const callbacks: SMTPServerOptions = {
    onConnect(session, done) {
      transcripts.open(session, requestId(clock.now()))
      deadlines.set(
        session.id,
        clock.after(longestSessionMs, () => endSession(session.id)),
      )
      done()
    },

    onClose(session) {
      deadlines.get(session.id)?.()
      deadlines.delete(session.id)
      transcripts.close(session)
    },

    onAuth(auth, session, done) {
      const started = performance.now()
      try {
        const { login, caller } = logIn(auth, session)
        transcripts.signedIn(session, caller)
        done(null, { user: login as unknown as string })
      } catch (error) {
        const fault = toFault(error)
        record(session, null, fault, started)
        done(toReply(fault))
      }
    },

    onMailFrom(address, session, done) {
      const started = performance.now()
      try {
        const caller = callerOf(session)
        if (address.address !== '' && !isAddress(address.address)) {
          throw new Fault('invalid_sender', `The sender ${address.address} is not a valid address.`)
        }
        demand(caller, 'send')
        domain.messages.demandCapture(caller)
        const { refusal } = domain.limits.admit(caller)
        if (refusal) throw refusal
        done()
      } catch (error) {
        const fault = toFault(error)
        record(session, knownCallerOf(session), fault, started)
        done(toReply(fault))
      }
    },

    onRcptTo(address, session, done) {
      const started = performance.now()
      const fault = recipientFault(address.address, session)
      if (fault) record(session, knownCallerOf(session), fault, started)
      done(fault ? toReply(fault) : null)
    },

    onData(stream, session, done) {
      const started = performance.now()
      take(stream, session).then(
        (message) => {
          domain.requests.used()
          done(null, `2.6.0 Accepted as ${message.publicId}`)
          transcripts.accepted(session, message.publicId)
        },
        (error) => {
          // The client went away in mid-message: nothing was refused, and nobody hears the reply.
          if (error.code === 'ECONNECTION') return done(error)
          const fault = toFault(error)
          record(session, knownCallerOf(session), fault, started)
          done(toReply(fault))
        },
      )
    },
  }

  function logIn(auth: SMTPServerAuthentication, session: SMTPServerSession) {
    const key = auth.password ?? ''
    const login: Login = {
      key,
      hash: domain.keys.hashOf(key),
      user: auth.username ?? '',
      address: plainAddress(session.remoteAddress),
    }
    return { login, caller: whoIs(login) }
  }

  function whoIs({ key, address, hash }: Login): Caller {
    return domain.keys.authenticate(key, address, hash)
  }

  /** Without a key, this machine's own mail is captured if the setting says so. */
  function callerOf(session: SMTPServerSession): Caller {
    const login = loginOf(session)
    if (login) return whoIs(login)
    const isOpen = domain.settings.current().anonymous_capture && isLoopback(session.remoteAddress)
    if (isOpen) return anonymousCaller
    throw keyMissing()
  }

  /** Whom a refusal is recorded for; null when it is refused for want of a valid key. */
  function knownCallerOf(session: SMTPServerSession): Caller | null {
    try {
      return callerOf(session)
    } catch {
      return null
    }
  }

  async function take(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<Message> {
    const raw = await collect(stream, largestMessageBytes)
    const caller = callerOf(session)
    if (raw === null) checkSize(stream.byteLength)
    const { mailFrom, rcptTo } = session.envelope
    const inbox = inboxFor(caller, loginOf(session)?.user)
    return domain.messages.accept(
      caller,
      {
        mailFrom: mailFrom ? mailFrom.address : '',
        rcptTo: [...new Set(rcptTo.map(({ address }) => address))],
      },
      raw ?? Buffer.alloc(0),
      'smtp',
      { inbox },
    )
  }

  function record(
    session: SMTPServerSession,
    caller: Caller | null,
    fault: Fault,
    startedAt: number,
    status: number = fault.smtpReply.code,
  ): void {
    if (fault.code === 'internal')
      log.error('An SMTP session failed', fault.details.cause, { session: session.id })
    transcripts.refused(session, fault)
    domain.requests.record({
      caller,
      route: 'SMTP',
      status,
      fault: fault.code,
      durationMs: performance.now() - startedAt,
      address: plainAddress(session.remoteAddress),
      userAgent: session.hostNameAppearsAs || null,
      requestId: transcripts.requestIdOf(session) ?? requestId(clock.now()),
    })
  }

  const server = new SMTPServer({
    ...callbacks,
    secure: options.implicitTls,
    key: options.certificate.key,
    cert: options.certificate.cert,
    name: 'mailsage.local',
    banner: 'MailSage',
    authMethods: ['PLAIN', 'LOGIN'],
    authOptional: true,
    // On loopback a key travels no wire, and few local clients trust a self-made certificate.
    allowInsecureAuth: true,
    disableReverseLookup: true,
    hideENHANCEDSTATUSCODES: false,
    size: largestMessageBytes,
    maxClients: mostConnections,
    socketTimeout: idleMs,
    closeTimeout: 1500,
    logger: false,
  })

  transcripts.listen(server, ({ session, code, fault }) =>
    record(session, knownCallerOf(session), fault, performance.now(), code),
  )

  function endSession(id: string): void {
    for (const connection of server.connections) {
      if (connection.id !== id) continue
      connection.send(421, '4.4.2 This session has lasted too long. Connect again.')
    }
  }

  // Without a listener a client that resets its connection in mid-message would end the process.
  server.on('error', (error: Error) =>
    log.debug('An SMTP client went away', { reason: error.message }),
  )

  await listen(server, options.host, options.port)
  return {
    port: (server.server.address() as AddressInfo).port,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

function listen(server: SMTPServer, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.server.once('error', reject)
    server.listen(port, host, () => {
      server.server.off('error', reject)
      resolve()
    })
  })
}

const loginOf = (session: SMTPServerSession): Login | undefined =>
  session.user as unknown as Login | undefined

/** The user name picks an inbox; anything else, such as `apikey`, is the key's own. */
function inboxFor(caller: Caller, user: string | undefined): string | undefined {
  const isWord = ['mailsage', 'apikey', 'api', 'user', 'resend', 'smtp'].includes(
    user?.toLowerCase() ?? '',
  )
  const name = InboxName.safeParse(user)
  return isWord || !name.success ? caller.inbox : name.data
}

function recipientFault(address: string, session: SMTPServerSession): Fault | null {
  if (session.envelope.rcptTo.length >= mostRecipients) {
    return new Fault(
      'too_many_recipients',
      `A message may have ${mostRecipients} recipients. Send the rest in another.`,
    )
  }
  if (isAddress(address)) return null
  return new Fault('invalid_recipient', `The recipient ${address} is not a valid address.`)
}

function keyMissing(): Fault {
  return new Fault(
    'missing_api_key',
    'Sign in first: AUTH PLAIN or LOGIN with an API key as the password.',
  )
}

function toFault(error: unknown): Fault {
  if (error instanceof Fault) return error
  return new Fault('internal', 'Something went wrong on our side. Try again.', { cause: error })
}

/** smtp-server answers with the error's `responseCode` and message. */
function toReply(fault: Fault): Error {
  const { code, enhanced } = fault.smtpReply
  return Object.assign(new Error(`${enhanced} ${fault.message}`), { responseCode: code })
}
