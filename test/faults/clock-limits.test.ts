import { describe, expect, it } from 'vitest'
import {
  type ClockFixture,
  dayMs,
  hourMs,
  minuteMs,
  openClockFixture,
  pass,
  passHours,
  send,
  steps,
  subjects,
} from './clock-fixture.ts'

const mail = { from: 'a@example.com', to: 'b@example.com', subject: 'Hello', text: 'x' }

async function post({ testServer, key }: ClockFixture, headers: Record<string, string> = {}) {
  return testServer.request('POST /v1/send', { key, body: mail, headers })
}

describe.each(steps)('A clock that is set %s and right again', (_name, ms) => {
  it('A rate limit is neither frozen nor lifted', async () => {
    const here = await openClockFixture({}, { rate_limit: { requests_per_minute: 60 } })
    const spend = async () => {
      let taken = 0
      while ((await post(here)).status === 202) taken += 1
      return taken
    }
    await spend()
    here.clock.step(ms)
    expect(await spend()).toBe(0)
    here.clock.advance(2000)
    expect(await spend()).toBe(2)
    here.clock.step(-ms)
    expect(await spend()).toBe(0)
    here.clock.advance(1000)
    expect(await spend()).toBe(1)
  })

  it('The emails of a day are not available twice', async () => {
    const here = await openClockFixture({}, { rate_limit: { emails_per_day: 3 } })
    for (let number = 0; number < 3; number++) expect((await post(here)).status).toBe(202)
    here.clock.step(ms)
    await post(here)
    here.clock.step(-ms)
    expect((await post(here)).status).toBe(429)
    await pass(here, dayMs)
    expect((await post(here)).status).toBe(202)
  })

  it('No Idempotency-Key is forgotten', async () => {
    const here = await openClockFixture()
    const first = await post(here, { 'idempotency-key': 'one' })
    await pass(here, 1000)
    here.clock.step(ms)
    await post(here, { 'idempotency-key': 'two' })
    expect((await post(here, { 'idempotency-key': 'one' })).body).toEqual(first.body)
    here.clock.step(-ms)
    await pass(here, minuteMs)
    expect((await post(here, { 'idempotency-key': 'one' })).body).toEqual(first.body)
    await post(here, { 'idempotency-key': 'two' })
    expect(await subjects(here)).toHaveLength(2)
  })

  it('Usage stays in its minutes, and no alert stays open forever', async () => {
    const here = await openClockFixture({}, { rate_limit: { requests_per_minute: 1000 } })
    here.clock.step(ms)
    for (let number = 0; number < 40; number++)
      await here.testServer.ask('GET', '/v1/nowhere', here)
    for (let number = 0; number < 40; number++) await here.testServer.ask('GET', '/v1/inbox', here)
    await passHours(here, 2)
    here.clock.step(-ms)
    await passHours(here, 27)
    await send(here, 'now')
    await pass(here, minuteMs)
    const from = new Date(here.clock.now() - hourMs).toISOString()
    const usage = await here.testServer.reply('GET /v1/usage', { query: { from } })
    expect(usage.bucket).toBe('minute')
    expect(usage.totals.emails).toBe(1)
    const alerts = await here.testServer.reply('GET /v1/alerts', { query: { state: 'open' } })
    expect(alerts.data).toEqual([])
  })
})
