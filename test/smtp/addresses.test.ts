import { describe, expect, test } from 'vitest'
import { startTestServer } from '../test-server.ts'
import { converse } from './conversation.ts'

const testServer = await startTestServer()
const raw =
  'From: App <app@example.com>\r\nTo: ann@example.com\r\nSubject: To whom\r\n\r\nHello.\r\n'

async function newest() {
  const { data } = await testServer.reply('GET /v1/inbox', { query: { limit: 1 } })
  return testServer.reply('GET /v1/inbox/{id}', { params: { id: data[0]?.id ?? '' } })
}

describe('The SMTP envelope', () => {
  test('The envelope is stored apart from the header, and shows a Bcc recipient', async () => {
    const conversation = await converse(testServer.server.smtpPort)
    const to = ['ann@example.com', 'hidden@example.com']
    expect((await conversation.send({ from: 'bounces@example.com', to, raw })).code).toBe(250)
    expect(await newest()).toMatchObject({
      from: { name: 'App', address: 'app@example.com' },
      to: [{ address: 'ann@example.com' }],
      envelope: { mail_from: 'bounces@example.com', rcpt_to: to },
      bcc: ['hidden@example.com'],
    })
  })

  test('The empty sender of a bounce is accepted', async () => {
    const conversation = await converse(testServer.server.smtpPort)
    expect((await conversation.send({ from: '', raw })).code).toBe(250)
    expect((await newest()).envelope.mail_from).toBe('')
  })

  test('A recipient that is given twice is stored once', async () => {
    const conversation = await converse(testServer.server.smtpPort)
    const to = ['ann@example.com', 'ann@example.com']
    expect((await conversation.send({ to, raw })).code).toBe(250)
    expect((await newest()).envelope.rcpt_to).toEqual(['ann@example.com'])
  })

  test('A source route is ignored, and recipients are compared without case', async () => {
    const conversation = await converse(testServer.server.smtpPort)
    await conversation.say('mail from: <@relay.example,@other.example:app@example.com>')
    expect((await conversation.say('rcpt to: <Ann@Example.com>')).code).toBe(250)
    expect((await conversation.say('RCPT TO:<ann@example.com> NOTIFY=NEVER')).code).toBe(250)
    await conversation.say('DATA')
    conversation.write(`${raw}.\r\n`)
    expect((await conversation.reply()).code).toBe(250)
    const { envelope } = await newest()
    expect(envelope).toEqual({ mail_from: 'app@example.com', rcpt_to: ['ann@example.com'] })
  })

  test.each([
    'анна@пример.рф',
    '安@例子.公司',
    'josé@example.com',
    'o’brien@example.com',
    'ann+tag@example.com',
    'ann@[127.0.0.1]',
    'ann@localhost',
    '"ann, bob"@example.com',
    'ann@[IPv6:2001:db8::1]',
    'ann@xn--e1afmkfd.xn--p1ai',
    `${'a'.repeat(64)}@example.com`,
  ])('The address %s is accepted', async (address) => {
    const conversation = await converse(testServer.server.smtpPort)
    await conversation.say(`MAIL FROM:<${address}> SMTPUTF8`)
    expect((await conversation.say(`RCPT TO:<${address}>`)).code).toBe(250)
    await conversation.say('DATA')
    conversation.write(`${raw}.\r\n`)
    expect((await conversation.reply()).code).toBe(250)
    expect((await newest()).envelope).toEqual({ mail_from: address, rcpt_to: [address] })
  })
})

