import { describe, expect, it } from 'vitest'
import type { z } from 'zod'
import type { UsageQuery } from '../../src-main/contract/usage.ts'
import { createRandom } from '../fixtures/mail/random.ts'
import type { Call } from '../http-client.ts'
import { createTestClock } from '../test-clock.ts'
import { type Line, startTestServer } from '../test-server.ts'
import { expectRefusal } from './refusal.ts'

const clock = createTestClock('2026-01-15T10:30:00Z')
const testServer = await startTestServer({ environment: { clock } })
const hourMs = 3_600_000

/** Requests are logged after their responses; this assigns the requests so far to their hour. */
async function later(hours: number): Promise<void> {
  await testServer.server.idle()
  clock.advance(hours * hourMs)
}

const one = await testServer.makeKey({ name: 'one', permissions: ['send', 'logs:read'] })
const two = await testServer.makeKey({ name: 'two', permissions: [] })
const mail = { from: 'a@example.com', to: 'b@example.com', subject: 'x', text: 'x' }

// 10:30: two sends and an invalid one; 11:30: three reads; 13:30: a refusal of the other key.
await testServer.reply('POST /v1/send', { key: one.key, body: mail })
await testServer.reply('POST /v1/send', { key: one.key, body: mail })
await testServer.request('POST /v1/send', { key: one.key, body: {} })
await later(1)
for (let count = 0; count < 3; count++) await testServer.reply('GET /v1/emails', { key: one.key })
await later(2)
await testServer.request('GET /v1/emails', { key: two.key })
await testServer.server.idle()

const read = (query: z.input<typeof UsageQuery> = {}) =>
  testServer.reply('GET /v1/usage', { query })
const none = {
  ok: 0,
  client_closed: 0,
  invalid: 0,
  not_found: 0,
  unauthorized: 0,
  forbidden: 0,
  rate_limited: 0,
  error: 0,
}
const figures = (requests: number, emails: number, outcomes: Partial<typeof none>) => ({
  requests,
  emails,
  outcomes: { ...none, ...outcomes },
})
const span = { from: '2026-01-15T10:00:00Z', to: '2026-01-15T14:00:00Z' }

describe('GET /v1/usage', () => {
  it('Usage has the totals, buckets, keys and routes of a span', async () => {
    const usage = await read({ ...span, bucket: 'hour' })
    expect(usage).toMatchObject({
      from: '2026-01-15T10:00:00.000Z',
      to: '2026-01-15T14:00:00.000Z',
      bucket: 'hour',
      totals: figures(7, 2, { ok: 5, invalid: 1, forbidden: 1 }),
      series: [
        { at: '2026-01-15T10:00:00.000Z', ...figures(3, 2, { ok: 2, invalid: 1 }) },
        { at: '2026-01-15T11:00:00.000Z', ...figures(3, 0, { ok: 3 }) },
        { at: '2026-01-15T12:00:00.000Z', ...figures(0, 0, {}) },
        { at: '2026-01-15T13:00:00.000Z', ...figures(1, 0, { forbidden: 1 }) },
      ],
    })
    expect(usage.keys.toSorted((a, b) => b.requests - a.requests)).toMatchObject([
      { key_id: one.id, name: 'one', ...figures(6, 2, { ok: 5, invalid: 1 }) },
      { key_id: two.id, name: 'two', ...figures(1, 0, { forbidden: 1 }) },
    ])
    expect(usage.routes.toSorted((a, b) => b.requests - a.requests)).toMatchObject([
      { route: 'GET /v1/emails', ...figures(4, 0, { ok: 3, forbidden: 1 }) },
      { route: 'POST /v1/send', ...figures(3, 0, { ok: 2, invalid: 1 }) },
    ])
  })

  it.each(['minute', 'hour', 'day'] as const)('Usage has the same sums by %s', async (bucket) => {
    const { totals, series, keys } = await read({ ...span, bucket })
    for (const parts of [series, keys]) {
      expect(parts.reduce((sum, { requests }) => sum + requests, 0)).toBe(totals.requests)
      expect(parts.reduce((sum, { emails }) => sum + emails, 0)).toBe(totals.emails)
      expect(parts.reduce((sum, { outcomes }) => sum + outcomes.ok, 0)).toBe(totals.outcomes.ok)
    }
  })

  it('Usage is filtered by key', async () => {
    expect((await read({ ...span, key_id: two.id })).totals.requests).toBe(1)
    expect((await read({ ...span, key_id: 'key_nobody00' })).totals.requests).toBe(0)
  })

  it('Usage is filtered by route and outcome', async () => {
    const sends = await read({ ...span, route: 'POST /v1/send' })
    expect(sends.totals).toMatchObject(figures(3, 0, { ok: 2, invalid: 1 }))
    const refused = await read({ ...span, outcome: 'forbidden' })
    expect(refused.totals).toMatchObject(figures(1, 0, { forbidden: 1 }))
    expect(refused.keys.map(({ key_id: id }) => id)).toEqual([two.id])
    expect((await read({ ...span, route: 'GET /nothing' })).totals.requests).toBe(0)
  })

  it('Usage is compared with the previous span, bucket by bucket', async () => {
    expect((await read(span)).previous).toBeNull()
    const hours = { from: '2026-01-15T11:00:00Z', to: '2026-01-15T12:00:00Z' }
    const { previous, series } = await read({ ...hours, bucket: 'minute', compare: 'previous' })
    expect(previous).toMatchObject({
      from: '2026-01-15T10:00:00.000Z',
      to: '2026-01-15T11:00:00.000Z',
      totals: figures(3, 2, { ok: 2, invalid: 1 }),
      deliveries: { delivered: 0, bounced: 0, deferred: 0, failed: 0 },
    })
    expect(previous?.series).toHaveLength(series.length)
    expect(previous?.series.find(({ requests }) => requests > 0)?.at).toBe(
      '2026-01-15T10:30:00.000Z',
    )
    const narrowed = await read({ ...hours, compare: 'previous', outcome: 'invalid' })
    expect(narrowed.previous?.totals.requests).toBe(1)
    const default24 = await read({ compare: 'previous' })
    expect(default24.previous?.series).toHaveLength(default24.series.length)
  })

  it('Usage covers the last day by default, in fitting buckets', async () => {
    const usage = await read()
    expect([usage.from, usage.to, usage.bucket]).toEqual([
      '2026-01-14T13:30:00.000Z',
      '2026-01-15T13:30:00.000Z',
      'hour',
    ])
    expect(usage.totals.requests).toBe(7)
    expect((await read({ from: '2026-01-15T13:00:00Z' })).bucket).toBe('minute')
    expect((await read({ from: '2025-11-15T13:00:00Z' })).bucket).toBe('day')
  })

  it('Usage is the same after a restart', async () => {
    const before = await read(span)
    await testServer.restart()
    expect(await read(span)).toEqual(before)
  })

  it.each([
    [{ compare: 'next' }, /one of: previous/],
    [{ outcome: 'good' }, /one of: ok/],
    [{ from: 'yesterday' }, /“from” must be a time such as/],
    [{ from: '2026-01-15' }, /“from” must be a time such as/],
    [{ from: '2027-01-01T00:00:00Z' }, /before “to”/],
    [{ from: span.to, to: span.from }, /before “to”/],
    [{ from: '2001-01-01T00:00:00Z' }, /wider “bucket”/],
    [{ from: '2026-01-01T00:00:00Z', bucket: 'minute' }, /wider “bucket”/],
    [{ bucket: 'week' }, /one of: minute, hour, day/],
    [{ key_id: 'x'.repeat(65) }, /64 characters/],
  ])('Usage refuses %j', async (query, sentence) => {
    const answer = await testServer.request('GET /v1/usage', { query })
    expect(expectRefusal(answer, 'invalid_parameter')).toMatch(sentence)
  })
})

