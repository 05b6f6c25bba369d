import { Readable } from 'node:stream'
import fastify, { type FastifyReply, type FastifyRequest } from 'fastify'
import type { ByteHold } from '../base/byte-budget.ts'
import type { Clock } from '../base/clock.ts'
import { clientAddress } from '../base/forwarded.ts'
import type { GrowingBytes } from '../base/growing-bytes.ts'
import { requestId } from '../base/ids.ts'
import { addressFilter } from '../base/ip-addresses.ts'
import type { Log } from '../base/log.ts'
import { Fault } from '../contract/faults.ts'
import {
  type Caller,
  requireInstallation,
  requireLive,
  requirePermission,
} from '../domain/auth/caller.ts'
import { isWrongKey } from '../domain/auth/wrong-keys.ts'
import type { Domain } from '../domain/domain.ts'
import type { RateState } from '../domain/limits/limits.ts'
import { tooManyBytes } from '../domain/messages/accept.ts'
import { type BodyLimits, bodyLimitsOf, noBodyLimits } from './body-limits.ts'
import { createConnections } from './connections.ts'
import { rawResponse, refuseConnect, refuseUnreadable, toFault } from './errors.ts'
import { createHeldRequests, heldLimits } from './held-requests.ts'
import { readJson } from './json-body.ts'
import { createJsonMeter, type JsonMeter } from './json-meter.ts'
import { readBytes, requireMedia } from './message-body.ts'
import { createMethods } from './methods.ts'
import { checkHost, checkOrigin, checkSingleFields, type OriginRules } from './origin.ts'
import { parse } from './parse.ts'
import { parseQuery } from './query.ts'
import { receiveBody } from './request-body.ts'
import { type AnyRoute, Content, type Dialect, type RequestLine } from './route.ts'
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

/** The state of a request until its response is recorded. */
type RequestContext = {
  readonly id: string
  readonly address: string
  /** The proxy headers name several clients. */
  readonly hasContradiction: boolean
  readonly startedAt: number
  readonly route: string
  readonly dialect: Dialect
  caller: Caller | null
  rate: RateState | null
  /** Its bytes in the budget. */
  readonly holds: ByteHold[]
  bytes: GrowingBytes | null
  fault: Fault | null
  isRecorded: boolean
}

declare module 'fastify' {
  interface FastifyRequest {
    context: RequestContext
  }
}

const uploadType = 'application/octet-stream'
/** JSON is in memory as bytes, as text, and as the strings parsed from it. */
const jsonWeight = 3

