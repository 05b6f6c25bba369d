import { describe, expect, it } from 'vitest'
import { until } from '../wait-for.ts'
import {
  addWebhook,
  logsOf,
  minuteMs,
  openReceiver,
  openWebhookFixture,
  pass,
  send,
  type WebhookFixture,
  webhookOf,
} from './webhook-fixture.ts'

const retryMinutes = [1, 5, 30]

const firstLog = async (here: WebhookFixture, id: string) => {
  const { data } = await logsOf(here, id)
  if (!data[0]) throw new Error('Nothing was logged')
  return data[0]
}

/** Longer than every retry delay. */
async function exhaust(here: WebhookFixture): Promise<void> {
  for (const minutes of retryMinutes) await pass(here, minutes * minuteMs)
}

const replay = (here: WebhookFixture, id: string, log: string) =>
  here.testServer.request('POST /v1/webhooks/{id}/logs/{log}/replay', { params: { id, log } })

describe('A failing delivery', () => {
  it('A delivery is retried after 1, 5 and 30 minutes with the same bytes, and then fails', async () => {
    const here = await openWebhookFixture()
    const receiver = await openReceiver()
    receiver.status(500)
    const { id } = await addWebhook(here, receiver.url)
    await send(here)
    await here.testServer.server.idle()
    expect(receiver.hooks).toHaveLength(1)
    for (const [index, minutes] of retryMinutes.entries()) {
      const log = await firstLog(here, id)
      expect(log).toMatchObject({
        status: 'pending',
        attempts: index + 1,
        response_status: 500,
        error: 'Your endpoint returned 500. Any 2xx counts as success.',
      })
      const dueAt = Date.parse(log.next_attempt_at ?? '')
      expect(dueAt - here.clock.now()).toBe(minutes * minuteMs)
      await pass(here, minutes * minuteMs - 1)
      expect(receiver.hooks).toHaveLength(index + 1)
      await pass(here, 1)
      expect(receiver.hooks).toHaveLength(index + 2)
    }
    expect(await firstLog(here, id)).toMatchObject({
      status: 'failed',
      attempts: 4,
      next_attempt_at: null,
      last_attempt_at: '2026-01-15T11:06:00.000Z',
    })
    expect(new Set(receiver.hooks.map(({ raw }) => raw.toString())).size).toBe(1)
    expect(receiver.hooks.map(({ headers }) => headers['x-webhook-timestamp'])).toEqual(
      [0, 1, 6, 36].map((minutes) => String(1_768_473_000 + minutes * 60)),
    )
    await pass(here, 24 * 60 * minuteMs)
    expect(receiver.hooks).toHaveLength(4)
    expect(await webhookOf(here, id)).toMatchObject({ active: true, failures: 1 })
    expect(await here.testServer.events(['webhook.failed'])).toMatchObject([
      { data: { webhook: id, event: 'captured', status: 500, failures: 1 } },
    ])
  })

  it.each([200, 201, 202, 204, 299])('The status %i is a success', async (status) => {
    const here = await openWebhookFixture()
    const receiver = await openReceiver()
    receiver.status(status)
    const { id } = await addWebhook(here, receiver.url)
    await send(here)
    expect(await firstLog(here, id)).toMatchObject({
      status: 'delivered',
      response_status: status,
      error: null,
      attempts: 1,
    })
  })

  it.each([301, 302, 307, 400, 401, 404, 410, 429, 500, 503])(
    'The status %i is a failure',
    async (status) => {
      const here = await openWebhookFixture()
      const receiver = await openReceiver()
      receiver.status(status)
      const { id } = await addWebhook(here, receiver.url)
      await send(here)
      expect(await firstLog(here, id)).toMatchObject({ status: 'pending', response_status: status })
    },
  )

  it('A delivery succeeds when its endpoint is back', async () => {
    const here = await openWebhookFixture()
    const gone = await openReceiver()
    await gone.close()
    const { id } = await addWebhook(here, gone.url)
    await send(here)
    expect(await firstLog(here, id)).toMatchObject({
      status: 'pending',
      response_status: null,
      error: `Nothing listens at 127.0.0.1:${gone.port} (ECONNREFUSED).`,
    })
    const back = await openReceiver(gone.port)
    await pass(here, minuteMs)
    expect(back.types()).toEqual(['captured'])
    expect(await firstLog(here, id)).toMatchObject({ status: 'delivered', attempts: 2 })
  })

  it('A pending retry survives a restart and is made at its time', async () => {
    const here = await openWebhookFixture()
    const receiver = await openReceiver()
    receiver.status(503)
    const { id } = await addWebhook(here, receiver.url)
    await send(here)
    await here.testServer.server.idle()
    await here.testServer.restart()
    receiver.status(200)
    await here.testServer.server.idle()
    expect(receiver.hooks).toHaveLength(1)
    await pass(here, minuteMs)
    expect(receiver.hooks).toHaveLength(2)
    expect(await firstLog(here, id)).toMatchObject({ status: 'delivered', attempts: 2 })
  })
})

