import { Readable } from 'node:stream'
import fastify, { type FastifyReply, type FastifyRequest } from 'fastify'
import type { Clock } from '../../base/clock.ts'
import { requestId } from '../../base/ids.ts'
import { plainAddress } from '../../base/ip-addresses.ts'
import type { Log } from '../../base/log.ts'
import { Fault } from '../../contract/faults.ts'
import { type Caller, demand, demandInstallation, demandLive } from '../../domain/caller.ts'
import type { Domain } from '../../domain/domain.ts'
import type { RateState } from '../../domain/limits.ts'
import { readJson } from './json-body.ts'
import { demandMedia, readBytes } from './message-body.ts'
import { createMethods } from './methods.ts'
import { checkHost, checkOrigin, type OriginRules } from './origin.ts'
import { parse } from './parse.ts'
import { parseQuery } from './query.ts'
import { refuseConnect, refuseUnreadable, toFault } from './refusals.ts'
import { type AnyRoute, Content, type Dialect, type RequestLine } from './route.ts'
import { serveWindow } from './window.ts'

export type HttpDoor = { readonly port: number; readonly close: () => Promise<void> }

export type HttpDoorOptions = {
  readonly host: string
  readonly port: number
  readonly origins: OriginRules
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
  readonly startedAt: number
  readonly route: string
  readonly dialect: Dialect
  caller: Caller | null
  rate: RateState | null
  fault: Fault | null
  isRecorded: boolean
}

declare module 'fastify' {
  interface FastifyRequest {
    visit: Visit
  }
}

const uploadType = 'application/octet-stream'
const smallBodyBytes = 1024 * 1024
/** 25 MiB of attachments as base64, with room for the rest. */
const largeBodyBytes = 40 * 1024 * 1024

/** Reads the route tables once; every request then takes the same walk. */
export async function openHttpDoor(options: HttpDoorOptions): Promise<HttpDoor> {
  const { dialects, domain, clock, log, origins } = options
  const [fallback] = dialects
  if (!fallback) throw new Error('A server needs a dialect')
  const server = fastify({
    bodyLimit: smallBodyBytes,
    requestTimeout: 60_000,
    keepAliveTimeout: 5_000,
    forceCloseConnections: true,
    exposeHeadRoutes: false,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 512 },
    clientErrorHandler: refuseUnreadable(fallback, clock),
    // Addresses that cannot be read never come to a hook.
    frameworkErrors: (error, request, reply) => {
      const { id } = begin(request, `${request.method} (unreadable)`, dialectOf(request.url))
      reply.header('x-request-id', id)
      return refuse(request, reply, toFault(error))
    },
    // A request without Host is refused by our own check, in our own words.
    http: { headersTimeout: 10_000, connectionsCheckingInterval: 2_000, requireHostHeader: false },
  })
  server.server.maxConnections = 1024
  server.server.on('connect', refuseConnect(fallback, clock))
  // An expectation that nobody knows may be passed over (RFC 9110 §10.1.1); Node's 417 says nothing.
  server.server.on('checkExpectation', (request, response) => {
    server.server.emit('request', request, response)
  })
  server.decorateRequest('visit')
  server.removeAllContentTypeParsers()
  server.addContentTypeParser<Buffer>(
    'application/json',
    { parseAs: 'buffer' },
    async (request: FastifyRequest, body: Buffer) => readJson(request.headers, body),
  )
  server.addContentTypeParser(uploadType, async (request: FastifyRequest, body: Readable) => {
    const { upload } = request.routeOptions.config as { readonly upload?: string }
    if (upload === uploadType) return body
    throw new Fault('unsupported_media_type', 'Send JSON, with “Content-Type: application/json”.')
  })

  server.addContentTypeParser<Buffer>(
    'message/rfc822',
    { parseAs: 'buffer' },
    async (request: FastifyRequest, body: Buffer) => readBytes(request.headers, body),
  )

  let isClosing = false
  const methods = createMethods(dialects)
  const dialectOf = (path: string): Dialect =>
    dialects.find(({ prefix }) => path === prefix || path.startsWith(`${prefix}/`)) ?? fallback

  function begin(request: FastifyRequest, route: string, dialect: Dialect): Visit {
    const now = clock.now()
    const visit: Visit = {
      id: requestId(now),
      startedAt: performance.now(),
      route,
      dialect,
      caller: null,
      rate: null,
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

  server.addHook('onResponse', async (request, reply) => record(request, reply))

  /** An answer that nobody waited for is never sent, and has no response to be recorded with. */
  function noteLeaving(request: FastifyRequest, reply: FastifyReply): void {
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
      address: plainAddress(request.ip),
      userAgent: request.headers['user-agent'] ?? null,
      requestId: visit.id,
    })
  }

  server.setErrorHandler((error, request, reply) => {
    const fault = toFault(domain.storage.explain(error) ?? error)
    // Nobody waits for an answer any more, and the parts that would make it close one by one.
    if (fault.code === 'internal' && !isClosing)
      log.error('A request failed', error, { request: request.visit.id })
    return refuse(request, reply, fault)
  })

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
    const caller = domain.keys.authenticate(bearer(request), plainAddress(request.ip))
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
        address: plainAddress(request.ip),
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
      server.route({
        method,
        url: path.replace(/\{(\w+)\}/g, ':$1'),
        config: { line, dialect, isPublic: route.permission === 'public', upload: route.upload },
        bodyLimit: route.permission === 'send' || route.consumes ? largeBodyBytes : smallBodyBytes,
        exposeHeadRoute: method === 'GET',
        onRequest: async (request, reply) => guard(route, request, reply),
        handler: (request, reply) => answer(route, request, reply),
      })
    }
  }

  if (options.window !== null) await serveWindow(server, options.window)
  await server.listen({ host: options.host, port: options.port })
  const address = server.server.address()
  return {
    port: typeof address === 'object' && address ? address.port : options.port,
    close: () => {
      isClosing = true
      return server.close()
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
