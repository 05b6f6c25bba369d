import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { createSecureContext } from 'node:tls'
import type { Clock } from '../base/clock.ts'
import { createClosingSockets } from '../base/closing-sockets.ts'
import { createConnectionLimits, type LimitedConnection } from '../base/connection-limits.ts'
import { addressGroup, plainAddress } from '../base/ip-addresses.ts'
import type { Log } from '../base/log.ts'
import type { Domain } from '../domain/domain.ts'
import type { Certificate } from './certificate.ts'
import { type OpenConnection, openConnection } from './connection.ts'
import { closing, lineOf } from './replies.ts'
import { openSession } from './session.ts'
import { type SmtpTls, startTlsOffer } from './start-tls.ts'

export type SmtpListener = {
  readonly port: number
  readonly tls: SmtpTls
  readonly close: () => Promise<void>
}

export type SmtpListenerOptions = {
  readonly host: string
  readonly port: number
  /** True: TLS from the first byte (RFC 8314); false: STARTTLS may be offered. */
  readonly implicitTls: boolean
  readonly certificate: Certificate
  readonly domain: Domain
  readonly clock: Clock
  readonly log: Log
}

const maxConnections = 400
const maxPerAddress = maxConnections / 2
/** Slots of signed-in clients, which other clients cannot take. */
const maxSignedIn = 200
/** Connections with a last reply that the client has not closed; they hold no slot. */
const maxClosing = 200
const lingerMs = 30_000
/** Time for open transactions when the server closes. */
const closeMs = 1500

/** The SMTP listener (RFC 5321, RFC 6409). Every message goes to `messages.accept`. */
export async function startSmtpListener(options: SmtpListenerOptions): Promise<SmtpListener> {
  const { domain, clock, log, implicitTls } = options
  const secureContext = createSecureContext(options.certificate)
  const connections = new Set<OpenConnection>()
  const freeSlots = createConnectionLimits({ max: maxConnections, maxPerAddress })
  const signedInSlots = createConnectionLimits({ max: maxSignedIn, maxPerAddress: maxSignedIn })
  const closingSockets = createClosingSockets({ clock, lingerMs, max: maxClosing })

  function accept(socket: Socket): void {
    const client = { address: plainAddress(socket.remoteAddress), name: '', tls: null }
    const occupant: LimitedConnection = {
      addressGroup: addressGroup(client.address),
      idleMs: () => connection.idleMs(),
      makeRoom: () => connection.close(closing.slotNeeded),
    }
    if (!freeSlots.take(occupant)) {
      // A client of implicit TLS cannot read this line, but sees the connection close.
      closingSockets.end(socket, `${lineOf(closing.noSlot)}\r\n`)
      return
    }
    const connection = openConnection(socket, {
      client,
      session: openSession({ domain, clock, log }, client),
      secureContext,
      implicitTls,
      startTlsOffer: () => startTlsOffer(domain.settings.current().smtp_starttls, tls),
      clock,
      closingSockets,
      onSignIn() {
        freeSlots.release(occupant)
        signedInSlots.take(occupant)
      },
      onLeave() {
        freeSlots.release(occupant)
        signedInSlots.release(occupant)
      },
      onClose: () => void connections.delete(connection),
    })
    connections.add(connection)
  }

  // Half-open: a client that closed its side still gets its replies.
  const server = createServer({ allowHalfOpen: true }, accept)
  server.maxConnections = maxConnections + maxSignedIn + maxClosing
  await listen(server, options.host, options.port)
  const { address, port } = server.address() as AddressInfo
  const tls: SmtpTls = { address, certificate: options.certificate.madeBy }
  // Without a listener, an error of accept() would end the process.
  server.on('error', (error) => log.error('An SMTP connection was not accepted', error))

  return {
    port,
    tls,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const connection of connections) connection.finish(closing.shutdown)
      const timer = setTimeout(() => {
        for (const connection of connections) connection.destroy()
        closingSockets.destroyAll()
      }, closeMs)
      await closed
      clearTimeout(timer)
    },
  }
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
}
