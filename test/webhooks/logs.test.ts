import { describe, expect, it } from 'vitest'
import { expectRefusal } from '../http/refusal.ts'
import { until } from '../wait-for.ts'
import {
  addWebhook,
  logsOf,
  minuteMs,
  openReceiver,
  openWebhookFixture,
  pass,
  send,
  webhookOf,
} from './webhook-fixture.ts'

const dayMs = 1440 * minuteMs

describe('The log of a webhook', () => {
  it('The log has the posted event and the response', async () => {
    const here = await openWebhookFixture()
    const receiver = await openReceiver()
    const { id } = await addWebhook(here, receiver.url)
    const sent = await send(here)
    const { data, pagination } = await logsOf(here, id)
    expect(pagination).toEqual({ page: 1, limit: 20, total: 1 })
    expect(data).toEqual([
      {
        id: expect.stringMatching(/^wlog_\d+$/),
        webhook_id: id,
        event_id: receiver.hooks[0]?.body.id,
        event: 'captured',
        status: 'delivered',
        test: false,
        attempts: 1,
        response_status: 200,
        response_body: 'thanks',
        error: null,
        duration_ms: expect.any(Number),
        next_attempt_at: null,
        last_attempt_at: '2026-01-15T10:30:00.000Z',
        created_at: '2026-01-15T10:30:00.000Z',
        payload: receiver.hooks[0]?.body,
      },
    ])
    expect(data[0]?.payload).toMatchObject({ data: { email_id: sent.id } })
  })

  it('The log is filtered by status and event, and paged by number and by cursor', async () => {
    const here = await openWebhookFixture()
    const receiver = await openReceiver()
    const { id } = await addWebhook(here, receiver.url, { events: ['captured', 'alert'] })
    for (let count = 0; count < 6; count++) await send(here, { subject: `${count}` })
    await here.testServer.server.idle()
    receiver.status(500)
    await send(here, { subject: '6' })
    const subjects = async (query: object) =>
      (await logsOf(here, id, query)).data.map(
        ({ payload }) => (payload.data as { subject: string }).subject,
      )
    expect(await subjects({ status: 'pending' })).toEqual(['6'])
    expect(await subjects({ status: 'failed' })).toEqual([])
    expect(await subjects({ status: 'delivered', limit: 2 })).toHaveLength(2)
    expect(await subjects({ event: 'captured' })).toHaveLength(7)
    expect(await subjects({ event: 'alert' })).toEqual([])
    expect((await logsOf(here, id, { status: 'delivered', limit: 2 })).pagination.total).toBe(6)

    const all = await logsOf(here, id)
    expect(all.data).toHaveLength(7)
    const ids = all.data.map((entry) => entry.id)
    const pageIds = async (query: object) =>
      (await logsOf(here, id, query)).data.map((entry) => entry.id)
    expect(await pageIds({ page: 2, limit: 3 })).toEqual(ids.slice(3, 6))
    expect(await pageIds({ before: ids[2] })).toEqual(ids.slice(3))
    expect(await pageIds({ after: ids[2] })).toEqual(ids.slice(0, 2))
    expect(await pageIds({ before: 'wlog_x' })).toEqual([])
  })

  it.each([
    [{ status: 'lost' }, /“status” must be one of: pending, delivered, failed/],
    [{ event: 'email.sent' }, /“event” must be one of/],
    [{ limit: 0 }, /“limit” must be 1 or more/],
    [{ page: 'x' }, /“page”/],
  ])('The query %j is refused', async (query, sentence) => {
    const here = await openWebhookFixture()
    const { id } = await addWebhook(here, 'https://hooks.example.com/')
    const answer = await here.testServer.request('GET /v1/webhooks/{id}/logs', {
      params: { id },
      query,
    })
    expect(expectRefusal(answer, 'invalid_parameter')).toMatch(sentence)
  })

  it('The log is kept for 30 days', async () => {
    const here = await openWebhookFixture()
    const receiver = await openReceiver()
    const { id } = await addWebhook(here, receiver.url)
    await send(here, { subject: 'old' })
    await pass(here, 29 * dayMs)
    await send(here, { subject: 'new' })
    expect((await logsOf(here, id)).data).toHaveLength(2)
    await pass(here, 2 * dayMs)
    const kept = (await logsOf(here, id)).data.map(({ payload }) => payload.data)
    expect(kept).toMatchObject([{ subject: 'new' }])
  })

  it('The log is deleted with its webhook', async () => {
    const here = await openWebhookFixture()
    const receiver = await openReceiver()
    const { id } = await addWebhook(here, receiver.url)
    await send(here)
    const { data } = await logsOf(here, id)
    await here.testServer.reply('DELETE /v1/webhooks/{id}', { params: { id } })
    await here.testServer.server.idle()
    const other = await addWebhook(here, receiver.url)
    expect((await logsOf(here, other.id)).data).toEqual([])
    const answer = await here.testServer.request('POST /v1/webhooks/{id}/logs/{log}/replay', {
      params: { id: other.id, log: data[0]?.id ?? '' },
    })
    expectRefusal(answer, 'not_found')
  })
})

