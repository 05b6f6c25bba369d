import { describe, expect, it } from 'vitest'
import { knownRoutes } from '../route-conformance.ts'
import { createTestClock } from '../test-clock.ts'
import { startTestServer } from '../test-server.ts'
import { expectRefusal } from './refusal.ts'

const environment = { clock: createTestClock() }
const testServer = await startTestServer({ environment })
const open = await startTestServer({
  environment,
  env: { CORS_ORIGINS: 'https://app.example.com', MAILSAGE_ALLOWED_HOSTS: 'mail.example.com' },
})
const { httpPort } = testServer.server

describe('The Host header', () => {
  it.each([
    '127.0.0.1',
    `127.0.0.1:${httpPort}`,
    'localhost',
    `LOCALHOST:${httpPort}`,
    'app.localhost:3000',
    '[::1]:8025',
    '192.168.1.10',
  ])('The host %s is accepted', async (host) => {
    expect((await testServer.ask('GET', '/health', { headers: { host } })).status).toBe(200)
  })

  it.each([
    'evil.example.com',
    `evil.example.com:${httpPort}`,
    'localhost.evil.example.com',
    '127.0.0.1.evil.example.com',
    'mail.example.com',
    '127.0.0.1@evil.example.com',
  ])('The host “%s” is refused with any key', async (host) => {
    const answer = await testServer.ask('GET', '/v1/api-keys', { headers: { host } })
    expectRefusal(answer, 'host_not_allowed')
  })

  it.each(knownRoutes)('The host is checked at $line', async ({ line, dialect }) => {
    const [method = '', path = ''] = line.split(' ')
    const answer = await testServer.ask(method, path.replace(/\{\w+\}/g, '1'), {
      headers: { host: 'evil.example.com' },
    })
    expectRefusal(answer, 'host_not_allowed', dialect.prefix)
  })

  it('The host is checked before the path', async () => {
    for (const path of ['/', '/nothing', '/v1/nothing']) {
      const answer = await testServer.ask('GET', path, { headers: { host: 'evil.example.com' } })
      expectRefusal(answer, 'host_not_allowed')
    }
  })

  it('A host of MAILSAGE_ALLOWED_HOSTS is accepted', async () => {
    const ask = (host: string) => open.ask('GET', '/health', { headers: { host } })
    expect((await ask('Mail.Example.com:8025')).status).toBe(200)
    expect((await ask('other.example.com')).status).toBe(403)
  })
})

describe('The Origin header', () => {
  it('The origin of the own page is accepted', async () => {
    const { url } = testServer
    const answer = await testServer.ask('GET', '/v1/session', { headers: { origin: url } })
    expect(answer.status).toBe(200)
    expect(answer.headers).not.toHaveProperty('access-control-allow-origin')
  })

  it.each([
    'https://evil.example.com',
    'null',
    'http://127.0.0.1:1',
    'http://localhost',
    'https://app.example.com',
  ])('The origin %s is refused with any key, and its page reads nothing', async (origin) => {
    const answer = await testServer.ask('GET', '/v1/session', { headers: { origin } })
    expectRefusal(answer, 'origin_not_allowed')
    expect(answer.headers).not.toHaveProperty('access-control-allow-origin')
  })

  it('The origin is checked at the event stream', async () => {
    const headers = { origin: 'https://evil.example.com' }
    expectRefusal(await testServer.ask('GET', '/v1/events', { headers }), 'origin_not_allowed')
  })

  it('A page of another origin changes nothing', async () => {
    const { events } = await testServer.witness(() =>
      testServer.ask('DELETE', '/v1/inbox', { headers: { origin: 'https://evil.example.com' } }),
    )
    expect(events).toEqual([])
  })
})

describe('Cross-origin requests (CORS)', () => {
  const origin = 'https://app.example.com'
  const preflight = (from: string) =>
    open.ask('OPTIONS', '/v1/send', {
      key: null,
      headers: {
        origin: from,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type',
      },
    })

  it('The preflight of a configured origin is answered', async () => {
    const answer = await preflight(origin)
    expect(answer.status).toBe(204)
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': origin,
      'access-control-allow-methods': expect.stringContaining('POST'),
      'access-control-allow-headers': expect.stringContaining('authorization'),
      vary: 'origin',
    })
    expect(answer.headers).not.toHaveProperty('access-control-allow-credentials')
  })

  it('A configured origin reads responses, refusals and rate limits', async () => {
    const { key } = await open.makeKey({ permissions: [] })
    for (const path of ['/v1/session', '/v1/emails', '/v1/nothing']) {
      const { headers } = await open.ask('GET', path, { key, headers: { origin } })
      expect(headers['access-control-allow-origin']).toBe(origin)
      expect(headers['access-control-expose-headers']).toContain('x-ratelimit-remaining')
    }
  })

  it.each(['https://app.example.com.evil.example', 'http://app.example.com', 'null'])(
    'The preflight of %s is refused',
    async (from) => {
      expectRefusal(await preflight(from), 'origin_not_allowed')
    },
  )
})

describe('Methods and paths', () => {
  it('HEAD is answered like GET, without the body', async () => {
    const [head, get] = [
      await testServer.ask('HEAD', '/health'),
      await testServer.ask('GET', '/health'),
    ]
    expect([head.status, head.text]).toEqual([200, ''])
    expect(head.headers['content-length']).toBe(get.headers['content-length'])
    expect((await testServer.ask('HEAD', '/v1/emails', { key: null })).status).toBe(401)
    expect((await testServer.ask('HEAD', '/v1/nothing')).status).toBe(404)
  })

  it('HEAD of the event stream ends', async () => {
    const { status, headers } = await testServer.ask('HEAD', '/v1/events')
    expect([status, headers['content-type']]).toEqual([200, 'text/event-stream'])
  })

  it.each([
    ['GET', '/v1/send', 'POST', '/v1'],
    ['PUT', '/v1/settings', 'GET, HEAD, PATCH', '/v1'],
    ['OPTIONS', '/v1/emails', 'GET, HEAD', '/v1'],
    ['POST', '/v1/inbox/msg_1', 'GET, HEAD, PATCH, DELETE', '/v1'],
    ['PATCH', '/api/v1/api-keys', 'POST, GET, HEAD', '/api/v1'],
    ['DELETE', '/health', 'GET, HEAD', '/'],
  ])('%s %s is refused with the allowed methods', async (method, path, allow, prefix) => {
    const answer = await testServer.ask(method, path)
    expectRefusal(answer, 'method_not_allowed', prefix)
    expect(answer.headers.allow).toBe(allow)
  })

  it.each([
    ['/nothing', '/'],
    ['/v1', '/v1'],
    ['/v1/nothing', '/v1'],
    ['/v1/emails/x/y', '/v1'],
    ['/v10/send', '/'],
    ['/api/v1/nothing', '/api/v1'],
    ['/api/v1', '/api/v1'],
  ])('%s is refused in the format of its dialect', async (path, prefix) => {
    const answer = await testServer.ask('POST', path)
    expect(expectRefusal(answer, 'not_found', prefix)).toContain('/openapi.json')
  })

  it('A slash at the end of a path is ignored', async () => {
    expect((await testServer.ask('GET', '/v1/emails/')).status).toBe(200)
  })
})
