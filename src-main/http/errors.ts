import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Clock } from '../base/clock.ts'
import { requestId } from '../base/ids.ts'
import { threadFailureOf } from '../base/thread-failure.ts'
import { Fault, type FaultCode } from '../contract/faults.ts'
import { bodyTooLarge, cutShort } from './request-body.ts'
import type { Dialect } from './route.ts'

/** Fastify's own refusals, in our words. */
export function toFault(error: unknown): Fault {
  if (error instanceof Fault) return error
  switch (threadFailureOf(error)) {
    case 'closed':
      return new Fault('overloaded', 'MailSage is closing. Try again when it runs again.')
    case 'full':
      return new Fault('overloaded', 'Too many requests wait at once. Try again in a moment.')
  }
  const { code } = error as { readonly code?: unknown }
  switch (code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return bodyTooLarge()
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new Fault(
        'unsupported_media_type',
        'Send the body as JSON, with “Content-Type: application/json”.',
      )
    // The client went away in mid-body.
    case 'ECONNRESET':
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return cutShort()
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return new Fault('not_found', 'There is nothing at this address: it is too long.')
    case 'FST_ERR_BAD_URL':
      return new Fault(
        'invalid_request',
        'The address of the request is not valid. Percent-encode it (RFC 3986).',
      )
    default:
      return (
        ofFramework(error) ??
        new Fault(
          'internal',
          'Something went wrong on our side. The request id helps to find it in the log.',
        )
      )
  }
}

const byStatus: Readonly<Record<number, readonly [FaultCode, string]>> = {
  404: ['not_found', 'There is nothing at this address.'],
  405: ['method_not_allowed', 'This address does not take that method.'],
  408: ['request_timeout', 'The request took too long to arrive.'],
  413: ['message_too_large', 'The request is too large.'],
  414: ['not_found', 'There is nothing at this address: it is too long.'],
  415: ['unsupported_media_type', 'Send the body as JSON, with “Content-Type: application/json”.'],
}

/** Fastify may bring further errors of its own: those are about the request, and no fault of ours. */
function ofFramework(error: unknown): Fault | null {
  const { code, statusCode } = error as { readonly code?: unknown; readonly statusCode?: unknown }
  const isOfFramework = typeof code === 'string' && code.startsWith('FST_')
  if (!isOfFramework || typeof statusCode !== 'number' || statusCode >= 500) return null
  const [fault, sentence] = byStatus[statusCode] ?? ['invalid_request', 'The request is not valid.']
  return new Fault(fault, sentence)
}

/** An answer for a connection on which nothing can be asked any more. */
export function rawAnswer(
  fault: Fault,
  dialect: Dialect,
  id: string,
  fields: readonly string[] = [],
): string {
  const body = JSON.stringify(dialect.fault(fault, id))
  const { retry_after: retryAfter } = fault.details
  return [
    `HTTP/1.1 ${fault.httpStatus} ${fault.title}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Request-Id: ${id}`,
    ...(typeof retryAfter === 'number' ? [`Retry-After: ${retryAfter}`] : []),
    ...fields,
    'Connection: close',
    '',
    body,
  ].join('\r\n')
}

/** What is not even HTTP, or has too many headers, or never comes to an end (RFC 9110 §15.5). */
export function refuseUnreadable(
  dialect: Dialect,
  clock: Clock,
  end: (socket: Socket, lastBytes: string) => void,
) {
  return (error: NodeJS.ErrnoException, socket: Socket): void => {
    if (socket.destroyed || !socket.writable || error.code === 'ECONNRESET')
      return void socket.destroy()
    const fault =
      error.code === 'HPE_HEADER_OVERFLOW'
        ? new Fault('headers_too_large', 'The request headers are too large. 16 KiB is the most.')
        : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
          ? new Fault('request_timeout', 'The request took too long to arrive.')
          : new Fault('invalid_request', 'This is not a request that HTTP/1.1 allows.')
    end(socket, rawAnswer(fault, dialect, requestId(clock.now())))
  }
}

/** Node ends the connection of a CONNECT without a word unless somebody listens for it. */
export function refuseConnect(
  dialect: Dialect,
  clock: Clock,
  end: (socket: Socket, lastBytes: string) => void,
) {
  return (_request: IncomingMessage, socket: Duplex): void => {
    const fault = new Fault('method_not_allowed', 'This is not a proxy: it does not take CONNECT.')
    const answer = rawAnswer(fault, dialect, requestId(clock.now()), ['Allow: GET'])
    // Node hands over the socket of the request itself.
    end(socket as Socket, answer)
  }
}
