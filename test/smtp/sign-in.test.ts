import { describe, expect, test } from 'vitest'
import { createTestClock } from '../test-clock.ts'
import { startTestServer } from '../test-server.ts'
import { converse } from './conversation.ts'

const dayMs = 86_400_000
const base64 = (text: string): string => Buffer.from(text).toString('base64')
const raw = 'Subject: Signed in\r\n\r\nHello.\r\n'
const testServer = await startTestServer({ env: { API_KEY: 'an-environment-key' } })

describe('with a key', () => {
  test('AUTH PLAIN with an initial response', async () => {
    const { key } = await testServer.makeKey()
    const conversation = await converse(testServer.server.smtpPort)
    expect(await conversation.say(`AUTH PLAIN ${base64(`\0mailsage\0${key}`)}`)).toMatchObject({
      code: 235,
    })
    expect(await conversation.send({ raw })).toMatchObject({ code: 250 })
  })

  test('AUTH PLAIN without one', async () => {
    const { key } = await testServer.makeKey()
    const conversation = await converse(testServer.server.smtpPort)
    expect((await conversation.say('AUTH PLAIN')).code).toBe(334)
    expect((await conversation.say(base64(`\0mailsage\0${key}`))).code).toBe(235)
  })

  test('AUTH LOGIN, its user name in the command or asked for', async () => {
    const { key } = await testServer.makeKey()
    const asked = await converse(testServer.server.smtpPort)
    expect((await asked.say('AUTH LOGIN')).code).toBe(334)
    expect((await asked.say(base64('mailsage'))).code).toBe(334)
    expect((await asked.say(base64(key))).code).toBe(235)
    const given = await converse(testServer.server.smtpPort)
    expect((await given.say(`AUTH LOGIN ${base64('mailsage')}`)).code).toBe(334)
    expect((await given.say(base64(key))).code).toBe(235)
  })

  test('the message is the key’s, in its events and its last use', async () => {
    const { id, key } = await testServer.makeKey()
    const conversation = await converse(testServer.server.smtpPort)
    const { events } = await testServer.witness(async () => {
      await conversation.signIn('mailsage', key)
      expect((await conversation.send({ raw })).code).toBe(250)
    })
    expect(events.map(({ type, keyId }) => ({ type, keyId }))).toEqual([
      { type: 'captured', keyId: id },
    ])
    const { last_used_at, last_used_from } = await testServer.reply('GET /v1/api-keys/{id}', {
      params: { id },
    })
    expect(last_used_at).not.toBeNull()
    expect(last_used_from).toBe('127.0.0.1')
  })

  test('a key that SelfMX’s routes made, the environment’s and the console’s work alike', async () => {
    const { key } = await testServer.makeKey()
    expect(key).toMatch(/^sk_test_/)
    for (const each of [key, 'an-environment-key', testServer.server.consoleKey]) {
      const conversation = await converse(testServer.server.smtpPort)
      expect((await conversation.signIn('apikey', each)).code).toBe(235)
    }
  })
})

describe('the user name', () => {
  test.each([
    ['orders', 'orders'],
    ['mailsage', 'own'],
    ['apikey', 'own'],
    ['ann@example.com', 'own'],
    ['', 'own'],
  ])('“%s” chooses the inbox %s', async (user, inbox) => {
    const { key } = await testServer.makeKey({ inbox: 'own' })
    const conversation = await converse(testServer.server.smtpPort)
    expect((await conversation.signIn(user, key)).code).toBe(235)
    const { events } = await testServer.witness(() => conversation.send({ raw }))
    expect(events).toMatchObject([{ type: 'captured', data: { inbox } }])
  })
})