describe('A test send', () => {
  it('A test send posts a signed sample event at once and returns the outcome', async () => {
    const here = await openWebhookFixture()
    const receiver = await openReceiver()
    const { id } = await addWebhook(here, receiver.url, { events: ['bounced', 'opened'] })
    const answer = await here.testServer.reply('POST /v1/webhooks/{id}/test', { params: { id } })
    expect(answer).toMatchObject({
      webhook_id: id,
      event: 'bounced',
      status: 'delivered',
      test: true,
      attempts: 1,
      response_status: 200,
      response_body: 'thanks',
    })
    const [hook] = receiver.hooks
    expect(hook?.body).toEqual(answer.payload)
    expect(hook?.body).toMatchObject({ type: 'bounced', data: { test: true } })
    expect(hook?.headers['x-webhook-signature']).toMatch(/^sha256=/)
    expect((await logsOf(here, id)).data).toEqual([answer])
  })

  it('A test send accepts the type of the sample event', async () => {
    const here = await openWebhookFixture()
    const receiver = await openReceiver()
    const { id } = await addWebhook(here, receiver.url)
    const test = (body: unknown) =>
      here.testServer.request('POST /v1/webhooks/{id}/test', { params: { id }, body })
    expect((await test({ event: 'clicked' })).body).toMatchObject({ event: 'clicked' })
    expectRefusal(await test({ event: 'nothing' }), 'invalid_parameter')
    expect(receiver.types()).toEqual(['clicked'])
  })

  it('A failed test send gives the reason, is not retried and does not count as a failure', async () => {
    const here = await openWebhookFixture()
    const receiver = await openReceiver()
    receiver.status(418)
    const { id } = await addWebhook(here, receiver.url)
    const answer = await here.testServer.reply('POST /v1/webhooks/{id}/test', { params: { id } })
    expect(answer).toMatchObject({
      status: 'failed',
      response_status: 418,
      error: 'Your endpoint returned 418. Any 2xx counts as success.',
      next_attempt_at: null,
    })
    await pass(here, 60 * minuteMs)
    expect(receiver.hooks).toHaveLength(1)
    expect(await webhookOf(here, id)).toMatchObject({ active: true, failures: 0 })
  })

  it('A test send works for an inactive webhook', async () => {
    const here = await openWebhookFixture()
    const receiver = await openReceiver()
    const { id } = await addWebhook(here, receiver.url, { active: false })
    const answer = await here.testServer.reply('POST /v1/webhooks/{id}/test', { params: { id } })
    expect(answer.status).toBe('delivered')
  })
})

describe('A replay', () => {
  it('A replay is refused while the delivery is in progress', async () => {
    const here = await openWebhookFixture()
    const receiver = await openReceiver()
    receiver.status(500)
    const { id } = await addWebhook(here, receiver.url)
    await send(here)
    const { data } = await logsOf(here, id)
    const params = { id, log: data[0]?.id ?? '' }
    const answer = await here.testServer.request('POST /v1/webhooks/{id}/logs/{log}/replay', {
      params,
    })
    expect(expectRefusal(answer, 'conflict')).toMatch(/still in progress/)
  })

  it('A replay is refused for an inactive webhook and for an unknown entry', async () => {
    const here = await openWebhookFixture()
    const receiver = await openReceiver()
    const { id } = await addWebhook(here, receiver.url)
    await send(here)
    const { data } = await logsOf(here, id)
    const replay = (log: string) =>
      here.testServer.request('POST /v1/webhooks/{id}/logs/{log}/replay', { params: { id, log } })
    for (const log of ['wlog_99', 'x', '1', 'wlog_-1', 'wlog_1e3']) {
      expectRefusal(await replay(log), 'not_found')
    }
    await here.testServer.reply('PUT /v1/webhooks/{id}', {
      params: { id },
      body: { active: false },
    })
    expect(expectRefusal(await replay(data[0]?.id ?? ''), 'conflict')).toMatch(/inactive/)
    await here.testServer.reply('PUT /v1/webhooks/{id}', { params: { id }, body: { active: true } })
    expect((await replay(data[0]?.id ?? '')).status).toBe(202)
    await until('the replay came', () => receiver.hooks.length === 2)
  })

  it('A replay of another webhook’s entry is not found', async () => {
    const here = await openWebhookFixture()
    const receiver = await openReceiver()
    const [first, second] = [
      await addWebhook(here, receiver.url),
      await addWebhook(here, receiver.url, { events: ['opened'] }),
    ]
    await send(here)
    const { data } = await logsOf(here, first.id)
    const params = { id: second.id, log: data[0]?.id ?? '' }
    const answer = await here.testServer.request('POST /v1/webhooks/{id}/logs/{log}/replay', {
      params,
    })
    expectRefusal(answer, 'not_found')
  })
})
