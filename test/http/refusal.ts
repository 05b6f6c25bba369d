import { expect } from 'vitest'
import { type FaultCode, faults } from '../../src-main/contract/faults.ts'
import type { Answer } from '../http-client.ts'

type Style = 'native' | 'mailsage'

const styleOf = (path: string): Style => (path.startsWith('/api/v1') ? 'mailsage' : 'native')

/** Compares a refusal with the error body of its dialect, field by field. Returns its sentence. */
export function expectRefusal(answer: Answer, code: FaultCode, path = '/v1'): string {
  const [status] = faults[code]
  const { message } = answer.body as { readonly message: string }
  expect(answer.headers['content-type']).toBe('application/json; charset=utf-8')
  expect({ status: answer.status, body: answer.body }).toEqual({
    status,
    body: errorBody(styleOf(path), code, status, message, answer),
  })
  // A sentence without internal terms.
  expect(message).toMatch(/^.{8,}[.!?)]$/s)
  expect(message).not.toMatch(/undefined|\[object|FST_|SQLITE|\.ts\b/)
  expect(message).not.toMatch(/received|Invalid (input|option)|Too (small|big)|ZodError|\bNaN\b/)
  return message
}

function errorBody(
  style: Style,
  code: FaultCode,
  status: number,
  message: string,
  { headers }: Answer,
) {
  const { 'x-request-id': requestId, 'retry-after': retryAfter } = headers
  if (style === 'native') {
    return {
      error: expect.toSatisfy((error: { code: string; message: string }) => {
        expect(error).toMatchObject({ code, message })
        expect(['code', 'message', 'details']).toEqual(expect.arrayContaining(Object.keys(error)))
        return true
      }),
      statusCode: status,
      name: code,
      message,
      request_id: requestId,
    }
  }
  return {
    error: message,
    status,
    code,
    message,
    details: expect.any(Object),
    request_id: requestId,
    ...(retryAfter === undefined ? {} : { retry_after: Number(retryAfter) }),
  }
}
