import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { knownRoutes } from '../route-conformance.ts'
import { createTestClock } from '../test-clock.ts'
import { type Line, startTestServer } from '../test-server.ts'
import { expectRefusal } from './refusal.ts'

const testServer = await startTestServer({ environment: { clock: createTestClock() } })
const params = { id: '1', n: 0 }
const json = { 'content-type': 'application/json' }
const mail = { from: 'a@example.com', to: 'b@example.com', subject: 'x', text: 'x' }
const { key } = await testServer.makeKey()

const withBody = knownRoutes.filter(({ route }) => route.body && !route.consumes)
const changing = knownRoutes.filter(({ line }) => !line.startsWith('GET '))

describe.each(changing)('$line', ({ line: text, dialect }) => {
  const line = text as Line
  const ask = (body: unknown, headers: Readonly<Record<string, string>> = json) =>
    testServer.request(line, { params, body, headers })

  it.each([
    ['cut short', '{"a":'],
    ['with a trailing comma', '{"a":1,}'],
    ['in single quotes', "{'a':1}"],
    ['of two values', '{} {}'],
    ['that is no JSON', 'hello'],
    ['with a control character', '{"a":"\u0001"}'],
    ['that is not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
    ['in UTF-16', Buffer.from('{"a":1}', 'utf16le')],
    ['with __proto__ in it', '{"__proto__":{"admin":true}}'],
    ['nested 100,000 deep', `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
  ])('A body %s is refused', async (_, body) => {
    expectRefusal(await ask(body), 'invalid_request', dialect.prefix)
  })

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', 'x', ''])(
    'A body of type “%s” is refused',
    async (type) => {
      const headers = { 'content-type': type }
      expectRefusal(await ask('{}', headers), 'unsupported_media_type', dialect.prefix)
    },
  )

  it('A compressed body is refused', async () => {
    const headers = { ...json, 'content-encoding': 'gzip' }
    expectRefusal(await ask(gzipSync('{}'), headers), 'unsupported_media_type', dialect.prefix)
  })
})

describe.each(withBody)('$line', ({ line: text, dialect }) => {
  const line = text as Line

  it.each(['[]', '"text"', '1', 'true'])(
    'A body must be an object: %s is refused',
    async (body) => {
      const answer = await testServer.request(line, { params, body, headers: json })
      expectRefusal(answer, 'invalid_request', dialect.prefix)
    },
  )
})

describe('A request body', () => {
  it.each([
    'application/json; charset=utf-8',
    'application/json;charset=UTF-8',
    'Application/JSON',
  ])('A body of type %s is read', async (type) => {
    const call = { key, body: mail, headers: { 'content-type': type } }
    expect((await testServer.request('POST /v1/send', call)).status).toBe(202)
  })

  it('A body may begin with a byte order mark', async () => {
    const body = Buffer.from(`\ufeff${JSON.stringify(mail)}`)
    expect((await testServer.request('POST /v1/send', { key, body, headers: json })).status).toBe(
      202,
    )
  })

  it('A body may contain letters beyond ASCII, as UTF-8 or escaped', async () => {
    const escaped = JSON.stringify({ ...mail, subject: 'SUBJECT' }).replace(
      'SUBJECT',
      '\\u00e9\\ud83d\\ude00',
    )
    for (const body of [JSON.stringify({ ...mail, subject: 'é😀' }), escaped]) {
      const { id } = await testServer.reply('POST /v1/send', { key, body, headers: json })
      expect((await testServer.reply('GET /v1/emails/{id}', { params: { id } })).subject).toBe(
        'é😀',
      )
    }
  })

  it('An empty body counts as no body where none is required', async () => {
    for (const headers of [json, {}]) {
      const answer = await testServer.request('DELETE /v1/inbox', { headers })
      expect(answer.status).toBe(200)
    }
  })

  it('A body with a field “constructor” or 60 levels of nesting changes nothing of the server', async () => {
    const deep = JSON.parse(`${'['.repeat(60)}1${']'.repeat(60)}`)
    const metadata = { constructor: { prototype: { admin: true } }, toString: 'x', deep }
    const { id } = await testServer.reply('POST /v1/send', { key, body: { ...mail, metadata } })
    const email = await testServer.reply('GET /v1/emails/{id}', { params: { id } })
    expect(email.metadata).toEqual(metadata)
    expect('admin' in {}).toBe(false)
  })

  it('Unknown fields of a body are ignored', async () => {
    const body = { ...mail, scheduled: true, mode: 'live', key_id: 'key_1', tenant_id: 'x' }
    const { id } = await testServer.reply('POST /v1/send', { key, body })
    const email = await testServer.reply('GET /v1/emails/{id}', { params: { id } })
    expect([email.mode, email.status]).toEqual(['test', 'captured'])
  })
})
