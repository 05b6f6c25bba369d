import { describe, expect, it } from 'vitest'
import { addRelay, openLiveFixture, openSink, submitted } from '../delivery/live-fixture.ts'
import { converse } from '../smtp/conversation.ts'
import { addWebhook, openReceiver, openWebhookFixture, send } from '../webhooks/webhook-fixture.ts'
import {
  dayMs,
  hourMs,
  minuteMs,
  openClockFixture,
  pass,
  steps,
  stepsBack,
} from './clock-fixture.ts'

describe.each(stepsBack)('A clock that is set %s', (_name, ms) => {
  it.each([false, true])(
    'A retry of live mail waits little longer; over a restart: %s',
    async (isOff) => {
      const live = await openLiveFixture()
      const sink = await openSink()
      await addRelay(live, sink)
      sink.rules.recipient = () => '451 4.7.1 Come back'
      await submitted(live)
      await live.testServer.server.idle()
      sink.rules.recipient = () => null
      live.clock.step(ms)
      if (isOff) await live.testServer.restart()
      await pass(live, minuteMs)
      await pass(live, minuteMs)
      expect(sink.messages).toHaveLength(1)
    },
  )

  it('A retry of a webhook waits little longer', async () => {
    const here = await openWebhookFixture()
    const receiver = await openReceiver()
    receiver.status(503)
    await addWebhook(here, receiver.url)
    await send(here)
    await here.testServer.server.idle()
    receiver.status(200)
    here.clock.step(ms)
    await pass(here, minuteMs)
    await pass(here, minuteMs)
    expect(receiver.hooks).toHaveLength(2)
  })
})

const mail = { from: 'a@example.com', to: 'b@example.com', subject: 'Later', text: 'x' }

async function openScheduled() {
  const here = await openClockFixture()
  const at = new Date(here.clock.now() + 2 * hourMs).toISOString()
  await here.testServer.reply('POST /v1/send', {
    key: here.key,
    body: { ...mail, scheduled_at: at },
  })
  await here.testServer.server.idle()
  const isSent = async () => {
    await here.testServer.server.idle()
    return (await here.testServer.reply('GET /v1/inbox')).data.length === 1
  }
  return { ...here, isSent }
}

it('A scheduled message is sent within a minute after a clock step beyond its time', async () => {
  const here = await openScheduled()
  here.clock.step(dayMs)
  here.clock.advance(minuteMs)
  expect(await here.isSent()).toBe(true)
})

it('After a clock step back, a scheduled message waits for its time', async () => {
  const here = await openScheduled()
  here.clock.step(-dayMs)
  await pass(here, 3 * hourMs)
  expect(await here.isSent()).toBe(false)
  await pass(here, dayMs)
  expect(await here.isSent()).toBe(true)
})

it('Work that is due after a suspend runs within a minute, and at once after a wake event', async () => {
  const late = await openScheduled()
  late.clock.suspend(3 * hourMs)
  late.clock.advance(minuteMs)
  expect(await late.isSent()).toBe(true)
  const woken = await openScheduled()
  woken.clock.suspend(3 * hourMs)
  woken.clock.resume()
  expect(await woken.isSent()).toBe(true)
})

it.each(steps)(
  'An SMTP session stays open and ends at its time-out with a clock set %s',
  async (_name, ms) => {
    const { testServer, clock } = await openClockFixture()
    const conversation = await converse(testServer.server.smtpPort)
    clock.step(ms)
    clock.advance(30_000)
    expect((await conversation.say('NOOP')).code).toBe(250)
    clock.advance(30_000)
    expect((await conversation.say('NOOP')).code).toBe(250)
    clock.advance(minuteMs)
    expect((await conversation.reply()).code).toBe(421)
  },
)
