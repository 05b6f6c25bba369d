import { expect, it } from 'vitest'
import { knownRoutes } from '../route-conformance.ts'
import { type Line, startTestServer } from '../test-server.ts'
import { expectRefusal } from './refusal.ts'

const testServer = await startTestServer()
const params = { id: '1', n: 1, name: 'x', log: '1', path: '1', ticket: 'x' }
const json = { 'content-type': 'application/json' }

const withBody = knownRoutes.filter(({ route }) => route.body && !route.consumes)
const optional = [
  'POST /api/v1/templates/{id}/test',
  'POST /v1/api-keys/{id}/rotate',
  'POST /v1/emails/{id}/view',
  'POST /v1/inbox/{id}/release',
  'POST /v1/inbox/{id}/view',
  'POST /v1/relays/{id}/test',
  'POST /v1/templates/{id}/test',
  'POST /v1/webhooks/{id}/test',
]

async function requiredIn(document: string): Promise<Map<string, boolean>> {
  const { paths } = (await testServer.ask('GET', document)).body as {
    paths: Record<string, Record<string, { requestBody?: { required: boolean } }>>
  }
  return new Map(
    Object.entries(paths).flatMap(([path, operations]) =>
      Object.entries(operations).map(
        ([method, { requestBody }]) =>
          [`${method.toUpperCase()} ${path}`, requestBody?.required ?? false] as const,
      ),
    ),
  )
}

it('The document says of each body whether it is required', async () => {
  const required = await requiredIn('/openapi.json')
  const notRequired = withBody.map(({ line }) => line).filter((line) => !required.get(line))
  expect(notRequired.toSorted()).toEqual(optional)
})

it.each(withBody)('$line without a body answers as documented', async ({ line: text, dialect }) => {
  const line = text as Line
  for (const call of [
    {},
    { headers: json },
    { headers: json, body: '' },
    { body: Buffer.alloc(0) },
  ]) {
    const answer = await testServer.request(line, { params, ...call })
    if (optional.includes(line)) expect(answer.status, answer.text).not.toBe(400)
    else expect(expectRefusal(answer, 'invalid_request', dialect.prefix)).toMatch(/needs a body/)
  }
})

it.each(withBody)('$line refuses null and other content types', async ({ line: text, dialect }) => {
  const line = text as Line
  const none = await testServer.request(line, { params, headers: json, body: 'null' })
  expect(expectRefusal(none, 'invalid_request', dialect.prefix)).toMatch(/must be an object/)
  for (const type of [
    'text/plain',
    'application/xml',
    'message/rfc822',
    'application/octet-stream',
    'json',
  ]) {
    const headers = { 'content-type': type }
    const answer = await testServer.request(line, { params, headers, body: '{}' })
    expectRefusal(answer, 'unsupported_media_type', dialect.prefix)
  }
})
