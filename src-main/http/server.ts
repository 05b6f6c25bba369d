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
import { type Caller, demand, demandInstallation, demandLive } from '../domain/auth/caller.ts'
import { isWrongKey } from '../domain/auth/wrong-keys.ts'
import type { Domain } from '../domain/domain.ts'
import type { RateState } from '../domain/limits/limits.ts'
import { tooManyBytes } from '../domain/messages/accept.ts'
import { type BodyLimits, bodyLimitsOf, noBodyLimits } from './body-limits.ts'
import { createConnections } from './connections.ts'
import { rawAnswer, refuseConnect, refuseUnreadable, toFault } from './errors.ts'
import { createHeldRequests, heldLimits } from './held-requests.ts'
import { readJson } from './json-body.ts'
import { createJsonMeter, type JsonMeter } from './json-meter.ts'
import { demandMedia, readBytes } from './message-body.ts'
import { createMethods } from './methods.ts'
import { checkHost, checkOrigin, checkSingleFields, type OriginRules } from './origin.ts'
import { parse } from './parse.ts'
import { parseQuery } from './query.ts'
import { receiveBody } from './request-body.ts'
import { type AnyRoute, Content, type Dialect, type RequestLine } from './route.ts'
import { serveWindow } from './static-ui.ts'

export type HttpDoor = { readonly port: number; readonly close: () => Promise<void> }

export type HttpDoorOptions = {
  readonly host: string
  readonly port: number
  readonly origins: OriginRules
  /** Addresses and ranges of proxies whose word about the client is believed. */
  readonly trustedProxies: readonly string[]
  readonly dialects: readonly Dialect[]
  readonly domain: Domain
  readonly clock: Clock
  readonly log: Log
  /** Folder of the built window, served at `/`; null: no window. */
  readonly window: string | null
}

/** What is known of a request while it is under way. */
type Visit = {
  readonly id: string
  readonly address: string
  /** The proxy names two clients. */
  readonly hasContradiction: boolean
  readonly startedAt: number
  readonly route: string
  readonly dialect: Dialect
  caller: Caller | null
  rate: RateState | null
  /** Of the bytes that it takes up in memory. */
  readonly holds: ByteHold[]
  bytes: GrowingBytes | null
  fault: Fault | null
  isRecorded: boolean
}

declare module 'fastify' {
  interface FastifyRequest {
    visit: Visit
  }
}

const uploadType = 'application/octet-stream'
/** JSON is in memory as bytes, as text, and as the strings parsed from it. */
const jsonWeight = 3

