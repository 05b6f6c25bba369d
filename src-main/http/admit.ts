import type { FastifyReply, FastifyRequest } from 'fastify'
import { Fault } from '../contract/faults.ts'
import { checkHost, checkOrigin, checkSingleFields } from './origin.ts'
import { type Pipeline, pathOf } from './pipeline.ts'
import { refuseUnknown } from './refuse.ts'
import { beginRequest, recordAborted } from './request-context.ts'
import type { Dialect } from './route.ts'

type RouteConfig = {
  readonly line?: string
  readonly dialect?: Dialect
  readonly isPublic?: boolean
}

/** The first step of every request: context, Host and Origin checks, CORS, unknown routes. */
export async function admitRequest(
  pipeline: Pipeline,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply | undefined> {
  const { origins, methods, dialectOf } = pipeline
  const route = request.routeOptions.config as RouteConfig
  const path = pathOf(request)
  const dialect = route.dialect ?? dialectOf(path)
  const line = route.line ?? `${request.method} (unknown)`
  const context = beginRequest(pipeline, request, line, dialect)
  reply.header('x-request-id', context.id)
  reply.raw.once('close', () => recordAborted(pipeline, request, reply))
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
  if (request.is404 || !methods.takes(request.method, path))
    return refuseUnknown(pipeline, request, reply)
  return undefined
}

function contradiction(): Fault {
  return new Fault(
    'invalid_request',
    'X-Forwarded-For and Forwarded name several clients. Let the proxy set one of them, with one address.',
  )
}

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
