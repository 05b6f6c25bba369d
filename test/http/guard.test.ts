import { expect, it } from 'vitest'
import { permissions } from '../../src-main/contract/permissions.ts'
import { type KnownRoute, knownRoutes } from '../route-conformance.ts'
import { createTestClock } from '../test-clock.ts'
import { type Line, startTestServer } from '../test-server.ts'
import { expectRefusal } from './refusal.ts'

const clock = createTestClock()
const testServer = await startTestServer({ environment: { clock } })
const params = { id: 'key_00000000', n: 0 }

const guarded = knownRoutes.filter(({ route }) => route.permission !== 'public')
const withPermission = guarded.filter(({ route }) => route.permission !== 'any-key')

type Asked = { readonly line: Line; readonly path: string; readonly route: KnownRoute['route'] }

/** The routes that break a rule, each with the first line of its failure. */
async function failuresOf(
  routes: readonly KnownRoute[],
  rule: (asked: Asked) => Promise<void>,
): Promise<string[]> {
  const failures: string[] = []
  for (const { line, route } of routes) {
    try {
      await rule({ line: line as Line, path: line.split(' ')[1] ?? '', route })
    } catch (error) {
      failures.push(`${line}: ${String(error).split('\n')[0]}`)
    }
  }
  return failures
}

const timeout = 180_000

it('The walk covers every route that needs a key', () => {
  expect(withPermission.length).toBeGreaterThan(140)
})

it('Every route is refused without a key, and says how to send one', { timeout }, async () => {
  const failures = await failuresOf(guarded, async ({ line, path }) => {
    const { value: answer, events } = await testServer.witness(() =>
      testServer.request(line, { params, key: null }),
    )
    expectRefusal(answer, 'missing_api_key', path)
    expect(answer.headers['www-authenticate']).toBe('Bearer realm="MailSage"')
    expect(answer.headers['x-ratelimit-limit']).toBeUndefined()
    expect(events).toEqual([])
  })
  expect(failures).toEqual([])
})

it('Every route is refused with a key that does not exist', { timeout }, async () => {
  const failures = await failuresOf(guarded, async ({ line, path }) => {
    // Too many wrong keys in a short time would get another refusal.
    clock.advance(10_000)
    const { value: answer, events } = await testServer.witness(() =>
      testServer.request(line, { params, key: 'ms_live_xxxxxxxxxxxxxxxxxxxx' }),
    )
    expectRefusal(answer, 'invalid_api_key', path)
    expect(events).toEqual([])
  })
  expect(failures).toEqual([])
})

it('A route for any key takes a key without permissions', { timeout }, async () => {
  const { key } = await testServer.makeKey({ permissions: [] })
  const anyKey = guarded.filter((known) => !withPermission.includes(known))
  expect(anyKey.length).toBeGreaterThan(0)
  const failures = await failuresOf(anyKey, async ({ line }) => {
    expect((await testServer.request(line, { params, key })).status).toBe(200)
  })
  expect(failures).toEqual([])
})

it('Every route needs its permission, names it, and logs the refusal', { timeout }, async () => {
  const failures = await failuresOf(withPermission, async ({ line, path, route }) => {
    const others = permissions.filter((name) => name !== route.permission && name !== '*')
    const made = await testServer.makeKey({ permissions: others })
    const { value: answer, events } = await testServer.witness(() =>
      testServer.request(line, { params, key: made.key }),
    )
    expect(expectRefusal(answer, 'insufficient_permissions', path)).toContain(route.permission)
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
  expect(failures).toEqual([])
})

it('Every route is refused over the rate limit, with the time to retry', { timeout }, async () => {
  const failures = await failuresOf(withPermission, async ({ line, path }) => {
    const { id, key } = await testServer.makeKey({
      permissions: [],
      rate_limit: { requests_per_minute: 1 },
    })
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
      'x-ratelimit-reset': String(Math.floor(clock.now() / 1000) + 120),
    })
    expect(events).toMatchObject([
      { type: 'request', keyId: id, data: { status: 429, outcome: 'rate_limited' } },
    ])
  })
  expect(failures).toEqual([])
})
