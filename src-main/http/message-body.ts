import type { IncomingHttpHeaders } from 'node:http'
import { Fault } from '../contract/faults.ts'

/** A body that is a message as it travels (RFC 5322), taken byte for byte. */
export function readBytes(headers: IncomingHttpHeaders, body: Buffer): Buffer {
  const { 'content-encoding': encoding = 'identity' } = headers
  if (encoding.toLowerCase() === 'identity') return body
  throw new Fault(
    'unsupported_media_type',
    `Send the body as it is, without “Content-Encoding: ${encoding.slice(0, 40)}”.`,
  )
}

/** The body, if it came in the form that the route takes; bytes are never JSON. */
export function demandMedia(body: unknown, consumes: 'message/rfc822' | undefined): unknown {
  if (consumes === undefined) {
    if (!Buffer.isBuffer(body)) return body
    throw new Fault(
      'unsupported_media_type',
      'Send the body as JSON, with “Content-Type: application/json”.',
    )
  }
  if (Buffer.isBuffer(body)) return body
  throw new Fault(
    'unsupported_media_type',
    `Send the message as it is, with “Content-Type: ${consumes}”.`,
  )
}