it('Usage agrees with the event log after any mix of requests', { timeout: 60_000 }, async () => {
  const seed = 20_260_115
  const random = createRandom(seed)
  const other = await startTestServer({ environment: { clock } })
  await other.makeTenant('tenant_a')
  const keys = [
    await other.makeKey({ permissions: ['send', 'logs:read'] }),
    await other.makeKey({ permissions: ['send'], rate_limit: { requests_per_minute: 20 } }),
    await other.makeKey({ permissions: [], tenant_id: 'tenant_a' }),
  ] as const
  const acts: [() => Call & { line: Line }, ...(() => Call & { line: Line })[]] = [
    () => ({ line: 'POST /v1/send', body: mail }),
    () => ({ line: 'POST /v1/send', body: {} }),
    () => ({ line: 'GET /v1/emails' }),
    () => ({ line: 'GET /v1/emails/{id}', params: { id: 'x' } }),
    () => ({ line: 'GET /v1/session' }),
  ]
  const from = new Date(clock.now()).toISOString()
  for (let round = 0; round < 300; round++) {
    const { line, ...call } = random.pick(acts)()
    await other.request(line, { ...call, key: random.pick(keys).key })
    if (random.chance(0.1)) {
      await other.server.idle()
      clock.advance(random.below(20) * 60_000)
    }
  }
  const log = await other.events(['request', 'captured'])
  const to = new Date(clock.now() + 60_000).toISOString()
  for (const bucket of ['minute', 'hour', 'day'] as const) {
    const usage = await other.reply('GET /v1/usage', { query: { from, to, bucket } })
    const requests = log.filter(({ type }) => type === 'request')
    expect(usage.totals.requests, `seed ${seed}`).toBe(requests.length)
    expect(usage.totals.emails).toBe(log.length - requests.length)
    for (const [outcome, count] of Object.entries(usage.totals.outcomes)) {
      expect(count).toBe(requests.filter(({ data }) => data.outcome === outcome).length)
    }
    for (const key of usage.keys) {
      expect(key.requests).toBe(requests.filter(({ keyId }) => keyId === key.key_id).length)
    }
    for (const { route, requests: count } of usage.routes) {
      expect(count).toBe(requests.filter(({ data }) => data.route === route).length)
    }
    expect(usage.series.reduce((sum, { requests: count }) => sum + count, 0)).toBe(requests.length)
  }
})
