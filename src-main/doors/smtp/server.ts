import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { createSecureContext } from 'node:tls'
import type { Clock } from '../../base/clock.ts'
import { plainAddress } from '../../base/ip-addresses.ts'
import type { Log } from '../../base/log.ts'
import type { Domain } from '../../domain/domain.ts'
import type { Certificate } from './certificate.ts'
import { type Connection, openConnection } from './connection.ts'
import { openSession } from './session.ts'

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
/** With those that were told farewell and have not hung up. */
const mostSockets = 2 * mostConnections
/** Clients have so long to finish what they began when the relay closes. */
const closeMs = 1500

/** The SMTP door (RFC 5321, RFC 6409): every session ends in `messages.accept`. */
export async function openSmtpDoor(options: SmtpDoorOptions): Promise<SmtpDoor> {
  const { domain, clock, log, implicitTls } = options
  const secureContext = createSecureContext(options.certificate)
  const connections = new Set<Connection>()
  let places = mostConnections

  function welcome(socket: Socket): void {
    if (places === 0) {
      turnAway(socket)
      return
    }
    places -= 1
    const client = { address: plainAddress(socket.remoteAddress), name: '', tls: null }
    const connection = openConnection(socket, {
      client,
      session: openSession({ domain, clock, log }, client),
      secureContext,
      implicitTls,
      clock,
      onLeave() {
        places += 1
      },
      onClose: () => void connections.delete(connection),
    })
    connections.add(connection)
  }

  // Half-open: a client that has said all it will say is still answered.
  const server = createServer({ allowHalfOpen: true }, welcome)
  server.maxConnections = mostSockets
  await listen(server, options.host, options.port)
  // Without a listener a connection that could not be accepted would end the process.
  server.on('error', (error) => log.error('An SMTP connection was not accepted', error))

  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const connection of connections) connection.finish('421 4.3.2 The relay is closing.')
      const timer = setTimeout(() => {
        for (const connection of connections) connection.destroy()
      }, closeMs)
      await closed
      clearTimeout(timer)
    },
  }
}

/** On a port that begins with TLS nobody could read the reason, and it does no harm. */
function turnAway(socket: Socket): void {
  socket.on('error', () => undefined)
  socket.end('421 4.3.2 Too many connections. Close some, or try again in a moment.\r\n', () =>
    socket.destroy(),
  )
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