/** Registers the route tables; every request then passes the same pipeline. */
export async function startHttpListener(options: HttpListenerOptions): Promise<HttpListener> {
  const { dialects, domain, clock, log, origins } = options
  const [fallback] = dialects
  if (!fallback) throw new Error('A server needs a dialect')
  const heldRequests = createHeldRequests(heldLimits)
  const isTrustedProxy = addressFilter(options.trustedProxies)
  const connections = createConnections({
    clock,
    isTrustedProxy,
    refusal: () => rawResponse(tooManyConnections(), fallback, requestId(clock.now())),
  })
  const server = fastify({
    bodyLimit: noBodyLimits.maxBytes,
    serverFactory: connections.serve,
    forceCloseConnections: true,
    exposeHeadRoutes: false,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 512 },
    clientErrorHandler: refuseUnreadable(fallback, clock, connections.end),
    // Hooks do not run for malformed URLs.
    frameworkErrors: (error, request, reply) => {
      const { id } = begin(request, `${request.method} (unreadable)`, dialectOf(request.url))
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
  server.removeAllContentTypeParsers()
  server.addContentTypeParser('application/json', async (request: FastifyRequest) => {
    const bytes = await receive(request, jsonWeight, createJsonMeter(limitsOf(request)))
    try {
      return readJson(request.headers, bytes.view())
    } finally {
      bytes.free()
    }
  })
  server.addContentTypeParser(uploadType, async (request: FastifyRequest, body: Readable) => {
    const { upload } = request.routeOptions.config as { readonly upload?: string }
    if (upload === uploadType) return body
    throw new Fault('unsupported_media_type', 'Send JSON, with “Content-Type: application/json”.')
  })

  server.addContentTypeParser('message/rfc822', async (request: FastifyRequest) =>
    readBytes(request.headers, (await receive(request, 1, null)).view()),
  )

  /** The body as bytes; their hold closes with the response. */
  async function receive(
    request: FastifyRequest,
    weight: number,
    meter: JsonMeter | null,
  ): Promise<GrowingBytes> {
    const { maxBytes } = limitsOf(request)
    const limits = { budget: domain.bytesUnderWay, maxBytes, weight, meter }
    const { bytes, hold } = await receiveBody(request.raw, limits)
    request.context.holds.push(hold)
    request.context.bytes = bytes
    // After the close event nothing else would release the hold.
    if (request.raw.socket.destroyed) releaseHolds(request)
    return bytes
  }

  function releaseHolds({ context }: FastifyRequest): void {
    for (const hold of context.holds.splice(0)) hold.close()
  }

  let isClosing = false
  const methods = createMethods(dialects)
  const dialectOf = (path: string): Dialect =>
    dialects.find(({ prefix }) => path === prefix || path.startsWith(`${prefix}/`)) ?? fallback

  function begin(request: FastifyRequest, route: string, dialect: Dialect): RequestContext {
    const now = clock.now()
    const client = clientAddress(request.socket.remoteAddress, request.headers, isTrustedProxy)
    const context: RequestContext = {
      id: requestId(now),
      address: client.type === 'known' ? client.address : client.peer,
      hasContradiction: client.type === 'contradiction',
      startedAt: performance.now(),
      route,
      dialect,
      caller: null,
      rate: null,
      holds: [],
      bytes: null,
      fault: null,
      isRecorded: false,
    }
    request.context = context
    return context
  }

  server.addHook('onRequest', async (request, reply) => {
    const route = request.routeOptions.config as {
      readonly line?: string
      readonly dialect?: Dialect
      readonly isPublic?: boolean
    }
    const path = pathOf(request)
    const dialect = route.dialect ?? dialectOf(path)
    const context = begin(request, route.line ?? `${request.method} (unknown)`, dialect)
    reply.header('x-request-id', context.id)
    reply.raw.once('close', () => recordAborted(request, reply))
    if (context.hasContradiction) throw contradiction()
    checkSingleFields(request.raw)
    checkHost(request.headers.host, origins)
    const { host, origin } = request.headers
    // The sandboxed message frame has no origin; its images are on public routes.
    const isFrame = origin === 'null' && route.isPublic
    const cors = isFrame ? null : checkOrigin(origin, host, origins)
    if (cors !== null) allowOrigin(reply, cors)
    if (request.method === 'OPTIONS' && cors !== null) return reply.code(204).send()
    // Before the body is read: Fastify has its own rules for bodies of unknown requests.
    if (request.is404 || !methods.takes(request.method, path)) return refuseUnknown(request, reply)
  })

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

  server.addHook('onResponse', async (request, reply) => record(request, reply))

  /** Fastify calls no `onResponse` for a response that was aborted. */
  function recordAborted(request: FastifyRequest, reply: FastifyReply): void {
    releaseHolds(request)
    if (reply.raw.writableFinished || isClosing) return
    if (!reply.raw.headersSent) {
      request.context.fault = new Fault(
        'client_closed',
        'The client closed the connection before the response.',
      )
      reply.code(request.context.fault.httpStatus)
    }
    record(request, reply)
  }

  function record(request: FastifyRequest, reply: FastifyReply): void {
    const { context } = request
    if (context.isRecorded) return
    context.isRecorded = true
    domain.requests.record({
      caller: context.caller,
      route: context.route,
      status: reply.statusCode,
      fault: context.fault?.code ?? null,
      durationMs: performance.now() - context.startedAt,
      address: context.address,
      userAgent: request.headers['user-agent'] ?? null,
      requestId: context.id,
    })
  }

  server.setErrorHandler((error, request, reply) => {
    const fault = toFault(domain.storage.explain(error) ?? error)
    // While the server closes, failures are expected.
    if (fault.code === 'internal' && !isClosing)
      log.error('A request failed', error, { request: request.context.id })
    const tooMany = isWrongKey(fault) ? domain.wrongKeys.count(request.context.address) : null
    return tooMany ? refuseLate(request, reply, tooMany) : refuse(request, reply, fault)
  })

  async function refuseLate(request: FastifyRequest, reply: FastifyReply, fault: Fault) {
    if (!(await domain.wrongKeys.delayRefusal(request.context.address)))
      reply.header('connection', 'close')
    return refuse(request, reply, fault)
  }

  server.setNotFoundHandler(refuseUnknown)

  function refuseUnknown(request: FastifyRequest, reply: FastifyReply) {
    const { method } = request
    const path = pathOf(request)
    const isFile = server.hasRoute({ method: 'GET', url: path })
    const taken = isFile && methods.of(path).length === 0 ? ['GET'] : methods.of(path)
    if (taken.length === 0) {
      const sentence = `There is no ${method} ${path}. See /openapi.json for all routes.`
      return refuse(request, reply, new Fault('not_found', sentence))
    }
    reply.header('allow', taken.join(', ').replace('GET', 'GET, HEAD'))
    const sentence = `${path} does not accept ${method}. It accepts ${taken.join(' and ')}.`
    return refuse(request, reply, new Fault('method_not_allowed', sentence))
  }

  function refuse(request: FastifyRequest, reply: FastifyReply, fault: Fault) {
    const { context } = request
    context.fault = fault
    const retryAfter = fault.details.retry_after
    if (typeof retryAfter === 'number') reply.header('retry-after', retryAfter)
    if (fault.httpStatus === 401) reply.header('www-authenticate', 'Bearer realm="MailSage"')
    return reply.code(fault.httpStatus).send(context.dialect.fault(fault, context.id))
  }

  /** Authentication, rate limit, permission and mode, before the body is read. */
  function guard(route: AnyRoute, request: FastifyRequest, reply: FastifyReply): void {
    if (route.permission === 'public') return
    const { context } = request
    const caller = domain.keys.authenticate(bearer(request), context.address)
    context.caller = caller
    const { rate, refusal } = domain.limits.admit(caller)
    if (rate) {
      reply.header('x-ratelimit-limit', rate.limit)
      reply.header('x-ratelimit-remaining', rate.remaining)
      reply.header('x-ratelimit-reset', rate.resetAt)
    }
    if (refusal) throw refusal
    if (route.permission !== 'any-key') requirePermission(caller, route.permission)
    if (route.permission === '*') requireInstallation(caller, `use ${context.route}`)
    if (route.mode === 'live') requireLive(caller, context.route)
    if (route.isHeld) hold(caller, request, reply)
  }

  /** Counts a held request, and frees the slot of its connection until the response ends. */
  function hold(caller: Caller, request: FastifyRequest, reply: FastifyReply): void {
    const { socket } = request.raw
    const release = heldRequests.hold(caller.publicId, request.context.address)
    connections.leavePlace(socket)
    // No close event follows if the client has left already.
    if (reply.raw.closed || socket.destroyed) return void release()
    reply.raw.once('close', () => {
      release()
      connections.takePlace(socket)
    })
  }

  async function answer(route: AnyRoute, request: FastifyRequest, reply: FastifyReply) {
    const body = requireMedia(request.body, route.consumes)
    const result = await route.handle({
      query: parseQuery(route.query, request.query),
      params: route.params ? parse(route.params, request.params, 'path') : undefined,
      body: route.body ? parse(route.body, body, 'body') : undefined,
      caller: request.context.caller,
      domain,
      exchange: {
        requestId: request.context.id,
        address: request.context.address,
        host: request.headers.host ?? '',
        header: (name: string) => {
          const value = request.headers[name]
          return Array.isArray(value) ? value[0] : value
        },
        get signal() {
          return closeSignal(reply)
        },
        get upload() {
          return uploadOf(request)
        },
      },
    })
    if (!(result instanceof Content)) {
      const { status = 200, alternative } = route
      return reply.code(alternative?.applies(result) ? alternative.status : status).send(result)
    }
    reply.headers(result.headers).type(result.type).header('x-content-type-options', 'nosniff')
    if (result.body instanceof Readable) {
      result.body.on('error', (error) => {
        if (!isClosing) log.error('A stream failed', error)
      })
      reply.raw.once('close', () => {
        ;(result.body as Readable).destroy()
        // Fastify calls no onResponse for a stream that the client leaves.
        if (!reply.raw.writableFinished) record(request, reply)
      })
    }
    return reply.send(result.body)
  }

  for (const dialect of dialects) {
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
        onRequest: async (request, reply) => guard(route, request, reply),
        handler: async (request, reply) => {
          try {
            return await answer(route, request, reply)
          } finally {
            request.context.bytes?.free()
          }
        },
      })
    }
  }

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

