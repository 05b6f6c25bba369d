import { describe, expect, it } from 'vitest'
import { openReadOnly } from '../../src-main/storage/database.ts'
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
  yearMs,
} from './clock-fixture.ts'

function count({ testServer }: ClockFixture, sql: string): number {
  const database = openReadOnly(testServer.folder)
  try {
    return database.prepare<[], number>(sql).pluck().get() ?? 0
  } finally {
    database.close()
  }
}

describe.each(steps)('A clock that is set %s and right again', (_name, ms) => {
  it('Only the oldest messages over the maximum number are deleted', async () => {
    const here = await openClockFixture({ MAILSAGE_KEEP_MESSAGES: '3' })
    for (const subject of ['1', '2', '3']) await send(here, subject)
    await pass(here, 1000)
    here.clock.step(ms)
    for (const subject of ['4', '5']) await send(here, subject)
    await pass(here, minuteMs)
    expect(await subjects(here)).toEqual(['5', '4', '3'])
    here.clock.step(-ms)
    await send(here, '6')
    await pass(here, minuteMs)
    expect(await subjects(here)).toEqual(['6', '5', '4'])
  })

  it('No message or log entry is deleted before its retention period', async () => {
    const here = await openClockFixture({
      MAILSAGE_KEEP_DAYS: '1',
      MAILSAGE_KEEP_LOG_DAYS: '1',
      MAILSAGE_KEEP_WEBHOOK_LOG_DAYS: '1',
    })
    await send(here, 'before')
    const requests = () => count(here, "SELECT count(*) FROM events WHERE type = 'request'")
    await pass(here, 1000)
    here.clock.step(ms)
    await send(here, 'meanwhile')
    await passHours(here, 2)
    expect(await subjects(here)).toEqual(['meanwhile', 'before'])
    here.clock.step(-ms)
    await passHours(here, 2)
    await send(here, 'after')
    expect(await subjects(here)).toEqual(['after', 'meanwhile', 'before'])
    const logged = requests()
    expect(logged).toBeGreaterThanOrEqual(2)
    await here.testServer.restart()
    await passHours(here, 1)
    expect(await subjects(here)).toEqual(['after', 'meanwhile', 'before'])
    expect(requests()).toBeGreaterThanOrEqual(logged)
    // Old entries are deleted, with any time stamp.
    await pass(here, 2 * dayMs)
    await passHours(here, 1)
    await send(here, 'last')
    await passHours(here, 2)
    expect(await subjects(here)).toEqual(['last'])
  })
})

it('Mail stored by a clock a year behind is kept for its full time once the clock is right', async () => {
  const here = await openClockFixture({ MAILSAGE_KEEP_DAYS: '1' })
  await here.testServer.server.idle()
  here.clock.step(-yearMs)
  await send(here, 'early')
  await pass(here, hourMs)
  here.clock.step(yearMs)
  await passHours(here, 22)
  expect(await subjects(here)).toEqual(['early'])
  await passHours(here, 3)
  expect(await subjects(here)).toEqual([])
})

it('A clock that stays ahead is accepted after a day', async () => {
  const here = await openClockFixture({ MAILSAGE_KEEP_DAYS: '30' })
  await send(here, 'old')
  await here.testServer.server.idle()
  here.clock.step(40 * dayMs)
  await passHours(here, 23)
  expect(await subjects(here)).toEqual(['old'])
  await passHours(here, 3)
  expect(await subjects(here)).toEqual([])
})

it('Days of suspend count at once', async () => {
  const here = await openClockFixture({ MAILSAGE_KEEP_DAYS: '1' })
  await send(here, 'old')
  await here.testServer.server.idle()
  here.clock.suspend(2 * dayMs)
  here.clock.resume()
  await here.testServer.server.idle()
  await pass(here, minuteMs)
  expect(await subjects(here)).toEqual([])
})

it.each(steps)(
  'Webhook logs are kept for their retention period with a clock set %s',
  async (_name, ms) => {
    const here = await openClockFixture({ MAILSAGE_KEEP_WEBHOOK_LOG_DAYS: '1' })
    const { testServer } = here
    await testServer.reply('POST /v1/webhooks', {
      body: { url: 'http://127.0.0.1:9/hook', events: ['captured'] },
    })
    const logs = () => count(here, 'SELECT count(*) FROM webhook_deliveries')
    await send(here, 'before')
    await testServer.server.idle()
    here.clock.step(ms)
    await send(here, 'meanwhile')
    await passHours(here, 2)
    here.clock.step(-ms)
    await passHours(here, 2)
    expect(logs()).toBe(2)
  },
)