describe('refused', () => {
  test('a wrong key, and the client may try again', async () => {
    const { key } = await testServer.makeKey()
    const conversation = await converse(testServer.server.smtpPort)
    const answer = await conversation.signIn('mailsage', `${key.slice(0, -1)}!`)
    expect(answer.code).toBe(535)
    expect(answer.lines[0]).toMatch(/^5\.7\.8 .*checksum/)
    expect((await conversation.signIn('mailsage', key)).code).toBe(235)
  })

  test('a revoked key, at once and on a connection that is already signed in', async () => {
    const { id, key } = await testServer.makeKey()
    const open = await converse(testServer.server.smtpPort)
    await open.signIn('mailsage', key)
    await testServer.reply('DELETE /v1/api-keys/{id}', { params: { id } })
    const fresh = await converse(testServer.server.smtpPort)
    const answer = await fresh.signIn('mailsage', key)
    expect(answer.code).toBe(535)
    expect(answer.lines[0]).toMatch(/^5\.7\.8 .*revoked/)
    const { value, events } = await testServer.witness(() => open.send({ raw }))
    expect(value.code).toBe(535)
    expect(events).toEqual([])
  })

  test('a key that is switched off', async () => {
    const { id, key } = await testServer.makeKey()
    await testServer.reply('PATCH /v1/api-keys/{id}', { params: { id }, body: { enabled: false } })
    const conversation = await converse(testServer.server.smtpPort)
    expect(await conversation.signIn('mailsage', key)).toMatchObject({ code: 535 })
  })

  test('an expired key', async () => {
    const clock = createTestClock()
    const ageing = await startTestServer({ environment: { clock } })
    const { key } = await ageing.makeKey({ expires_in_days: 1 })
    clock.advance(dayMs + 1)
    const conversation = await converse(ageing.server.smtpPort)
    const answer = await conversation.signIn('mailsage', key)
    expect(answer.code).toBe(535)
    expect(answer.lines[0]).toMatch(/^5\.7\.8 .*expired/)
  })

  test('a key from an address that it may not be used from', async () => {
    const { key } = await testServer.makeKey({ allowed_ips: ['192.0.2.0/24'] })
    const conversation = await converse(testServer.server.smtpPort)
    const answer = await conversation.signIn('mailsage', key)
    expect(answer.code).toBe(550)
    expect(answer.lines[0]).toMatch(/^5\.7\.1 .*127\.0\.0\.1/)
  })

  test('a key without the permission to send, on record', async () => {
    const { id, key } = await testServer.makeKey({ permissions: ['inbox:read'] })
    const conversation = await converse(testServer.server.smtpPort)
    const { value: answer, events } = await testServer.witness(async () => {
      await conversation.signIn('mailsage', key)
      return conversation.send({ raw })
    })
    expect(answer.code).toBe(550)
    expect(answer.lines[0]).toMatch(/^5\.7\.1 .*lacks the permission send/)
    expect(events).toMatchObject([
      {
        type: 'request',
        keyId: id,
        data: { route: 'SMTP', status: 550, fault: 'insufficient_permissions' },
      },
    ])
    expect(events).toHaveLength(1)
  })

  test('a sender that the key may not use, on record', async () => {
    const { id, key } = await testServer.makeKey({ allowed_senders: ['shop.example'] })
    const conversation = await converse(testServer.server.smtpPort)
    await conversation.signIn('mailsage', key)
    const { value: answer, events } = await testServer.witness(() => conversation.send({ raw }))
    expect(answer.code).toBe(550)
    expect(answer.lines[0]).toMatch(/^5\.7\.1 .*shop\.example/)
    expect(events).toMatchObject([
      { type: 'request', keyId: id, data: { route: 'SMTP', fault: 'sender_not_allowed' } },
    ])
    expect(
      (
        await conversation.send({
          from: 'app@shop.example',
          raw: `From: app@shop.example\r\n${raw}`,
        })
      ).code,
    ).toBe(250)
  })
})

describe('without a key', () => {
  test('mail from this machine is captured, and counts as nobody’s', async () => {
    const conversation = await converse(testServer.server.smtpPort)
    const { value: answer, events } = await testServer.witness(() => conversation.send({ raw }))
    expect(answer.code).toBe(250)
    expect(events).toMatchObject([
      { type: 'captured', keyId: null, data: { inbox: 'default', door: 'smtp' } },
    ])
    expect(events).toHaveLength(1)
  })

  test('it is refused when the setting is off, from one message to the next', async () => {
    const conversation = await converse(testServer.server.smtpPort)
    expect((await conversation.send({ raw })).code).toBe(250)
    await testServer.reply('PATCH /v1/settings', { body: { anonymous_capture: false } })
    const { value: answer, events } = await testServer.witness(() => conversation.send({ raw }))
    expect(answer.code).toBe(530)
    expect(answer.lines[0]).toMatch(/^5\.7\.0 .*AUTH/)
    expect(events).toEqual([])
    await testServer.reply('PATCH /v1/settings', { body: { anonymous_capture: true } })
    expect((await conversation.send({ raw })).code).toBe(250)
  })
})