/** Created only for handlers that use it. */
function closeSignal(reply: FastifyReply): AbortSignal {
  const closed = new AbortController()
  reply.raw.once('close', () => closed.abort())
  if (reply.raw.closed) closed.abort()
  return closed.signal
}

function tooManyConnections(): Fault {
  return new Fault(
    'overloaded',
    'Too many connections of this address are busy. Close some, or try again in a moment.',
    { retry_after: 1 },
  )
}

function contradiction(): Fault {
  return new Fault(
    'invalid_request',
    'X-Forwarded-For and Forwarded name several clients. Let the proxy set one of them, with one address.',
  )
}

function uploadOf(request: FastifyRequest): Readable {
  if (request.body instanceof Readable) return request.body
  throw new Fault(
    'unsupported_media_type',
    `Send the file unchanged, with “Content-Type: ${uploadType}”.`,
  )
}

function bearer(request: FastifyRequest): string {
  const { authorization } = request.headers
  if (authorization === undefined || authorization.trim() === '') {
    throw new Fault(
      'missing_api_key',
      'No API key provided. Send it as “Authorization: Bearer YOUR_API_KEY”.',
    )
  }
  const [, key] = /^Bearer +(\S+) *$/i.exec(authorization) ?? []
  if (key !== undefined) return key
  throw new Fault('invalid_api_key', 'The Authorization header must read “Bearer YOUR_API_KEY”.')
}

const limitsOf = (request: FastifyRequest): BodyLimits =>
  (request.routeOptions.config as { readonly limits?: BodyLimits }).limits ?? noBodyLimits

const pathOf = ({ url }: FastifyRequest): string => url.split('?', 1)[0] ?? ''

function allowOrigin(reply: FastifyReply, origin: string): void {
  reply.headers({
    'access-control-allow-origin': origin,
    'access-control-allow-headers': 'authorization, content-type, idempotency-key, last-event-id',
    'access-control-allow-methods': 'GET, POST, PUT, PATCH, DELETE',
    'access-control-expose-headers':
      'x-request-id, x-ratelimit-limit, x-ratelimit-remaining, x-ratelimit-reset, retry-after',
    'access-control-max-age': '600',
    vary: 'origin',
  })
}
