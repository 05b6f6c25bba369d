import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect } from 'node:net'
import { describe, expect, test } from 'vitest'
import { startTestServer } from '../test-server.ts'
import { type Conversation, converse } from './conversation.ts'

const base64 = (text: string): string => Buffer.from(text).toString('base64')
const raw = 'Subject: All the same\r\n\r\nHello.\r\n'
const testServer = await startTestServer({ env: { MAILSAGE_SMTPS_PORT: '0' } })
const { smtpPort } = testServer.server

async function signedIn(): Promise<Conversation> {
  const { key } = await testServer.makeKey()
  const conversation = await converse(smtpPort)
  expect((await conversation.signIn('mailsage', key)).code).toBe(235)
  return conversation
}

describe('A command that the protocol does not allow', () => {
  type Case = readonly [name: string, before: readonly string[], line: string, reply: RegExp]
  const mail = 'MAIL FROM:<app@example.com>'
  const cases: readonly Case[] = [
    ['an unknown command', [], 'SEND me', /^500 5\.5\.2 .*HELP/],
    ['an empty line', [], '', /^500 5\.5\.2 /],
    ['a property name of JavaScript', [], 'constructor', /^500 5\.5\.2 /],
    ['EHLO without a name', [], 'EHLO', /^501 5\.5\.4 .*EHLO app\.example\.com/],
    ['EHLO with two names', [], 'EHLO one two', /^501 5\.5\.4 /],
    ['HELO with a long name', [], `HELO ${'x'.repeat(256)}`, /^501 5\.5\.4 /],
    ['a second MAIL', [mail], mail, /^503 5\.5\.1 .*RSET/],
    ['a SIZE that is not a number', [], `${mail} SIZE=large`, /^501 5\.5\.4 .*SIZE=1024/],
    [
      'a BODY value that EHLO does not offer',
      [],
      `${mail} BODY=BINARYMIME`,
      /^501 5\.5\.4 .*8BITMIME/,
    ],
    ['STARTTLS with an argument', [], 'STARTTLS now', /^501 5\.5\.4 /],
    [
      'an AUTH mechanism that EHLO does not offer',
      [],
      'AUTH CRAM-MD5',
      /^504 5\.5\.4 .*AUTH PLAIN/,
    ],
    ['AUTH without a mechanism', [], 'AUTH', /^504 5\.5\.4 /],
    ['AUTH with two arguments', [], 'AUTH PLAIN eA== eA==', /^501 5\.5\.4 /],
    ['AUTH PLAIN without its parts', [], `AUTH PLAIN ${base64('a key')}`, /^501 5\.5\.2 .*NUL/],
    ['AUTH that the client cancels', ['AUTH LOGIN'], '*', /^501 5\.7\.0 /],
    ['AUTH PLAIN with an empty text', [], 'AUTH PLAIN =', /^501 5\.5\.2 /],
    ['AUTH within a transaction', [mail], 'AUTH LOGIN', /^503 5\.5\.1 .*RSET/],
  ]
  test.each(cases)(
    'The server rejects %s, and the session continues',
    async (_name, before, line, expected) => {
      const conversation = await converse(smtpPort)
      for (const said of before) await conversation.say(said)
      const { code, lines } = await conversation.say(line)
      expect(`${code} ${lines[0]}`).toMatch(expected)
      await conversation.say('RSET')
      expect((await conversation.send({ raw })).code).toBe(250)
    },
  )

  test.each(['MAIL FROM:<app@example.com>', 'AUTH LOGIN'])(
    '%s before EHLO is rejected',
    async (line) => {
      const conversation = await converse(smtpPort, { sayHello: false })
      const answer = await conversation.say(line)
      expect(answer).toEqual({ code: 503, lines: ['5.5.1 Send EHLO first.'] })
      await conversation.say('EHLO client.example')
      expect((await conversation.send({ raw })).code).toBe(250)
    },
  )

  test('A second AUTH is rejected, and recorded for the key', async () => {
    const conversation = await signedIn()
    const { value: answer, events } = await testServer.witness(() => conversation.say('AUTH LOGIN'))
    expect(answer.code).toBe(503)
    expect(events).toMatchObject([
      { type: 'request', data: { route: 'SMTP', status: 503, fault: 'invalid_request' } },
    ])
    expect((await conversation.send({ raw })).code).toBe(250)
  })

  test('A second STARTTLS is rejected', async () => {
    const conversation = await converse(smtpPort)
    await conversation.startTls()
    await conversation.say('EHLO client.example')
    expect((await conversation.say('STARTTLS')).code).toBe(503)
  })

  test('HELP, VRFY and NOOP get their replies', async () => {
    const conversation = await converse(smtpPort)
    expect((await conversation.say('HELP')).lines[0]).toContain('STARTTLS')
    expect((await conversation.say('VRFY ann')).code).toBe(252)
    expect((await conversation.say('noop and so on')).code).toBe(250)
  })
})

