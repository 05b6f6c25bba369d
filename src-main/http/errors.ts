import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Clock } from '../base/clock.ts'
import { requestId } from '../base/ids.ts'
import { threadFailureOf } from '../base/thread-failure.ts'
import { Fault, type FaultCode } from '../contract/faults.ts'
import { bodyTooLarge, cutShort } from './request-body.ts'
import type { Dialect } from './route.ts'

/** Maps errors of Fastify and of threads to faults. */
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
    // The client closed the connection during the body.
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
          'MailSage has an internal error. Find its log entry by the request id.',
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

/** Other errors of Fastify below 500 are about the request. */
function ofFramework(error: unknown): Fault | null {
  const { code, statusCode } = error as { readonly code?: unknown; readonly statusCode?: unknown }
  const isOfFramework = typeof code === 'string' && code.startsWith('FST_')
  if (!isOfFramework || typeof statusCode !== 'number' || statusCode >= 500) return null
  const [fault, sentence] = byStatus[statusCode] ?? ['invalid_request', 'The request is not valid.']
  return new Fault(fault, sentence)
}

/** A complete response for a connection that takes no more requests. */
export function rawResponse(
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

/** Refuses input that is not HTTP, has too large headers, or never ends (RFC 9110 §15.5). */
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
        ? new Fault('headers_too_large', 'The request headers are too large; the limit is 16 KiB.')
        : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
          ? new Fault('request_timeout', 'The request took too long to arrive.')
          : new Fault('invalid_request', 'The request is not valid HTTP/1.1.')
    end(socket, rawResponse(fault, dialect, requestId(clock.now())))
  }
}

/** Without a listener Node closes the connection of a CONNECT without a response. */
export function refuseConnect(
  dialect: Dialect,
  clock: Clock,
  end: (socket: Socket, lastBytes: string) => void,
) {
  return (_request: IncomingMessage, socket: Duplex): void => {
    const fault = new Fault('method_not_allowed', 'This is not a proxy: it does not take CONNECT.')
    const answer = rawResponse(fault, dialect, requestId(clock.now()), ['Allow: GET'])
    // Node passes the socket of the request itself.
    end(socket as Socket, answer)
  }
}
