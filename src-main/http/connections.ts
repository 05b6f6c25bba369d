import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Clock } from '../base/clock.ts'
import { createFarewells } from '../base/farewells.ts'
import { addressGroup, plainAddress } from '../base/ip-addresses.ts'
import { createPlaces, type Occupant } from '../base/places.ts'
import { inTurn } from '../base/turns.ts'
import { heldLimits } from './held-requests.ts'
import { readInSlices } from './slices.ts'

type Handler = (request: IncomingMessage, response: ServerResponse) => void

type ConnectionOptions = {
  readonly clock: Clock
  /** Proxies carry many clients over one address. */
  readonly isTrustedProxy: (address: string) => boolean
  /** The whole answer for a connection that finds no place. */
  readonly refusal: () => string
  /** An answer that the client does not read for so long is given up. */
  readonly stalledMs?: number
}

const maxConnections = 1024
const maxPerAddress = maxConnections / 2
/** Those that end; they take up no place. */
const maxFarewells = 256
const lingerMs = 500
/** A request under way is left alone for so long, and then counts as idle for a part of its age. */
const underWay = {
  /** Its body does not come, or its answer is not read. */
  stalled: { protectedMs: 2_000, idleMs: (ageMs: number) => ageMs / 5 },
  /** Its answer takes long. */
  busy: { protectedMs: 10_000, idleMs: (ageMs: number) => Math.min(ageMs / 20, 500) },
}
/** Requests that one client may write ahead (RFC 9112 §9.3.2); then no more of its bytes are read. */
const maxPipelined = 16
const defaultStalledMs = 60_000

/** The connections of the HTTP listener: places for them, and one request of each at a time. */
export function createConnections(options: ConnectionOptions) {
  const { clock, isTrustedProxy, refusal, stalledMs = defaultStalledMs } = options
  const farewells = createFarewells({ clock, lingerMs, max: maxFarewells })
  const places = createPlaces({ max: maxConnections, maxPerAddress })
  const queues = new WeakMap<Socket, Queue>()
  const occupants = new WeakMap<Socket, Occupant>()
  const sockets = new Set<Socket>()

  function welcome(socket: Socket): void {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    const address = plainAddress(socket.remoteAddress)
    let queue: Queue | null = null
    const occupant: Occupant = {
      addressGroup: addressGroup(address),
      isShared: isTrustedProxy(address),
      idleMs: () => queue?.idleMs() ?? null,
      makeRoom: () => void socket.destroy(),
    }
    if (!places.take(occupant)) {
      farewells.end(socket, refusal())
      return
    }
    queue = createQueue(socket, clock)
    queues.set(socket, queue)
    occupants.set(socket, occupant)
    socket.once('close', () => places.release(occupant))
  }

  return {
    /** A server of Node's whose requests come to `handle`, in turn. */
    serve(handle: Handler): Server {
      const limits = {
        requestTimeout: 60_000,
        headersTimeout: 10_000,
        keepAliveTimeout: 5_000,
        connectionsCheckingInterval: 2_000,
        // A request without Host is refused by our own check, in our own words.
        requireHostHeader: false,
      }
      const server = createServer(limits, (request, response) => {
        queues.get(request.socket)?.add(request, response, handle)
      })
      server.maxConnections = maxConnections + maxFarewells + heldLimits.max
      return server.on('connection', welcome)
    },

    /** From the first byte of an answer on, the client has to read. */
    answering: (socket: Socket): void => void socket.setTimeout(stalledMs),

    /** Gives up the place of a connection whose request is held; it is counted elsewhere. */
    leavePlace(socket: Socket): void {
      const occupant = occupants.get(socket)
      if (occupant) places.release(occupant)
    },

    /** Takes a place again when the request is over; without one the connection ends. */
    takePlace(socket: Socket): void {
      const occupant = occupants.get(socket)
      if (!occupant || socket.destroyed) return
      if (!places.take(occupant)) socket.destroySoon()
    },

    /** Says the last words of a connection that can bring no more requests. */
    end: (socket: Socket, lastBytes: string): void => farewells.end(socket, lastBytes),

    destroyAll(): void {
      for (const socket of sockets) socket.destroy()
    },
  }
}

type Queue = ReturnType<typeof createQueue>

/**
 * What one client asks, a request at a time: those that it writes ahead wait for their turn, so that
 * a packet full of them does not keep everybody else waiting.
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
    response.once('close', goOn)
    handle(request, response)
  }

  function goOn(): void {
    current = null
    changedAt = clock.elapsed()
    if (socket.destroyed || waiting.length === 0) return
    // The time limit of the answer before is not for what is asked next.
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