describe('Mail that is captured', () => {
  const longLocal = `bounces+12345678-ann=example.net-${'x'.repeat(60)}`

  test.each([
    ['<Postmaster> without a domain', 'app@example.com', 'Postmaster'],
    ['<POSTMASTER> without a domain', 'app@example.com', 'POSTMASTER'],
    ['a name of the host as the recipient', 'app@example.com', 'root'],
    ['a name of the host as the sender', 'www-data', 'root'],
    [
      'a sender with more than 64 bytes before the @',
      `${longLocal}@em.example.com`,
      'b@example.com',
    ],
  ])('Captured mail may have %s', async (_, from, to) => {
    const { key } = await testServer.makeKey()
    for (const secret of [null, key]) {
      const conversation = await converse(testServer.server.smtpPort)
      if (secret !== null) await conversation.signIn('mailsage', secret)
      expect((await conversation.send({ from, to: [to], raw })).code).toBe(250)
      expect((await newest()).envelope).toEqual({ mail_from: from, rcpt_to: [to] })
    }
  })

  test('A recipient with more than 64 bytes before the @ is refused', async () => {
    const conversation = await converse(testServer.server.smtpPort)
    expect((await conversation.send({ to: [`${'a'.repeat(65)}@example.com`], raw })).code).toBe(553)
  })

  test('Live mail keeps the rule for addresses', async () => {
    const { key } = await testServer.makeKey({ mode: 'live' })
    const conversation = await converse(testServer.server.smtpPort)
    await conversation.signIn('mailsage', key)
    for (const from of ['root', 'Postmaster', `${longLocal}@em.example.com`]) {
      const { code, lines } = await conversation.say(`MAIL FROM:<${from}>`)
      expect({ code, line: lines[0] }).toEqual({
        code: 553,
        line: `5.1.7 The sender ${from} is not a valid address.`,
      })
    }
    expect((await conversation.say('MAIL FROM:<app@example.com>')).code).toBe(250)
    for (const to of ['root', 'Postmaster']) {
      expect((await conversation.say(`RCPT TO:<${to}>`)).code).toBe(553)
    }
  })

  test('Captured mail for a name of the host cannot be released to it', async () => {
    const conversation = await converse(testServer.server.smtpPort)
    expect((await conversation.send({ to: ['root'], raw })).code).toBe(250)
    const { id } = await newest()
    const release = { params: { id }, body: {} }
    const { status, text } = await testServer.request('POST /v1/inbox/{id}/release', release)
    expect(status).toBe(400)
    expect(text).toContain('The recipient root is not a valid address.')
  })

  test('A key with allowed_senders may not send from a name of the host', async () => {
    const { key } = await testServer.makeKey({
      allowed_senders: ['example.com', 'root@example.org'],
    })
    for (const from of ['root', 'example.com']) {
      const conversation = await converse(testServer.server.smtpPort)
      await conversation.signIn('mailsage', key)
      expect((await conversation.send({ from, raw })).code).toBe(550)
    }
  })
})

