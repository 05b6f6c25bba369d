import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ByteHold } from '../base/byte-budget.ts'
import { clientAddress } from '../base/forwarded.ts'
import type { GrowingBytes } from '../base/growing-bytes.ts'
import { requestId } from '../base/ids.ts'
import { Fault } from '../contract/faults.ts'
import type { Caller } from '../domain/auth/caller.ts'
import type { Pipeline } from './pipeline.ts'
import type { Dialect } from './route.ts'

/** The state of a request until its response is recorded. */
export type RequestContext = {
  readonly id: string
  readonly address: string
  /** The proxy headers name several clients. */
  readonly hasContradiction: boolean
  readonly startedAt: number
  readonly route: string
  readonly dialect: Dialect
  caller: Caller | null
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

/** Attaches its context to a request. */
export function beginRequest(
  { clock, isTrustedProxy }: Pipeline,
  request: FastifyRequest,
  route: string,
  dialect: Dialect,
): RequestContext {
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
    holds: [],
    bytes: null,
    fault: null,
    isRecorded: false,
  }
  request.context = context
  return context
}

export function releaseHolds({ context }: FastifyRequest): void {
  for (const hold of context.holds.splice(0)) hold.close()
}

/** Fastify calls no `onResponse` for a response that was aborted. */
export function recordAborted(
  pipeline: Pipeline,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  releaseHolds(request)
  if (reply.raw.writableFinished || pipeline.isClosing()) return
  if (!reply.raw.headersSent) {
    request.context.fault = new Fault(
      'client_closed',
      'The client closed the connection before the response.',
    )
    reply.code(request.context.fault.httpStatus)
  }
  recordResponse(pipeline, request, reply)
}

/** Writes the request to the log, once. */
export function recordResponse(
  { domain }: Pipeline,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
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
