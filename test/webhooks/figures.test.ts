import { expect, it } from 'vitest'
import { addWebhook, openReceiver, openWebhookFixture, pass, send } from './webhook-fixture.ts'

it('The figures of a webhook count the outcomes of its newest deliveries', async () => {
  const here = await openWebhookFixture()
  const good = await openReceiver()
  const bad = await openReceiver()
  bad.status(500)
  const first = await addWebhook(here, good.url)
  const second = await addWebhook(here, bad.url)
  const figures = () => here.testServer.reply('GET /v1/webhooks/figures')
  const blank = { delivered: 0, failed: 0, pending: 0, last_attempt_at: null }
  expect((await figures()).data).toEqual([
    { webhook_id: second.id, ...blank },
    { webhook_id: first.id, ...blank },
  ])
  await send(here)
  await pass(here, 0)
  expect((await figures()).data).toMatchObject([
    { webhook_id: second.id, delivered: 0, failed: 0, pending: 1 },
    { webhook_id: first.id, delivered: 1, failed: 0, pending: 0 },
  ])
  for (const minutes of [1, 5, 30]) await pass(here, minutes * 60_000)
  expect((await figures()).data).toMatchObject([
    { delivered: 0, failed: 1, pending: 0, last_attempt_at: expect.any(String) },
    { delivered: 1, failed: 0, pending: 0 },
  ])
  const outsider = await here.testServer.makeKey({ permissions: ['send'] })
  const refused = await here.testServer.request('GET /v1/webhooks/figures', { key: outsider.key })
  expect(refused.status).toBe(403)
})
