import fastify, { type FastifyInstance } from 'fastify'
import type { Clock } from '../base/clock.ts'
import { requestId } from '../base/ids.ts'
import { addressFilter } from '../base/ip-addresses.ts'
import type { Log } from '../base/log.ts'
import { Fault } from '../contract/faults.ts'
import type { Domain } from '../domain/domain.ts'
import { tooManyBytes } from '../domain/messages/accept.ts'
import { admitRequest } from './admit.ts'
import { bodyLimitsOf, noBodyLimits } from './body-limits.ts'
import { addBodyParsers } from './body-parsers.ts'
import { createConnections } from './connections.ts'
import { rawResponse, refuseConnect, refuseUnreadable, toFault } from './errors.ts'
import { guard } from './guard.ts'
import { createHeldRequests, heldLimits } from './held-requests.ts'
import { createMethods } from './methods.ts'
import type { OriginRules } from './origin.ts'
import type { Pipeline } from './pipeline.ts'
import { refuse, refuseError, refuseUnknown } from './refuse.ts'
import { beginRequest, recordResponse } from './request-context.ts'
import { respond } from './respond.ts'
import type { AnyRoute, Dialect, RequestLine } from './route.ts'
import { serveStaticUi } from './static-ui.ts'

export type HttpListener = { readonly port: number; readonly close: () => Promise<void> }

export type HttpListenerOptions = {
  readonly host: string
  readonly port: number
  readonly origins: OriginRules
  /** Addresses and ranges of proxies whose forwarding headers are trusted. */
  readonly trustedProxies: readonly string[]
  readonly dialects: readonly Dialect[]
  readonly domain: Domain
  readonly clock: Clock
  readonly log: Log
  /** Folder of the built window, served at `/`; null: no window. */
  readonly window: string | null
}

/** Registers the route tables; every request then passes the same pipeline. */
export async function startHttpListener(options: HttpListenerOptions): Promise<HttpListener> {
  const { dialects, domain, clock, log, origins } = options
  const [fallback] = dialects
  if (!fallback) throw new Error('A server needs a dialect')
  let isClosing = false
  const isTrustedProxy = addressFilter(options.trustedProxies)
  const connections = createConnections({
    clock,
    isTrustedProxy,
    refusal: () => rawResponse(tooManyConnections(), fallback, requestId(clock.now())),
  })
  const pipeline: Pipeline = {
    domain,
    clock,
    log,
    origins,
    isTrustedProxy,
    connections,
    heldRequests: createHeldRequests(heldLimits),
    methods: createMethods(dialects),
    dialectOf: (path) =>
      dialects.find(({ prefix }) => path === prefix || path.startsWith(`${prefix}/`)) ?? fallback,
    isClosing: () => isClosing,
  }
  const server = createFastify(pipeline, fallback)
  addBodyParsers(server, pipeline)
  addHooks(server, pipeline)
  for (const dialect of dialects) addRoutes(server, pipeline, dialect)
  if (options.window !== null) await serveStaticUi(server, options.window)
  await server.listen({ host: options.host, port: options.port })
  const address = server.server.address()
  return {
    port: typeof address === 'object' && address ? address.port : options.port,
    async close() {
      isClosing = true
      const closed = server.close()
      connections.destroyAll()
      await closed
    },
  }
}

function createFastify(pipeline: Pipeline, fallback: Dialect): FastifyInstance {
  const { clock, connections } = pipeline
  const server = fastify({
    bodyLimit: noBodyLimits.maxBytes,
    serverFactory: connections.serve,
    forceCloseConnections: true,
    exposeHeadRoutes: false,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 512 },
    clientErrorHandler: refuseUnreadable(fallback, clock, connections.end),
    // Hooks do not run for malformed URLs.
    frameworkErrors: (error, request, reply) => {
      const line = `${request.method} (unreadable)`
      const { id } = beginRequest(pipeline, request, line, pipeline.dialectOf(request.url))
      reply.header('x-request-id', id)
      return refuse(request, reply, toFault(error))
    },
  })
  server.server.on('connect', refuseConnect(fallback, clock, connections.end))
  // An unknown expectation may be ignored (RFC 9110 §10.1.1); Node would answer 417 without a body.
  server.server.on('checkExpectation', (request, response) => {
    server.server.emit('request', request, response)
  })
  server.decorateRequest('context')
  return server
}

function addHooks(server: FastifyInstance, pipeline: Pipeline): void {
  const { connections, domain } = pipeline
  server.addHook('onRequest', (request, reply) => admitRequest(pipeline, request, reply))
  server.addHook('onSend', (request, _, payload, done) => {
    const { socket } = request.raw
    connections.onResponseStart(socket)
    const isWhole = typeof payload === 'string' || Buffer.isBuffer(payload)
    if (!isWhole) return done()
    const hold = domain.bytesUnderWay.open(() => void socket.destroy())
    if (!hold.grow(payload.length)) return done(tooManyBytes())
    request.context.holds.push(hold)
    done()
  })
  server.addHook('onResponse', async (request, reply) => recordResponse(pipeline, request, reply))
  server.setErrorHandler((error, request, reply) => refuseError(pipeline, error, request, reply))
  server.setNotFoundHandler((request, reply) => refuseUnknown(pipeline, request, reply))
}

function addRoutes(server: FastifyInstance, pipeline: Pipeline, dialect: Dialect): void {
  for (const [line, route] of Object.entries(dialect.routes) as [RequestLine, AnyRoute][]) {
    const [method = '', path = ''] = line.split(' ')
    const limits = bodyLimitsOf(route)
    const isPublic = route.permission === 'public'
    server.route({
      method,
      url: path.replace(/\{(\w+)\}/g, ':$1'),
      config: { line, dialect, isPublic, upload: route.upload, limits },
      bodyLimit: limits.maxBytes,
      exposeHeadRoute: method === 'GET',
      onRequest: async (request, reply) => guard(pipeline, route, request, reply),
      handler: async (request, reply) => {
        try {
          return await respond(pipeline, route, request, reply)
        } finally {
          request.context.bytes?.free()
        }
      },
    })
  }
}

function tooManyConnections(): Fault {
  return new Fault(
    'overloaded',
    'Too many connections of this address are busy. Close some, or try again in a moment.',
    { retry_after: 1 },
  )
}
