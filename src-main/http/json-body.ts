import type { IncomingHttpHeaders } from 'node:http'
import { Fault } from '../contract/faults.ts'
import { maxDepth, tooDeep } from './json-meter.ts'

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** A request body as JSON in UTF-8 (RFC 8259 §8.1); undefined when there is none. */
export function readJson(headers: IncomingHttpHeaders, body: Buffer): unknown {
  const { 'content-encoding': encoding = 'identity' } = headers
  if (encoding.toLowerCase() !== 'identity') {
    throw new Fault(
      'unsupported_media_type',
      `Send the body as it is, without “Content-Encoding: ${encoding.slice(0, 40)}”.`,
    )
  }
  if (body.length === 0) return undefined
  const value = parseJson(decode(body))
  checkShape(value, 0)
  return value
}

function decode(body: Buffer): string {
  try {
    return utf8.decode(body)
  } catch {
    throw new Fault('invalid_request', 'The request body is not UTF-8. Encode the JSON as UTF-8.')
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Fault(
      'invalid_request',
      'The request body is not valid JSON. Check quotes, commas and encoding.',
    )
  }
}

/** A field named `__proto__` becomes the prototype of any object that copies it. */
function checkShape(value: unknown, depth: number): void {
  if (typeof value !== 'object' || value === null) return
  if (depth >= maxDepth) throw tooDeep()
  if (Object.hasOwn(value, '__proto__')) {
    throw new Fault('invalid_request', 'The request body has a field named “__proto__”. Rename it.')
  }
  for (const child of Object.values(value)) checkShape(child, depth + 1)
}
