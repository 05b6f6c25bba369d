import type { IncomingHttpHeaders } from 'node:http'
import { Fault } from '../contract/faults.ts'

/** The bytes of a message (RFC 5322) as the body. */
export function readBytes(headers: IncomingHttpHeaders, body: Buffer): Buffer {
  const { 'content-encoding': encoding = 'identity' } = headers
  if (encoding.toLowerCase() === 'identity') return body
  throw new Fault(
    'unsupported_media_type',
    `Send the body without “Content-Encoding: ${encoding.slice(0, 40)}”.`,
  )
}

/** Refuses a body of another media type than the route takes. */
export function requireMedia(body: unknown, consumes: 'message/rfc822' | undefined): unknown {
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
    `Send the message unchanged, with “Content-Type: ${consumes}”.`,
  )
}
