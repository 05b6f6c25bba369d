import type { FastifyReply, FastifyRequest } from 'fastify'
import { Fault } from '../contract/faults.ts'
import {
  type Caller,
  requireInstallation,
  requireLive,
  requirePermission,
} from '../domain/auth/caller.ts'
import type { Pipeline } from './pipeline.ts'
import type { AnyRoute } from './route.ts'

/** Authentication, rate limit, permission and mode, before the body is read. */
export function guard(
  pipeline: Pipeline,
  route: AnyRoute,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  if (route.permission === 'public') return
  const { domain } = pipeline
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
  if (route.isHeld) hold(pipeline, caller, request, reply)
}

/** Counts a held request, and frees the slot of its connection until the response ends. */
function hold(
  { connections, heldRequests }: Pipeline,
  caller: Caller,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const { socket } = request.raw
  const release = heldRequests.hold(caller.publicId, request.context.address)
  connections.leaveSlot(socket)
  // No close event follows if the client has left already.
  if (reply.raw.closed || socket.destroyed) return void release()
  reply.raw.once('close', () => {
    release()
    connections.takeSlot(socket)
  })
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
  const isEmpty = /^Bearer *$/i.test(authorization)
  throw new Fault(
    'invalid_api_key',
    isEmpty
      ? 'The Authorization header has no key after “Bearer”. An environment variable in its place, such as MAILSAGE_API_KEY, may be empty or unset.'
      : 'The Authorization header must read “Bearer YOUR_API_KEY”.',
  )
}