describe('An invalid address', () => {
  test.each([
    'ann(at)example.com',
    'ann@@example.com',
    'ann..b@example.com',
    'ann@exa mple.com',
    '@example.com',
    'ann@',
    'ann bob',
    'ann;bob',
    '.ann',
    'ann@-example.com',
    'ann;bob@example.com',
    '"ann > bob"@example.com',
    'ann\u202e@example.com',
    `ann@${'a'.repeat(64)}.example.com`,
  ])('The address %s is refused, and the next one is accepted', async (address) => {
    const conversation = await converse(testServer.server.smtpPort)
    const sender = await conversation.say(`MAIL FROM:<${address}>`)
    expect(sender.code).toBe(553)
    expect(sender.lines[0]).toBe(`5.1.7 The sender ${address} is not a valid address.`)
    expect((await conversation.say('MAIL FROM:<app@example.com>')).code).toBe(250)
    const recipient = await conversation.say(`RCPT TO:<${address}>`)
    expect(recipient.code).toBe(553)
    expect(recipient.lines[0]).toBe(`5.1.3 The recipient ${address} is not a valid address.`)
    expect((await conversation.say('RCPT TO:<ann@example.com>')).code).toBe(250)
  })

  test.each(['app@example.com', '', '<app@example.com', 'app <app@example.com>'])(
    'The path %j is rejected as a syntax error',
    async (path) => {
      const conversation = await converse(testServer.server.smtpPort)
      const sender = await conversation.say(`MAIL FROM:${path}`)
      expect(sender).toMatchObject({ code: 501, lines: [expect.stringMatching(/^5\.1\.7 /)] })
      await conversation.say('MAIL FROM:<app@example.com>')
      const recipient = await conversation.say(`RCPT TO:${path}`)
      expect(recipient).toMatchObject({ code: 501, lines: [expect.stringMatching(/^5\.1\.3 /)] })
    },
  )

  test.each([
    ['RCPT TO:<ann@example.com> <evil@evil.example>', '“<evil@evil.example>” after'],
    ['RCPT TO:<ann@example.com> evil@evil.example', '“evil@evil.example” after'],
    ['RCPT TO:<ann@example.com> NOTIFY=NEVER <evil@evil.example>', '“<evil@evil.example>” after'],
    ['RCPT TO:<ann@example.com> RCPT TO:<evil@evil.example>', '“TO:<evil@evil.example>” after'],
    ['RCPT TO:<ann@example.com>\rRCPT TO:<evil@evil.example>', '“TO:<evil@evil.example>” after'],
    ['RCPT TO:<"ann\u0085"@example.com>', 'not a valid address'],
    ['MAIL FROM:<app@example.com> <evil@evil.example>', '“<evil@evil.example>” after'],
    ['MAIL FROM:<app@example.com>\rRCPT TO:<evil@evil.example>', '“TO:<evil@evil.example>” after'],
  ])('Text after the address is refused: %j', async (command, found) => {
    const conversation = await converse(testServer.server.smtpPort)
    if (command.startsWith('RCPT')) await conversation.say('MAIL FROM:<app@example.com>')
    const { code, lines } = await conversation.say(command)
    expect(code).toBeGreaterThanOrEqual(500)
    expect(lines[0]).toContain(found)
    expect((await conversation.say('DATA')).code).toBe(503)
  })

  test('An address that is not UTF-8 is refused', async () => {
    const conversation = await converse(testServer.server.smtpPort)
    await conversation.say('MAIL FROM:<app@example.com>')
    for (const address of ['jos\xe9@example.com', '"jos\xe9"@example.com', 'ann@ex\xe4mple.com']) {
      conversation.write(Buffer.from(`RCPT TO:<${address}>\r\n`, 'latin1'))
      expect((await conversation.reply()).code).toBe(553)
    }
  })

  test('A reply contains no control character of the command', async () => {
    const conversation = await converse(testServer.server.smtpPort)
    const { code, lines } = await conversation.say('MAIL FROM:<a\r250 b@example.com>')
    expect(code).toBe(553)
    expect(lines[0]).toBe('5.1.7 The sender a 250 b@example.com is not a valid address.')
  })

  test('A refused address is recorded for the key', async () => {
    const { id, key } = await testServer.makeKey()
    const conversation = await converse(testServer.server.smtpPort)
    await conversation.signIn('mailsage', key)
    const { events } = await testServer.witness(async () => {
      await conversation.say('MAIL FROM:<ann@-example.com>')
      await conversation.say('MAIL FROM:<app@example.com>')
      await conversation.say('RCPT TO:<ann@-example.com>')
    })
    expect(events).toMatchObject([
      { type: 'request', keyId: id, data: { route: 'SMTP', fault: 'invalid_sender' } },
      { type: 'request', keyId: id, data: { route: 'SMTP', fault: 'invalid_recipient' } },
    ])
    expect(events).toHaveLength(2)
  })

  test('DATA without a recipient and RCPT without a sender are rejected', async () => {
    const conversation = await converse(testServer.server.smtpPort)
    expect((await conversation.say('RCPT TO:<ann@example.com>')).code).toBe(503)
    await conversation.say('MAIL FROM:<app@example.com>')
    expect((await conversation.say('DATA')).code).toBe(503)
  })
})