describe('A restart', () => {
  it('A restart repeats the posts that were in flight', async () => {
    const here = await openWebhookFixture()
    const receiver = await openReceiver()
    receiver.rules.answer = () => undefined
    const { id } = await addWebhook(here, receiver.url)
    await send(here)
    await receiver.received(1)
    receiver.status(200)
    await here.testServer.restart()
    await receiver.received(2)
    const [first, second] = receiver.hooks
    expect(second?.raw).toEqual(first?.raw)
    expect(await firstLog(here, id)).toMatchObject({ status: 'delivered' })
  })

  it('A restart loses no event, even right after it was stored', async () => {
    const here = await openWebhookFixture()
    const receiver = await openReceiver()
    await addWebhook(here, receiver.url)
    const subjects = Array.from({ length: 40 }, (_, index) => `number ${index}`)
    for (const [index, subject] of subjects.entries()) {
      await send(here, { subject })
      if (index % 8 === 7) await here.testServer.restart()
    }
    await here.testServer.server.idle()
    const posted = new Set(receiver.hooks.map(({ body }) => body.data.subject))
    expect(posted).toEqual(new Set(subjects))
    expect(new Set(receiver.hooks.map(({ body }) => body.id)).size).toBe(subjects.length)
  })
})

describe('A replay', () => {
  it('A replay delivers a failed event with the same bytes', async () => {
    const here = await openWebhookFixture()
    const receiver = await openReceiver()
    receiver.status(500)
    const { id } = await addWebhook(here, receiver.url)
    await send(here)
    await exhaust(here)
    const log = await firstLog(here, id)
    expect(log.status).toBe('failed')
    receiver.status(200)
    const answer = await replay(here, id, log.id)
    expect(answer.status).toBe(202)
    expect(answer.body).toMatchObject({ id: log.id, status: 'pending', attempts: 0 })
    expect(await firstLog(here, id)).toMatchObject({
      id: log.id,
      event_id: log.event_id,
      status: 'delivered',
      attempts: 1,
    })
    expect(receiver.hooks).toHaveLength(5)
    expect(receiver.hooks[4]?.raw).toEqual(receiver.hooks[0]?.raw)
    expect(await webhookOf(here, id)).toMatchObject({ failures: 0 })
  })

  it('A replay has its own attempts', async () => {
    const here = await openWebhookFixture()
    const receiver = await openReceiver()
    const { id } = await addWebhook(here, receiver.url)
    await send(here)
    const log = await firstLog(here, id)
    expect(log.status).toBe('delivered')
    receiver.status(500)
    expect((await replay(here, id, log.id)).status).toBe(202)
    await exhaust(here)
    expect(await firstLog(here, id)).toMatchObject({ status: 'failed', attempts: 4 })
    expect(receiver.hooks).toHaveLength(5)
  })
})

describe('A webhook with 20 failures in a row', () => {
  it('A webhook is disabled with an event after 20 failures, not after 19', async () => {
    const here = await openWebhookFixture()
    const receiver = await openReceiver()
    receiver.status(500)
    const { id } = await addWebhook(here, receiver.url)
    for (let count = 0; count < 19; count++) await send(here)
    await exhaust(here)
    expect(await webhookOf(here, id)).toMatchObject({ active: true, failures: 19 })
    await send(here)
    await exhaust(here)
    const disabled = await webhookOf(here, id)
    expect(disabled).toMatchObject({ active: false, failures: 20 })
    expect(disabled.disabled_at).toBe(new Date(here.clock.now()).toISOString())
    expect(await here.testServer.events(['webhook.disabled'])).toMatchObject([
      { data: { webhook: id, failures: 20 } },
    ])
    const posts = receiver.hooks.length
    expect(posts).toBe(80)
    await send(here)
    await pass(here, 60 * minuteMs)
    expect(receiver.hooks).toHaveLength(posts)
  })

  it('A webhook that is enabled again starts at zero failures and sends its pending deliveries', async () => {
    const here = await openWebhookFixture()
    const receiver = await openReceiver()
    receiver.status(500)
    const { id } = await addWebhook(here, receiver.url)
    for (let count = 0; count < 20; count++) await send(here)
    for (const minutes of [1, 5]) await pass(here, minutes * minuteMs)
    await send(here, { subject: 'waits' })
    await here.testServer.server.idle()
    await pass(here, 30 * minuteMs)
    expect(await webhookOf(here, id)).toMatchObject({ active: false })
    const { data } = await logsOf(here, id, { status: 'pending' })
    expect(data.map(({ payload }) => payload.data)).toMatchObject([{ subject: 'waits' }])
    receiver.status(200)
    receiver.hooks.length = 0
    await here.testServer.reply('PUT /v1/webhooks/{id}', { params: { id }, body: { active: true } })
    await pass(here, minuteMs * 5)
    expect(receiver.hooks.map(({ body }) => body.data.subject)).toEqual(['waits'])
    expect(await webhookOf(here, id)).toMatchObject({
      active: true,
      failures: 0,
      disabled_at: null,
    })
  })

  it('A success resets the number of failures', async () => {
    const here = await openWebhookFixture()
    const receiver = await openReceiver()
    receiver.status(500)
    const { id } = await addWebhook(here, receiver.url)
    for (let count = 0; count < 15; count++) await send(here)
    await exhaust(here)
    expect(await webhookOf(here, id)).toMatchObject({ failures: 15 })
    receiver.status(200)
    await send(here)
    await here.testServer.server.idle()
    await until('the count is forgotten', async () => (await webhookOf(here, id)).failures === 0)
    receiver.status(500)
    for (let count = 0; count < 15; count++) await send(here)
    await exhaust(here)
    expect(await webhookOf(here, id)).toMatchObject({ active: true, failures: 15 })
  })
})
