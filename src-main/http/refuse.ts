import type { FastifyReply, FastifyRequest } from 'fastify'
import { Fault } from '../contract/faults.ts'
import { isWrongKey } from '../domain/auth/wrong-keys.ts'
import { toFault } from './errors.ts'
import { type Pipeline, pathOf } from './pipeline.ts'

/** Replies with a fault in the format of the request's dialect. */
export function refuse(request: FastifyRequest, reply: FastifyReply, fault: Fault): FastifyReply {
  const { context } = request
  context.fault = fault
  const retryAfter = fault.details.retry_after
  if (typeof retryAfter === 'number') reply.header('retry-after', retryAfter)
  if (fault.httpStatus === 401) reply.header('www-authenticate', 'Bearer realm="MailSage"')
  return reply.code(fault.httpStatus).send(context.dialect.fault(fault, context.id))
}

/** Turns an error into a refusal. Too many wrong keys are refused late. */
export async function refuseError(
  { domain, log, isClosing }: Pipeline,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { id, address } = request.context
  const fault = toFault(domain.storage.explain(error) ?? error)
  if (fault.code === 'internal' && !isClosing())
    log.error('A request failed', error, { request: id })
  const tooMany = isWrongKey(fault) ? domain.wrongKeys.count(address) : null
  if (!tooMany) return refuse(request, reply, fault)
  if (!(await domain.wrongKeys.delayRefusal(address))) reply.header('connection', 'close')
  return refuse(request, reply, tooMany)
}

/** 404 for an unknown path, 405 for a method that the path does not accept. */
export function refuseUnknown(
  { methods }: Pipeline,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const { method, server } = request
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
