import { expect, it } from 'vitest'
import { openFeed } from '../http/event-reader.ts'
import { converse } from '../smtp/conversation.ts'
import { only } from '../webhooks/receiver.ts'
import {
  addWebhook,
  minuteMs,
  openReceiver,
  openWebhookFixture,
  pass,
} from '../webhooks/webhook-fixture.ts'

it('Refusals over SMTP raise an alert, which reaches the event stream and a webhook', async () => {
  const watched = await openWebhookFixture()
  const { testServer } = watched
  const receiver = await openReceiver()
  await addWebhook(watched, receiver.url, { events: ['alert'] })
  const reader = await testServer.makeKey({ permissions: ['logs:read'] })
  const feed = await openFeed(testServer.url, reader.key, { types: 'alert' })

  const { key, id } = await testServer.makeKey({ name: 'stray', allowed_senders: ['shop.example'] })
  const conversation = await converse(testServer.server.smtpPort)
  await conversation.signIn('mailsage', key)
  for (let count = 0; count < 25; count++) {
    const refused = await conversation.send({ raw: 'Subject: x\r\n\r\nx\r\n' })
    expect(refused.code).toBe(550)
  }
  await pass(watched, minuteMs)
  await pass(watched, 0)

  const [announced] = await feed.until(({ length }) => length > 0)
  feed.close()
  expect(announced).toMatchObject({
    type: 'alert',
    key_id: id,
    data: { rule: 'key_error_rate', severity: 'warning', state: 'open', subject: id },
  })
  const hook = only(receiver, 'alert')
  expect(hook.body).toMatchObject({
    type: 'alert',
    data: announced?.data,
  })
  const { data } = await testServer.reply('GET /v1/logs', { query: { type: 'alert' } })
  expect(data).toMatchObject([{ event: 'alert', key_id: id, data: { rule: 'key_error_rate' } }])
})