/** Reads the route tables once; every request then takes the same walk. */
export async function startHttpListener(options: HttpDoorOptions): Promise<HttpDoor> {
  const { dialects, domain, clock, log, origins } = options
  const [fallback] = dialects
  if (!fallback) throw new Error('A server needs a dialect')
  const heldRequests = createHeldRequests(heldLimits)
  const isTrustedProxy = addressFilter(options.trustedProxies)
  const connections = createConnections({
    clock,
    isTrustedProxy,
    refusal: () => rawAnswer(tooManyConnections(), fallback, requestId(clock.now())),
  })
  const server = fastify({
    bodyLimit: noBodyLimits.maxBytes,
    serverFactory: connections.serve,
    forceCloseConnections: true,
    exposeHeadRoutes: false,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 512 },
    clientErrorHandler: refuseUnreadable(fallback, clock, connections.end),
    // Addresses that cannot be read never come to a hook.
    frameworkErrors: (error, request, reply) => {
      const { id } = begin(request, `${request.method} (unreadable)`, dialectOf(request.url))
      reply.header('x-request-id', id)
      return refuse(request, reply, toFault(error))
    },
  })
  server.server.on('connect', refuseConnect(fallback, clock, connections.end))
  // An expectation that nobody knows may be passed over (RFC 9110 §10.1.1); Node's 417 says nothing.
  server.server.on('checkExpectation', (request, response) => {
    server.server.emit('request', request, response)
  })
  server.decorateRequest('visit')
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

  /** The body as bytes; its room is given back with the answer. */
  async function receive(
    request: FastifyRequest,
    weight: number,
    meter: JsonMeter | null,
  ): Promise<GrowingBytes> {
    const { maxBytes } = limitsOf(request)
    const limits = { budget: domain.bytesUnderWay, maxBytes, weight, meter }
    const { bytes, hold } = await receiveBody(request.raw, limits)
    request.visit.holds.push(hold)
    request.visit.bytes = bytes
    // Nobody may be left who would give it back.
    if (request.raw.socket.destroyed) releaseHolds(request)
    return bytes
  }

  function releaseHolds({ visit }: FastifyRequest): void {
    for (const hold of visit.holds.splice(0)) hold.close()
  }

  let isClosing = false
  const methods = createMethods(dialects)
  const dialectOf = (path: string): Dialect =>
    dialects.find(({ prefix }) => path === prefix || path.startsWith(`${prefix}/`)) ?? fallback

  function begin(request: FastifyRequest, route: string, dialect: Dialect): Visit {
    const now = clock.now()
    const client = clientAddress(request.socket.remoteAddress, request.headers, isTrustedProxy)
    const visit: Visit = {
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
    request.visit = visit
    return visit
  }

  server.addHook('onRequest', async (request, reply) => {
    const route = request.routeOptions.config as {
      readonly line?: string
      readonly dialect?: Dialect
      readonly isPublic?: boolean
    }
    const path = pathOf(request)
    const dialect = route.dialect ?? dialectOf(path)
    const visit = begin(request, route.line ?? `${request.method} (unknown)`, dialect)
    reply.header('x-request-id', visit.id)
    reply.raw.once('close', () => noteLeaving(request, reply))
    if (visit.hasContradiction) throw contradiction()
    checkSingleFields(request.raw)
    checkHost(request.headers.host, origins)
    const { host, origin } = request.headers
    // The frame that shows a message has no origin; its images come from a public address.
    const isFrame = origin === 'null' && route.isPublic
    const cors = isFrame ? null : checkOrigin(origin, host, origins)
    if (cors !== null) allowOrigin(reply, cors)
    if (request.method === 'OPTIONS' && cors !== null) return reply.code(204).send()
    // Before the body is read: the framework has rules of its own for bodies of unknown requests.
    if (request.is404 || !methods.takes(request.method, path)) return refuseUnknown(request, reply)
  })

  server.addHook('onSend', (request, _, payload, done) => {
    const { socket } = request.raw
    connections.answering(socket)
    const isWhole = typeof payload === 'string' || Buffer.isBuffer(payload)
    if (!isWhole) return done()
    const hold = domain.bytesUnderWay.open(() => void socket.destroy())
    if (!hold.grow(payload.length)) return done(tooManyBytes())
    request.visit.holds.push(hold)
    done()
  })

  server.addHook('onResponse', async (request, reply) => record(request, reply))

  /** An answer that nobody waited for is never sent, and has no response to be recorded with. */
  function noteLeaving(request: FastifyRequest, reply: FastifyReply): void {
    releaseHolds(request)
    if (reply.raw.writableFinished || isClosing) return
    if (!reply.raw.headersSent) {
      request.visit.fault = new Fault('client_closed', 'The client left before its answer.')
      reply.code(request.visit.fault.httpStatus)
    }
    record(request, reply)
  }

  function record(request: FastifyRequest, reply: FastifyReply): void {
    const { visit } = request
    if (visit.isRecorded) return
    visit.isRecorded = true
    domain.requests.record({
      caller: visit.caller,
      route: visit.route,
      status: reply.statusCode,
      fault: visit.fault?.code ?? null,
      durationMs: performance.now() - visit.startedAt,
      address: visit.address,
      userAgent: request.headers['user-agent'] ?? null,
      requestId: visit.id,
    })
  }

  server.setErrorHandler((error, request, reply) => {
    const fault = toFault(domain.storage.explain(error) ?? error)
    // Nobody waits for an answer any more, and the parts that would make it close one by one.
    if (fault.code === 'internal' && !isClosing)
      log.error('A request failed', error, { request: request.visit.id })
    const tooMany = isWrongKey(fault) ? domain.wrongKeys.count(request.visit.address) : null
    return tooMany ? refuseLate(request, reply, tooMany) : refuse(request, reply, fault)
  })

  async function refuseLate(request: FastifyRequest, reply: FastifyReply, fault: Fault) {
    if (!(await domain.wrongKeys.hold(request.visit.address))) reply.header('connection', 'close')
    return refuse(request, reply, fault)
  }

  server.setNotFoundHandler(refuseUnknown)

  function refuseUnknown(request: FastifyRequest, reply: FastifyReply) {
    const { method } = request
    const path = pathOf(request)
    const isFile = server.hasRoute({ method: 'GET', url: path })
    const taken = isFile && methods.of(path).length === 0 ? ['GET'] : methods.of(path)
    if (taken.length === 0) {
      const sentence = `There is no ${method} ${path}. See /openapi.json for what there is.`
      return refuse(request, reply, new Fault('not_found', sentence))
    }
    reply.header('allow', taken.join(', ').replace('GET', 'GET, HEAD'))
    const sentence = `${path} does not take ${method}. It takes ${taken.join(' and ')}.`
    return refuse(request, reply, new Fault('method_not_allowed', sentence))
  }

  function refuse(request: FastifyRequest, reply: FastifyReply, fault: Fault) {
    const { visit } = request
    visit.fault = fault
    const retryAfter = fault.details.retry_after
    if (typeof retryAfter === 'number') reply.header('retry-after', retryAfter)
    if (fault.httpStatus === 401) reply.header('www-authenticate', 'Bearer realm="MailSage"')
    return reply.code(fault.httpStatus).send(visit.dialect.fault(fault, visit.id))
  }

  /** Who is asking, how often, and may they: before a byte of the body is read. */
  function guard(route: AnyRoute, request: FastifyRequest, reply: FastifyReply): void {
    if (route.permission === 'public') return
    const { visit } = request
    const caller = domain.keys.authenticate(bearer(request), visit.address)
    visit.caller = caller
    const { rate, refusal } = domain.limits.admit(caller)
    if (rate) {
      reply.header('x-ratelimit-limit', rate.limit)
      reply.header('x-ratelimit-remaining', rate.remaining)
      reply.header('x-ratelimit-reset', rate.resetAt)
    }
    if (refusal) throw refusal
    if (route.permission !== 'any-key') demand(caller, route.permission)
    if (route.permission === '*') demandInstallation(caller, `use ${visit.route}`)
    if (route.mode === 'live') demandLive(caller, visit.route)
    if (route.isHeld) hold(caller, request, reply)
  }

  /** For as long as its answer is not over the connection counts elsewhere than among the places. */
  function hold(caller: Caller, request: FastifyRequest, reply: FastifyReply): void {
    const { socket } = request.raw
    const release = heldRequests.hold(caller.publicId, request.visit.address)
    connections.leavePlace(socket)
    // The client may have left before; then no event comes.
    if (reply.raw.closed || socket.destroyed) return void release()
    reply.raw.once('close', () => {
      release()
      connections.takePlace(socket)
    })
  }

  async function answer(route: AnyRoute, request: FastifyRequest, reply: FastifyReply) {
    const body = demandMedia(request.body, route.consumes)
    const result = await route.handle({
      query: parseQuery(route.query, request.query),
      params: route.params ? parse(route.params, request.params, 'path') : undefined,
      body: route.body ? parse(route.body, body, 'body') : undefined,
      caller: request.visit.caller,
      domain,
      exchange: {
        requestId: request.visit.id,
        address: request.visit.address,
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
        // A stream that its reader leaves is never finished, so no onResponse comes.
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
            request.visit.bytes?.free()
          }
        },
      })
    }
  }

  if (options.window !== null) await serveWindow(server, options.window)
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

/** Made for the few handlers that ask for it: most answers are given before anyone could leave. */
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
    `Send the file as it is, with “Content-Type: ${uploadType}”.`,
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
