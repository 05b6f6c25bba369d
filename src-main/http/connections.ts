import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Clock } from '../base/clock.ts'
import { createClosingSockets } from '../base/closing-sockets.ts'
import { createConnectionLimits, type LimitedConnection } from '../base/connection-limits.ts'
import { addressGroup, plainAddress } from '../base/ip-addresses.ts'
import { inTurn } from '../base/turns.ts'
import { heldLimits } from './held-requests.ts'
import { readInSlices } from './slices.ts'

type Handler = (request: IncomingMessage, response: ServerResponse) => void

type ConnectionOptions = {
  readonly clock: Clock
  /** Proxies carry many clients over one address. */
  readonly isTrustedProxy: (address: string) => boolean
  /** The complete response for a connection without a slot. */
  readonly refusal: () => string
  /** A connection whose client reads nothing of a response for this long is destroyed. */
  readonly stalledMs?: number
}

const maxConnections = 1024
const maxPerAddress = maxConnections / 2
/** Closing connections, which take no slot. */
const maxClosingSockets = 256
const lingerMs = 500
/** A current request protects its connection for this long, and then counts as partly idle. */
const underWay = {
  /** The body does not arrive, or the response is not read. */
  stalled: { protectedMs: 2_000, idleMs: (ageMs: number) => ageMs / 5 },
  /** The handler takes long. */
  busy: { protectedMs: 10_000, idleMs: (ageMs: number) => Math.min(ageMs / 20, 500) },
}
/** Pipelined requests of one client (RFC 9112 §9.3.2); beyond, reading pauses. */
const maxPipelined = 16
const defaultStalledMs = 60_000

export type Connections = ReturnType<typeof createConnections>

/** Connections of the HTTP listener: a limited number, with one request of each at a time. */
export function createConnections(options: ConnectionOptions) {
  const { clock, isTrustedProxy, refusal, stalledMs = defaultStalledMs } = options
  const closingSockets = createClosingSockets({ clock, lingerMs, max: maxClosingSockets })
  const places = createConnectionLimits({ max: maxConnections, maxPerAddress })
  const queues = new WeakMap<Socket, Queue>()
  const occupants = new WeakMap<Socket, LimitedConnection>()
  const sockets = new Set<Socket>()

  function accept(socket: Socket): void {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    const address = plainAddress(socket.remoteAddress)
    let queue: Queue | null = null
    const occupant: LimitedConnection = {
      addressGroup: addressGroup(address),
      isShared: isTrustedProxy(address),
      idleMs: () => queue?.idleMs() ?? null,
      makeRoom: () => void socket.destroy(),
    }
    if (!places.take(occupant)) {
      closingSockets.end(socket, refusal())
      return
    }
    queue = createQueue(socket, clock)
    queues.set(socket, queue)
    occupants.set(socket, occupant)
    socket.once('close', () => places.release(occupant))
  }

  return {
    /** A Node server that passes requests to `handle` in turn. */
    serve(handle: Handler): Server {
      const limits = {
        requestTimeout: 60_000,
        headersTimeout: 10_000,
        keepAliveTimeout: 5_000,
        connectionsCheckingInterval: 2_000,
        // `checkHost` refuses a request without Host, with a response in the dialect's format.
        requireHostHeader: false,
      }
      const server = createServer(limits, (request, response) => {
        queues.get(request.socket)?.add(request, response, handle)
      })
      server.maxConnections = maxConnections + maxClosingSockets + heldLimits.max
      return server.on('connection', accept)
    },

    /** Starts the time limit for a client that does not read the response. */
    onResponseStart: (socket: Socket): void => void socket.setTimeout(stalledMs),

    /** Frees the slot of a connection whose request is held and counted separately. */
    leaveSlot(socket: Socket): void {
      const occupant = occupants.get(socket)
      if (occupant) places.release(occupant)
    },

    /** Takes a slot again after a held request; without a free slot the connection ends. */
    takeSlot(socket: Socket): void {
      const occupant = occupants.get(socket)
      if (!occupant || socket.destroyed) return
      if (!places.take(occupant)) socket.destroySoon()
    },

    /** Writes the closing response of a connection. */
    end: (socket: Socket, lastBytes: string): void => closingSockets.end(socket, lastBytes),

    destroyAll(): void {
      for (const socket of sockets) socket.destroy()
    },
  }
}

type Queue = ReturnType<typeof createQueue>

/**
 * Handles the requests of one connection one at a time. Pipelined requests wait in the queue, so that
 * a packet full of them does not delay other clients.
 */
function createQueue(socket: Socket, clock: Clock) {
  const waiting: (() => void)[] = []
  let current: IncomingMessage | null = null
  const readOn = readInSlices(socket, {
    isFull: () => waiting.length >= maxPipelined,
    isAhead: () => waiting.length > 0,
    isBody: () => current !== null && !current.complete,
  })
  let changedAt = clock.elapsed()

  function begin(request: IncomingMessage, response: ServerResponse, handle: Handler): void {
    current = request
    changedAt = clock.elapsed()
    response.once('close', startNext)
    handle(request, response)
  }

  function startNext(): void {
    current = null
    changedAt = clock.elapsed()
    if (socket.destroyed || waiting.length === 0) return
    // The time limit of the last response does not apply to the next request.
    socket.setTimeout(0)
    inTurn(() => {
      waiting.shift()?.()
      readOn()
    })
  }

  return {
    idleMs(): number | null {
      const ageMs = Math.max(0, clock.elapsed() - changedAt)
      if (!current) return ageMs
      const isStalled = !current.complete || socket.writableLength > 0
      const { protectedMs, idleMs } = underWay[isStalled ? 'stalled' : 'busy']
      return ageMs < protectedMs ? null : idleMs(ageMs)
    },

    add(request: IncomingMessage, response: ServerResponse, handle: Handler): void {
      if (current || waiting.length > 0) waiting.push(() => begin(request, response, handle))
      else begin(request, response, handle)
    },
  }
}