describe('The end of a session', () => {
  test('The tenth unknown command ends the session with 421', async () => {
    const conversation = await converse(smtpPort)
    for (let number = 1; number < 10; number += 1)
      expect((await conversation.say('WHAT')).code).toBe(500)
    expect(await conversation.say('WHAT')).toMatchObject({ code: 421 })
    await conversation.closedByServer()
  })

  test('A command line without end ends the session with 421', async () => {
    const conversation = await converse(smtpPort)
    conversation.write('x'.repeat(70_000))
    const answer = await conversation.reply()
    expect(answer).toMatchObject({ code: 421, lines: [expect.stringContaining('65536 bytes')] })
    await conversation.closedByServer()
  })

  test('Commands after QUIT are dropped', async () => {
    const conversation = await converse(smtpPort)
    conversation.write('QUIT\r\nNOOP\r\n')
    expect((await conversation.reply()).code).toBe(221)
    await conversation.closedByServer()
    await expect(conversation.reply()).rejects.toThrow('Unread: “”')
  })
})

test('Random bytes of fifty clients do not disturb another client', async () => {
  const other = await converse(smtpPort)
  const clients = Array.from({ length: 50 }, async (_, number) => {
    const socket = connect({ port: smtpPort, host: '127.0.0.1' })
    socket.on('error', () => undefined)
    const closed = new Promise((resolve) => socket.once('close', resolve))
    const greeting = number % 2 === 0 ? '' : 'EHLO app.example\r\nMAIL FROM:<'
    socket.end(Buffer.concat([Buffer.from(greeting), randomBytes(20_000)]))
    socket.resume()
    await closed
  })
  await Promise.all(clients)
  expect((await other.send({ raw })).code).toBe(250)
})

describe('A failed TLS handshake', () => {
  const nonsense = 'GET / HTTP/1.1\r\nHost: mailsage\r\n\r\n'

  test('A failed handshake after STARTTLS ends that connection only', async () => {
    const other = await converse(smtpPort)
    const conversation = await converse(smtpPort)
    expect((await conversation.say('STARTTLS')).code).toBe(220)
    conversation.write(nonsense)
    await conversation.closedByServer()
    expect((await other.send({ raw })).code).toBe(250)
  })

  test('A failed handshake at the port for implicit TLS ends that connection only', async () => {
    const socket = connect({ port: testServer.server.smtpsPort ?? 0, host: '127.0.0.1' })
    socket.on('error', () => undefined)
    socket.resume()
    socket.write(nonsense)
    await once(socket, 'close')
    const conversation = await converse(testServer.server.smtpsPort ?? 0, { tls: true })
    expect((await conversation.send({ raw })).code).toBe(250)
  })

  test('A silent client at the port for implicit TLS does not delay the shutdown', async () => {
    const own = await startTestServer({ env: { MAILSAGE_SMTPS_PORT: '0' } })
    const silent = connect({ port: own.server.smtpsPort ?? 0, host: '127.0.0.1' })
    silent.on('error', () => undefined)
    await once(silent, 'connect')
    await own.restart()
    silent.destroy()
  })
})
