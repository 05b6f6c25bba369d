import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Fault } from '../contract/faults.ts'
import { uploadType } from './body-parsers.ts'
import { requireMedia } from './message-body.ts'
import { parse } from './parse.ts'
import type { Pipeline } from './pipeline.ts'
import { parseQuery } from './query.ts'
import { recordResponse } from './request-context.ts'
import { type AnyRoute, Content } from './route.ts'

/** Parses the request by the schemas of the route, runs its handler and sends the result. */
export async function respond(
  pipeline: Pipeline,
  route: AnyRoute,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const body = requireMedia(request.body, route.consumes)
  const result = await route.handle({
    query: parseQuery(route.query, request.query),
    params: route.params ? parse(route.params, request.params, 'path') : undefined,
    body: route.body ? parse(route.body, body, 'body') : undefined,
    caller: request.context.caller,
    domain: pipeline.domain,
    exchange: infoOf(request, reply),
  })
  if (result instanceof Content) return sendContent(pipeline, result, request, reply)
  const { status = 200, alternative } = route
  return reply.code(alternative?.applies(result) ? alternative.status : status).send(result)
}

function infoOf(request: FastifyRequest, reply: FastifyReply) {
  return {
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
  }
}

function sendContent(
  pipeline: Pipeline,
  { headers, type, body }: Content,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  reply.headers(headers).type(type).header('x-content-type-options', 'nosniff')
  if (body instanceof Readable) {
    body.on('error', (error) => {
      if (!pipeline.isClosing()) pipeline.log.error('A stream failed', error)
    })
    reply.raw.once('close', () => {
      body.destroy()
      // Fastify calls no onResponse for a stream that the client leaves.
      if (!reply.raw.writableFinished) recordResponse(pipeline, request, reply)
    })
  }
  return reply.send(body)
}

/** Created only for handlers that use it. */
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
    `Send the file unchanged, with “Content-Type: ${uploadType}”.`,
  )
}
