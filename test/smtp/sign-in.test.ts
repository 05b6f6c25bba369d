import { describe, expect, test } from 'vitest'
import { createTestClock } from '../test-clock.ts'
import { startTestServer } from '../test-server.ts'
import { type Conversation, converse, type Reply } from './conversation.ts'

const dayMs = 86_400_000
const base64 = (text: string): string => Buffer.from(text).toString('base64')
const raw = 'Subject: Signed in\r\n\r\nHello.\r\n'
const testServer = await startTestServer({ env: { API_KEY: 'an-environment-key' } })

describe('Sign-in with a key', () => {
  test('AUTH PLAIN accepts an initial response', async () => {
    const { key } = await testServer.makeKey()
    const conversation = await converse(testServer.server.smtpPort)
    expect(await conversation.say(`AUTH PLAIN ${base64(`\0mailsage\0${key}`)}`)).toMatchObject({
      code: 235,
    })
    expect(await conversation.send({ raw })).toMatchObject({ code: 250 })
  })

  test('AUTH PLAIN asks for the credentials', async () => {
    const { key } = await testServer.makeKey()
    const conversation = await converse(testServer.server.smtpPort)
    expect((await conversation.say('AUTH PLAIN')).code).toBe(334)
    expect((await conversation.say(base64(`\0mailsage\0${key}`))).code).toBe(235)
  })

  test('AUTH LOGIN accepts the user name in the command or asks for it', async () => {
    const { key } = await testServer.makeKey()
    const asked = await converse(testServer.server.smtpPort)
    expect((await asked.say('AUTH LOGIN')).code).toBe(334)
    expect((await asked.say(base64('mailsage'))).code).toBe(334)
    expect((await asked.say(base64(key))).code).toBe(235)
    const given = await converse(testServer.server.smtpPort)
    expect((await given.say(`AUTH LOGIN ${base64('mailsage')}`)).code).toBe(334)
    expect((await given.say(base64(key))).code).toBe(235)
  })

  test('A message belongs to its key, in events and last use', async () => {
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

  test('Keys of SelfMX routes, of the environment and of the console can sign in', async () => {
    const { key } = await testServer.makeKey()
    expect(key).toMatch(/^sk_test_/)
    for (const each of [key, 'an-environment-key', testServer.server.consoleKey]) {
      const conversation = await converse(testServer.server.smtpPort)
      expect((await conversation.signIn('apikey', each)).code).toBe(235)
    }
  })
})

describe('The user name of a sign-in', () => {
  test.each([
    ['orders', 'orders'],
    ['mailsage', 'own'],
    ['apikey', 'own'],
    ['ann@example.com', 'own'],
    ['', 'own'],
  ])('The user name “%s” selects the inbox %s', async (user, inbox) => {
    const { key } = await testServer.makeKey({ inbox: 'own' })
    const conversation = await converse(testServer.server.smtpPort)
    expect((await conversation.signIn(user, key)).code).toBe(235)
    const { events } = await testServer.witness(() => conversation.send({ raw }))
    expect(events).toMatchObject([{ type: 'captured', data: { inbox } }])
  })
})

describe('A refused sign-in', () => {
  test('A wrong key is refused, and the client may try again', async () => {
    const { key } = await testServer.makeKey()
    const conversation = await converse(testServer.server.smtpPort)
    const answer = await conversation.signIn('mailsage', `${key.slice(0, -1)}!`)
    expect(answer.code).toBe(535)
    expect(answer.lines[0]).toMatch(/^5\.7\.8 .*checksum/)
    expect((await conversation.signIn('mailsage', key)).code).toBe(235)
  })

  test('A revoked key is refused, also on a connection that is signed in', async () => {
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

  test('A disabled key is refused', async () => {
    const { id, key } = await testServer.makeKey()
    await testServer.reply('PATCH /v1/api-keys/{id}', { params: { id }, body: { enabled: false } })
    const conversation = await converse(testServer.server.smtpPort)
    expect(await conversation.signIn('mailsage', key)).toMatchObject({ code: 535 })
  })

  test('An expired key is refused', async () => {
    const clock = createTestClock()
    const ageing = await startTestServer({ environment: { clock } })
    const { key } = await ageing.makeKey({ expires_in_days: 1 })
    clock.advance(dayMs + 1)
    const conversation = await converse(ageing.server.smtpPort)
    const answer = await conversation.signIn('mailsage', key)
    expect(answer.code).toBe(535)
    expect(answer.lines[0]).toMatch(/^5\.7\.8 .*expired/)
  })

  test('A key is refused from an address outside allowed_ips', async () => {
    const { key } = await testServer.makeKey({ allowed_ips: ['192.0.2.0/24'] })
    const conversation = await converse(testServer.server.smtpPort)
    const answer = await conversation.signIn('mailsage', key)
    expect(answer.code).toBe(550)
    expect(answer.lines[0]).toMatch(/^5\.7\.1 .*127\.0\.0\.1/)
  })

  test('A key without the permission send is refused, and the refusal is recorded', async () => {
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

  test('A sender outside allowed_senders is refused, and the refusal is recorded', async () => {
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

describe('A sign-in with a password that is not a MailSage key', () => {
  test.each([
    ['checkout', 'secret', 'checkout'],
    ['checkout', '', 'checkout'],
    ['apikey', 'SG.abc.def', 'default'],
    ['ann@example.com', 'hunter2', 'default'],
    ['', 'hunter2', 'default'],
    // Postmark: one secret is user and password, and does not name an inbox.
    ['0b1c2d3e-token', '0b1c2d3e-token', 'default'],
  ])('User “%s” with password “%s” is captured in the inbox %s', async (user, password, inbox) => {
    for (const mechanism of ['PLAIN', 'LOGIN']) {
      const conversation = await converse(testServer.server.smtpPort)
      const answer = await (mechanism === 'PLAIN'
        ? conversation.signIn(user, password)
        : login(conversation, user, password))
      expect(answer).toEqual({
        code: 235,
        lines: [
          `2.7.0 Signed in without a key: the password is not a MailSage key, so mail is captured in the inbox ${inbox} and never sent.`,
        ],
      })
      const { events } = await testServer.witness(() => conversation.send({ raw }))
      expect(events).toMatchObject([{ type: 'captured', keyId: null, data: { inbox } }])
      expect(events).toHaveLength(1)
    }
  })

  test('The transcript shows the reply and not the password', async () => {
    const conversation = await converse(testServer.server.smtpPort)
    await conversation.signIn('checkout', 'hunter2-is-a-secret')
    await conversation.send({ raw })
    const { data } = await testServer.reply('GET /v1/inbox', { query: { limit: 1 } })
    const transcript = await testServer.reply('GET /v1/inbox/{id}/transcript', {
      params: { id: data[0]?.id ?? '' },
    })
    expect(JSON.stringify(transcript)).toContain('Signed in without a key')
    expect(JSON.stringify(transcript)).not.toContain('hunter2')
    expect(JSON.stringify(transcript)).not.toContain(base64('hunter2').slice(0, 8))
  })

  test('A wrong MailSage key is refused, and so is a key in the place of the user name', async () => {
    const { key } = await testServer.makeKey()
    const wrong = [
      ['checkout', `${key.slice(0, -1)}!`],
      ['checkout', 'ms_test_0123456789abcdefghijklmnopqrstuv'],
      ['checkout', 'ms_live_short'],
      ['checkout', 'SK_LIVE_0123456789abcdefghijklmnopqrstuv'],
      ['checkout', ' ms_test_0123456789abcdefghijklmnopqrstuv'],
      ['checkout', 'ms_console_0123456789'],
      [key, 'secret'],
      ['ms_test_0123456789abcdefghijklmnopqrstuv', ''],
    ] as const
    for (const [user, password] of wrong) {
      const conversation = await converse(testServer.server.smtpPort)
      expect((await conversation.signIn(user, password)).code, `${user} ${password}`).toBe(535)
    }
  })

  test('The former key of the environment is still a key, and refused', async () => {
    const server = await startTestServer({ env: { API_KEY: 'the-former-admin-key' } })
    await server.restart({ API_KEY: 'the-present-admin-key' })
    const conversation = await converse(server.server.smtpPort)
    expect((await conversation.signIn('checkout', 'the-former-admin-key')).code).toBe(535)
    expect((await conversation.signIn('checkout', 'the-present-admin-key')).code).toBe(235)
  })

  test('The sign-in never counts as a wrong key', async () => {
    for (let connection = 0; connection < 30; connection += 1) {
      const conversation = await converse(testServer.server.smtpPort)
      expect((await conversation.signIn('checkout', 'secret')).code).toBe(235)
      await conversation.close()
    }
    const conversation = await converse(testServer.server.smtpPort)
    for (let number = 0; number < 4; number += 1) {
      expect((await conversation.signIn('checkout', 'ms_test_wrong')).code).toBe(535)
    }
  })

  test('A second sign-in in the session is refused', async () => {
    const { key } = await testServer.makeKey()
    const conversation = await converse(testServer.server.smtpPort)
    await conversation.signIn('checkout', 'secret')
    expect((await conversation.signIn('mailsage', key)).code).toBe(503)
  })

  test('The sign-in is refused and counts as a wrong key where mail without a key is not captured', async () => {
    const signedIn = await converse(testServer.server.smtpPort)
    await signedIn.signIn('checkout', 'secret')
    await testServer.reply('PATCH /v1/settings', { body: { anonymous_capture: false } })
    const { value: answer, events } = await testServer.witness(() => signedIn.send({ raw }))
    expect(answer.code).toBe(530)
    expect(events).toEqual([])
    const conversation = await converse(testServer.server.smtpPort)
    for (let number = 0; number < 4; number += 1) {
      expect((await conversation.signIn('checkout', 'secret')).code).toBe(535)
    }
    expect((await conversation.signIn('checkout', 'secret')).code).toBe(421)
    await testServer.reply('PATCH /v1/settings', { body: { anonymous_capture: true } })
  })
})

/** AUTH LOGIN, question by question. */
async function login(conversation: Conversation, user: string, password: string): Promise<Reply> {
  await conversation.say('AUTH LOGIN')
  await conversation.say(base64(user) || '=')
  return conversation.say(base64(password) || '=')
}

describe('Mail without a key', () => {
  test('Mail of this machine without a key is captured without a key id', async () => {
    const conversation = await converse(testServer.server.smtpPort)
    const { value: answer, events } = await testServer.witness(() => conversation.send({ raw }))
    expect(answer.code).toBe(250)
    expect(events).toMatchObject([
      { type: 'captured', keyId: null, data: { inbox: 'default', door: 'smtp' } },
    ])
    expect(events).toHaveLength(1)
  })

  test('Mail without a key is refused as soon as anonymous_capture is off', async () => {
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
