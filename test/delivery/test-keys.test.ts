import { expect, test } from 'vitest'
import { converse } from '../smtp/conversation.ts'
import { openReceiver } from '../tenants/other-tenant.ts'
import { addRelay, openLiveFixture, openSink, raw, submitted } from './live-fixture.ts'

const minuteMs = 60_000

test('A test key never opens a connection to the relay, by any route or protocol', async () => {
  const live = await openLiveFixture()
  const { testServer, clock } = live
  const sink = await openSink()
  await addRelay(live, sink, { from_email: 'shop@example.com' })
  const { id, key } = await testServer.makeKey({ mode: 'test' })
  const send = { from: 'a@example.com', to: 'b@example.com', subject: 'native', text: 't' }

  const { events } = await testServer.witness(async () => {
    await testServer.reply('POST /v1/send', { key, body: send })
    // A mode in the request changes nothing.
    await testServer.reply('POST /v1/send', { key, body: { ...send, mode: 'live', live: true } })
    await testServer.reply('POST /api/v1/emails/send', {
      key,
      body: { recipient: { email: 'b@example.com' }, subject: 'mailsage', body: 't' },
    })
    const signedIn = await converse(testServer.server.smtpPort)
    await signedIn.signIn('live', key)
    expect((await signedIn.send({ raw })).code).toBe(250)
    const secure = await converse(testServer.server.smtpPort)
    await secure.startTls()
    await secure.say('EHLO client.example')
    await secure.signIn('mailsage', key)
    expect((await secure.send({ raw: `X-Mode: live\r\n${raw}` })).code).toBe(250)
    const anonymous = await converse(testServer.server.smtpPort)
    expect((await anonymous.send({ raw })).code).toBe(250)
    await testServer.server.idle()
    clock.advance(10 * 60 * minuteMs)
    await testServer.restart()
    await testServer.server.idle()
  })
  expect(sink.connections).toBe(0)
  const kinds = ['captured', 'queued', 'sending', 'delivered', 'deferred']
  const ways = events.filter(({ type }) => kinds.includes(type))
  expect(ways.map(({ type }) => type)).toEqual(Array(6).fill('captured'))
  expect(ways.map(({ keyId }) => keyId)).toEqual([...Array(5).fill(id), null])
  const { data } = await testServer.reply('GET /v1/emails')
  expect(data.map(({ status, mode }) => `${mode} ${status}`)).toEqual(
    Array(6).fill('test captured'),
  )

  // The relay works, so only the key makes the difference.
  await submitted(live)
  await testServer.server.idle()
  expect(sink.connections).toBe(1)
})

test('A test key sees and controls its own jobs and scheduled mail', async () => {
  const live = await openLiveFixture()
  const { testServer, clock } = live
  const sink = await openSink()
  await addRelay(live, sink, { from_email: 'shop@example.com' })
  const permissions = ['send', 'logs:read'] as const
  const { key } = await testServer.makeKey({ mode: 'test', permissions: [...permissions] })
  const sister = await testServer.makeKey({ mode: 'test', permissions: [...permissions] })

  const later = new Date(clock.now() + minuteMs).toISOString()
  const send = { from: 'a@example.com', to: 'b@example.com', subject: 'later', text: 't' }
  const body = { ...send, scheduled_at: later }
  const first = await testServer.reply('POST /v1/send', { key, body })
  const second = await testServer.reply('POST /v1/send', { key, body })
  const params = { id: first.id }
  const soon = new Date(clock.now() + 2 * minuteMs).toISOString()
  const moved = { key, params, body: { scheduled_at: soon } }
  expect(await testServer.reply('PATCH /v1/emails/{id}', moved)).toMatchObject({
    scheduled_at: soon,
  })
  const query = { status: 'scheduled' }
  expect((await testServer.reply('GET /v1/emails', { key, query })).data).toHaveLength(2)
  const cancelled = { key: sister.key, params: { id: second.id } }
  expect(await testServer.reply('POST /v1/emails/{id}/cancel', cancelled)).toMatchObject({
    status: 'cancelled',
  })
  await testServer.server.idle()
  // One step at a time: the loop reads the clock after each step.
  for (let minute = 0; minute < 2; minute++) {
    clock.advance(minuteMs)
    await testServer.server.idle()
  }
  expect(await testServer.reply('GET /v1/emails/{id}', { key, params })).toMatchObject({
    status: 'captured',
  })

  const recipients = Array.from({ length: 120 }, (_, index) => ({ email: `a${index}@example.com` }))
  const batch = { recipients, subject: 's', body: 'b' }
  const { job_id: id } = await testServer.reply('POST /api/v1/emails/batch', { key, body: batch })
  const job = { key, params: { id } }
  await testServer.reply('POST /v1/jobs/{id}/pause', job)
  expect(await testServer.reply('GET /v1/jobs/{id}', job)).toMatchObject({ status: 'paused' })
  expect((await testServer.reply('GET /v1/jobs', { key })).data).toHaveLength(1)
  await testServer.reply('POST /v1/jobs/{id}/resume', job)
  await testServer.server.idle()
  expect(await testServer.reply('GET /v1/jobs/{id}', job)).toMatchObject({
    status: 'completed',
    progress: { sent: 120 },
  })
  expect(sink.connections).toBe(0)
})

test('A webhook of a test key receives events of test mail only', async () => {
  const live = await openLiveFixture()
  const { testServer, clock } = live
  const sink = await openSink()
  await addRelay(live, sink)
  const { key } = await testServer.makeKey({
    mode: 'test',
    permissions: ['send', 'webhooks:write'],
  })
  const receiver = await openReceiver()
  const body = { url: receiver.url, events: ['captured', 'queued', 'sending', 'delivered'] }
  expect(await testServer.reply('POST /v1/webhooks', { key, body })).toMatchObject({ mode: 'test' })
  await submitted(live)
  const send = { from: 'a@example.com', to: 'b@example.com', subject: 'okapi', text: 't' }
  await testServer.reply('POST /v1/send', { key, body: send })
  // A step of the session with the relay would time out within this minute.
  await testServer.server.idle()
  clock.advance(minuteMs)
  await testServer.server.idle()
  expect(sink.messages).toHaveLength(1)
  const posts = receiver.bodies.map((text) => JSON.parse(text))
  expect(posts.map(({ type, data }) => [type, data.subject])).toEqual([['captured', 'okapi']])
})
