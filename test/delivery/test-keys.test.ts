import { expect, test } from 'vitest'
import { converse } from '../smtp/conversation.ts'
import { addRelay, openLiveHouse, openSink, raw, submitted } from './live-house.ts'

const minuteMs = 60_000

test('a test key never opens a connection to the relay, whichever way it sends', async () => {
  const live = await openLiveHouse()
  const { house, clock } = live
  const sink = await openSink()
  await addRelay(live, sink, { from_email: 'shop@example.com' })
  const { id, key } = await house.makeKey({ mode: 'test' })
  const send = { from: 'a@example.com', to: 'b@example.com', subject: 'native', text: 't' }

  const { events } = await house.witness(async () => {
    await house.reply('POST /v1/send', { key, body: send })
    // What a request says about its mode changes nothing.
    await house.reply('POST /v1/send', { key, body: { ...send, mode: 'live', live: true } })
    await house.reply('POST /api/v1/emails/send', {
      key,
      body: { recipient: { email: 'b@example.com' }, subject: 'mailsage', body: 't' },
    })
    const signedIn = await converse(house.relay.smtpPort)
    await signedIn.signIn('live', key)
    expect((await signedIn.send({ raw })).code).toBe(250)
    const secure = await converse(house.relay.smtpPort)
    await secure.startTls()
    await secure.say('EHLO client.example')
    await secure.signIn('mailsage', key)
    expect((await secure.send({ raw: `X-Mode: live\r\n${raw}` })).code).toBe(250)
    const anonymous = await converse(house.relay.smtpPort)
    expect((await anonymous.send({ raw })).code).toBe(250)
    await house.relay.idle()
    clock.advance(10 * 60 * minuteMs)
    await house.restart()
    await house.relay.idle()
  })
  expect(sink.connections).toBe(0)
  const kinds = ['captured', 'queued', 'sending', 'delivered', 'deferred']
  const ways = events.filter(({ type }) => kinds.includes(type))
  expect(ways.map(({ type }) => type)).toEqual(Array(6).fill('captured'))
  expect(ways.map(({ keyId }) => keyId)).toEqual([...Array(5).fill(id), null])
  const { data } = await house.reply('GET /v1/emails')
  expect(data.map(({ status, mode }) => `${mode} ${status}`)).toEqual(
    Array(6).fill('test captured'),
  )

  // The relay does work: it is the key that makes the difference.
  await submitted(live)
  await house.relay.idle()
  expect(sink.connections).toBe(1)
})
