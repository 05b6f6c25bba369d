import { describe, expect, it } from 'vitest'
import { permissions } from '../../src-main/contract/permissions.ts'
import { type KnownRoute, knownRoutes } from '../route-conformance.ts'
import { createTestClock } from '../test-clock.ts'
import { type Line, startTestServer } from '../test-server.ts'
import { expectRefusal } from './refusal.ts'

const clock = createTestClock()
const testServer = await startTestServer({ environment: { clock } })
const params = { id: 'key_00000000', n: 0 }

const guarded = knownRoutes.filter(({ route }) => route.permission !== 'public')

describe.each(guarded)('$line', ({ line: text, route }: KnownRoute) => {
  const line = text as Line
  const path = text.split(' ')[1] ?? ''

  it('is refused without a key, and says how to send one', async () => {
    const { value: answer, events } = await testServer.witness(() =>
      testServer.request(line, { params, key: null }),
    )
    expectRefusal(answer, 'missing_api_key', path)
    expect(answer.headers['www-authenticate']).toBe('Bearer realm="MailSage"')
    expect(answer.headers['x-ratelimit-limit']).toBeUndefined()
    expect(events).toEqual([])
  })

  it('is refused with a key that nobody made', async () => {
    // Too many wrong keys in too short a time would be another refusal.
    clock.advance(10_000)
    const { value: answer, events } = await testServer.witness(() =>
      testServer.request(line, { params, key: 'ms_live_xxxxxxxxxxxxxxxxxxxx' }),
    )
    expectRefusal(answer, 'invalid_api_key', path)
    expect(events).toEqual([])
  })

  if (route.permission === 'any-key') {
    it('takes a key without any permission', async () => {
      const { key } = await testServer.makeKey({ permissions: [] })
      expect((await testServer.request(line, { params, key })).status).toBe(200)
    })
    return
  }

  it(`needs ${route.permission}, and says so`, async () => {
    const others = permissions.filter((name) => name !== route.permission && name !== '*')
    const made = await testServer.makeKey({ permissions: others })
    const { value: answer, events } = await testServer.witness(() =>
      testServer.request(line, { params, key: made.key }),
    )
    const sentence = expectRefusal(answer, 'insufficient_permissions', path)
    expect(sentence).toContain(route.permission)
    expect(answer.headers).toMatchObject({
      'x-ratelimit-limit': '10000',
      'x-ratelimit-remaining': '10000',
      'x-ratelimit-reset': expect.stringMatching(/^\d{10}$/),
    })
    expect(events).toMatchObject([
      {
        type: 'request',
        keyId: made.id,
        data: { route: line, status: 403, outcome: 'forbidden', fault: 'insufficient_permissions' },
      },
    ])
  })

  it('is refused over the rate limit, and says when to come back', async () => {
    const made = await testServer.makeKey({
      permissions: [],
      rate_limit: { requests_per_minute: 1 },
    })
    const { key } = made
    // A limit of one a minute has a burst of two.
    for (let spent = 0; spent < 2; spent++) await testServer.ask('GET', '/v1/session', { key })
    const { value: answer, events } = await testServer.witness(() =>
      testServer.request(line, { params, key }),
    )
    expectRefusal(answer, 'rate_limit_exceeded', path)
    expect(answer.headers).toMatchObject({
      'retry-after': '60',
      'x-ratelimit-limit': '1',
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': String(clock.now() / 1000 + 120),
    })
    expect(events).toMatchObject([
      { type: 'request', keyId: made.id, data: { status: 429, outcome: 'rate_limited' } },
    ])
  })
})
