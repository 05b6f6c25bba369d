import type { ServerResponse } from 'node:http'
import { expect, it } from 'vitest'
import { until } from '../wait-for.ts'
import { addWebhook, openReceiver, openWebhookFixture, send } from './webhook-fixture.ts'

it('An endpoint that never answers delays neither mail nor other endpoints', async () => {
  const here = await openWebhookFixture()
  const [dead, well] = [await openReceiver(), await openReceiver()]
  const held: ServerResponse[] = []
  dead.rules.answer = (_, response) => void held.push(response)
  for (let count = 0; count < 10; count++) await addWebhook(here, dead.url)
  await addWebhook(here, well.url)
  for (let count = 0; count < 20; count++) await send(here)
  await well.received(20)
  // Ten webhooks with five requests in flight each, and none of the 200 has a response.
  await dead.received(50)
  expect(dead.hooks).toHaveLength(50)
  const { data } = await here.testServer.reply('GET /v1/inbox')
  expect(data).toHaveLength(20)
  dead.status(200)
  for (const response of held) response.end()
  await dead.received(200)
})

it('A failing endpoint gets one request at a time until it succeeds', async () => {
  const here = await openWebhookFixture()
  const receiver = await openReceiver()
  let underway = 0
  let most = 0
  const held: (() => void)[] = []
  receiver.rules.answer = (_, response) => {
    underway += 1
    most = Math.max(most, underway)
    held.push(() => {
      underway -= 1
      response.writeHead(500).end()
    })
  }
  await addWebhook(here, receiver.url)
  await send(here)
  await until('the first came', () => held.length === 1)
  held.shift()?.()
  await here.testServer.server.idle()
  most = 0
  for (let count = 0; count < 6; count++) await send(here)
  for (let count = 0; count < 6; count++) {
    await until(`post ${count} came`, () => held.length === 1)
    held.shift()?.()
  }
  await here.testServer.server.idle()
  expect(most).toBe(1)
})

it('The server closes without waiting for an endpoint that never answers', async () => {
  const here = await openWebhookFixture()
  const receiver = await openReceiver()
  receiver.rules.answer = () => undefined
  await addWebhook(here, receiver.url)
  await send(here)
  await receiver.received(1)
  const startedAt = performance.now()
  await here.testServer.server.close()
  expect(performance.now() - startedAt).toBeLessThan(4000)
  await here.testServer.restart()
})
