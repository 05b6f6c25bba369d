import { expect, it } from 'vitest'
import { type Outcome, outcomes } from '../../src-main/contract/events.ts'
import {
  addLatency,
  latencyBoundsMs,
  noLatency,
  quantileMs,
} from '../../src-main/domain/metrics/latency.ts'
import { openReadOnly } from '../../src-main/storage/database.ts'
import { createRandom } from '../fixtures/mail/random.ts'
import { createTestClock } from '../test-clock.ts'
import { eventually, startTestServer } from '../test-server.ts'

const hourMs = 3_600_000

/** The totals of a whole table, and its number of rows. */
function tableOf(folder: string) {
  const database = openReadOnly(folder)
  try {
    const sums = database
      .prepare<[], Record<string, number | string>>(
        `SELECT key_id, route, outcome, minute / 60 AS hour, sum(requests) AS requests,
           sum(emails) AS emails, round(sum(ms_total), 3) AS ms, sum(ms_1) AS ms_1,
           sum(ms_100) AS ms_100, sum(ms_more) AS ms_more
         FROM usage GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4`,
      )
      .all()
    const count = (sql: string) => database.prepare<[], number>(sql).pluck().get() ?? 0
    return {
      sums,
      rows: count('SELECT count(*) FROM usage'),
      minutes: count('SELECT count(*) FROM usage WHERE minute % 60 <> 0'),
      delivered: count("SELECT sum(recipients) FROM delivery_usage WHERE outcome = 'delivered'"),
    }
  } finally {
    database.close()
  }
}

it('Minutes are merged into hours after two days, with fewer rows and the same totals', async () => {
  const clock = createTestClock('2026-01-10T00:00:00Z')
  const testServer = await startTestServer({ environment: { clock } })
  const random = createRandom(20_260_110)
  const one = await testServer.makeKey({ permissions: ['send', 'logs:read'] })
  const two = await testServer.makeKey({ permissions: ['send'] })
  const keys = [
    testServer.server.domain.keys.idOf(one.id),
    testServer.server.domain.keys.idOf(two.id),
  ]
  const routes = ['POST /v1/send', 'GET /v1/emails', 'SMTP'] as const
  const expected = { requests: 0, delivered: 0 }

  for (let step = 0; step < 400; step++) {
    clock.advance(random.below(6) * 60_000)
    testServer.server.domain.requests.record({
      caller: testServer.server.domain.keys.callerOf(keys[random.below(2)] ?? null),
      route: random.pick(routes),
      status: 200,
      fault: random.chance(0.2) ? 'invalid_parameter' : null,
      durationMs: random.below(8000) / (1 + random.below(100)),
      address: '127.0.0.1',
      userAgent: null,
      requestId: `req_${step}`,
    })
    expected.requests += 1
    if (random.chance(0.3)) await testServer.server.idle()
  }
  await testServer.server.idle()
  const before = tableOf(testServer.folder)
  expect(before.minutes).toBeGreaterThan(100)

  // From the start of an hour, because old usage is stored per hour.
  const span = { from: '2026-01-10T00:00:00Z', to: '2026-01-13T00:00:00Z', bucket: 'hour' } as const
  const figuresBefore = await testServer.reply('GET /v1/usage', { query: span })
  expect(figuresBefore.totals.requests).toBe(expected.requests)

  const after = await eventually(async () => {
    clock.advance(24 * hourMs)
    await testServer.server.idle()
    const table = tableOf(testServer.folder)
    return table.minutes === 0 ? table : undefined
  })
  expect(after.sums).toEqual(before.sums)
  expect(after.rows).toBeLessThan(before.rows)

  const figuresAfter = await testServer.reply('GET /v1/usage', { query: span })
  expect({ ...figuresAfter }).toEqual({ ...figuresBefore })

  // The event log has the same totals.
  const log = await testServer.events(['request'])
  const byOutcome = (outcome: Outcome) => log.filter(({ data }) => data.outcome === outcome).length
  for (const outcome of outcomes) {
    expect(figuresAfter.totals.outcomes[outcome]).toBe(byOutcome(outcome))
  }
  // A span from the middle of an old hour includes the whole hour.
  const half = await testServer.reply('GET /v1/usage', {
    query: { ...span, from: '2026-01-10T00:30:00Z', bucket: 'minute', to: '2026-01-10T05:00:00Z' },
  })
  const whole = await testServer.reply('GET /v1/usage', {
    query: { ...span, to: '2026-01-10T05:00:00Z' },
  })
  expect(half.totals).toEqual(whole.totals)
  expect(half.series.reduce((sum, { requests }) => sum + requests, 0)).toBe(half.totals.requests)
}, 60_000)

it('A quantile is as exact as its bucket', () => {
  const random = createRandom(7)
  const latency = noLatency()
  const times = Array.from({ length: 5000 }, () => 4900 * (random.below(10_000) / 10_000) ** 3)
  for (const time of times) addLatency(latency, time)
  const sorted = times.toSorted((a, b) => a - b)
  for (const quantile of [0.5, 0.9, 0.95, 0.99]) {
    const exact = sorted[Math.floor(quantile * sorted.length)] ?? 0
    const upper = latencyBoundsMs.find((bound) => exact <= bound) ?? 5000
    const lower = latencyBoundsMs[latencyBoundsMs.indexOf(upper) - 1] ?? 0
    const estimate = quantileMs(latency, quantile) ?? 0
    expect(estimate).toBeGreaterThanOrEqual(lower)
    expect(estimate).toBeLessThanOrEqual(upper)
  }
  expect(quantileMs(noLatency(), 0.95)).toBeNull()
})
