import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { createSecureContext } from 'node:tls'
import type { Clock } from '../base/clock.ts'
import { createFarewells } from '../base/farewells.ts'
import { addressGroup, plainAddress } from '../base/ip-addresses.ts'
import type { Log } from '../base/log.ts'
import { createPlaces, type Occupant } from '../base/places.ts'
import type { Domain } from '../domain/domain.ts'
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

const maxConnections = 400
const maxPerAddress = maxConnections / 2
/** Clients that have signed in have places of their own, which others cannot take from them. */
const maxSignedIn = 200
/** Those that were told farewell and have not hung up; they take up no place. */
const maxFarewells = 200
const lingerMs = 30_000
/** Clients have so long to finish what they began when the relay closes. */
const closeMs = 1500

/** The SMTP door (RFC 5321, RFC 6409): every session ends in `messages.accept`. */
export async function startSmtpListener(options: SmtpDoorOptions): Promise<SmtpDoor> {
  const { domain, clock, log, implicitTls } = options
  const secureContext = createSecureContext(options.certificate)
  const connections = new Set<Connection>()
  const places = createPlaces({ max: maxConnections, maxPerAddress })
  const signedInPlaces = createPlaces({ max: maxSignedIn, maxPerAddress: maxSignedIn })
  const farewells = createFarewells({ clock, lingerMs, max: maxFarewells })

  function welcome(socket: Socket): void {
    const client = { address: plainAddress(socket.remoteAddress), name: '', tls: null }
    const occupant: Occupant = {
      addressGroup: addressGroup(client.address),
      idleMs: () => connection.idleMs(),
      makeRoom: () => connection.leave('421 4.3.2 Other clients need the place. Connect again.'),
    }
    if (!places.take(occupant)) {
      // On a port that begins with TLS nobody can read the reason, and it does no harm.
      farewells.end(
        socket,
        `421 4.3.2 Too many connections. Close some, or try again in a moment.\r\n`,
      )
      return
    }
    const connection = openConnection(socket, {
      client,
      session: openSession({ domain, clock, log }, client),
      secureContext,
      implicitTls,
      clock,
      farewells,
      onSignIn() {
        places.release(occupant)
        signedInPlaces.take(occupant)
      },
      onLeave() {
        places.release(occupant)
        signedInPlaces.release(occupant)
      },
      onClose: () => void connections.delete(connection),
    })
    connections.add(connection)
  }

  // Half-open: a client that has said all it will say is still answered.
  const server = createServer({ allowHalfOpen: true }, welcome)
  server.maxConnections = maxConnections + maxSignedIn + maxFarewells
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
        farewells.destroyAll()
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
