import { describe, expect, it } from 'vitest'
import { createTestClock } from '../test-clock.ts'
import { startTestServer } from '../test-server.ts'
import { expectRefusal } from './refusal.ts'

const clock = createTestClock()
const testServer = await startTestServer({ environment: { clock } })
const dayMs = 86_400_000

/** One guarded route of each dialect. */
const guardedRoutes = [
  { line: 'GET /v1/emails', path: '/v1' },
  { line: 'GET /api/v1/api-keys', path: '/api/v1' },
] as const
const open = { permissions: ['*'] as ['*'], mode: 'live' as const }

describe.each(guardedRoutes)('$line', ({ line, path }) => {
  const asked = (key: string) => testServer.request(line, { key })

  it.each([
    ['an empty header', ''],
    ['no scheme', 'ms_live_xxxxxxxxxxxxxxxxxxxx'],
    ['another scheme', 'Basic bXM6bXM='],
    ['a scheme without a key', 'Bearer'],
    ['two keys', 'Bearer one two'],
  ])('An Authorization header with %s is refused', async (_, authorization) => {
    const answer = await testServer.request(line, { key: null, headers: { authorization } })
    expectRefusal(answer, authorization === '' ? 'missing_api_key' : 'invalid_api_key', path)
  })

  it('The scheme is accepted in any case', async () => {
    const { key } = await testServer.makeKey(open)
    const answer = await testServer.request(line, {
      key: null,
      headers: { authorization: `bearer ${key}` },
    })
    expect(answer.status).toBe(200)
  })

  it('A mistyped key and an unknown key have different errors', async () => {
    const { key } = await testServer.makeKey(open)
    const flipped = key.slice(0, -1) + (key.endsWith('x') ? 'y' : 'x')
    expect(expectRefusal(await asked(flipped), 'invalid_api_key', path)).toContain('mistyped')
    const cut = await asked(key.slice(0, -3))
    expect(expectRefusal(cut, 'invalid_api_key', path)).toContain('cut short')
    const foreign = await asked('someone-elses-key-0123456789')
    expect(expectRefusal(foreign, 'invalid_api_key', path)).toMatch(/^Invalid API key provided/)
  })

  it('A revoked key is refused from the next request on', async () => {
    const { key, id } = await testServer.makeKey(open)
    expect((await asked(key)).status).toBe(200)
    await testServer.reply('DELETE /v1/api-keys/{id}', { params: { id } })
    expect(expectRefusal(await asked(key), 'invalid_api_key', path)).toContain('revoked')
  })

  it('A disabled key is refused until it is enabled again', async () => {
    const { key, id } = await testServer.makeKey(open)
    const turn = (enabled: boolean) =>
      testServer.reply('PATCH /v1/api-keys/{id}', { params: { id }, body: { enabled } })
    await turn(false)
    expect(expectRefusal(await asked(key), 'invalid_api_key', path)).toContain('switched off')
    await turn(true)
    expect((await asked(key)).status).toBe(200)
  })

  it('A key is refused from the millisecond of its expiry on', async () => {
    const { key, expires_at } = await testServer.makeKey({ ...open, expires_in_days: 1 })
    expect(Date.parse(String(expires_at))).toBe(clock.now() + dayMs)
    clock.advance(dayMs - 1)
    expect((await asked(key)).status).toBe(200)
    clock.advance(1)
    const [day, time] = String(expires_at).split(/[TZ]/)
    expect(expectRefusal(await asked(key), 'expired_api_key', path)).toContain(
      `expired at ${day} ${time?.slice(0, 5)} UTC`,
    )
  })

  it('Both secrets of a rotated key are accepted in the grace period, and then only the new one', async () => {
    const { key, id } = await testServer.makeKey(open)
    const rotated = await testServer.reply('POST /v1/api-keys/{id}/rotate', {
      params: { id },
      body: { grace_seconds: 3600 },
    })
    expect((await asked(key)).status).toBe(200)
    expect((await asked(rotated.key)).status).toBe(200)
    clock.advance(3_600_000)
    expect(expectRefusal(await asked(key), 'expired_api_key', path)).toContain('rotated')
    expect((await asked(rotated.key)).status).toBe(200)
  })

  it('The old secret ends at once without a grace period', async () => {
    const { key, id } = await testServer.makeKey(open)
    const rotation = { params: { id }, body: { grace_seconds: 0 } }
    await testServer.reply('POST /v1/api-keys/{id}/rotate', rotation)
    expect((await asked(key)).status).toBe(401)
  })

  it('A key is refused from an address that it does not allow', async () => {
    const elsewhere = await testServer.makeKey({ ...open, allowed_ips: ['10.0.0.0/8', '::1'] })
    expect(expectRefusal(await asked(elsewhere.key), 'address_not_allowed', path)).toContain(
      '127.0.0.1',
    )
    const here = await testServer.makeKey({ ...open, allowed_ips: ['127.0.0.0/8'] })
    expect((await asked(here.key)).status).toBe(200)
  })

  it('The checks run in order: known, enabled, expired, rate limit, permission', async () => {
    const { key, id } = await testServer.makeKey({
      permissions: [],
      mode: 'live',
      expires_in_days: 1,
      rate_limit: { requests_per_minute: 1 },
    })
    for (let spent = 0; spent < 2; spent++)
      expectRefusal(await asked(key), 'insufficient_permissions', path)
    expectRefusal(await asked(key), 'rate_limit_exceeded', path)
    clock.advance(dayMs)
    expectRefusal(await asked(key), 'expired_api_key', path)
    await testServer.reply('PATCH /v1/api-keys/{id}', { params: { id }, body: { enabled: false } })
    expectRefusal(await asked(key), 'invalid_api_key', path)
  })
})

it('Every key works in every dialect, with any prefix', async () => {
  const native = await testServer.makeKey(open)
  const mailsage = await testServer.reply('POST /api/v1/api-keys', { body: { name: 'Theirs' } })
  expect(native.key).toMatch(/^sk_live_/)
  expect(mailsage.key).toMatch(/^ms_live_/)
  const asked = (key: string) => testServer.reply('GET /v1/session', { key })
  expect((await asked(native.key)).mode).toBe('live')
  expect((await asked(mailsage.key)).mode).toBe('live')
})

it('Refused requests without a key are counted each minute, and not logged one by one', async () => {
  const { events } = await testServer.witness(async () => {
    for (let count = 0; count < 30; count++)
      await testServer.ask('GET', '/v1/emails', { key: null })
    await testServer.ask('GET', '/v1/emails', { key: 'ms_live_nothing' })
    clock.advance(60_000)
  })
  expect(events.map(({ type }) => type)).toEqual(['junk'])
  expect(events[0]?.data.counts).toMatchObject({ missing_api_key: expect.any(Number) })
})
