import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { afterAll, expect, test } from 'vitest'
import { startTestServer } from '../test-server.ts'
import { type Conversation, converse, stuffed } from './conversation.ts'

/**
 * Compares the listener with smtp-server, which has ten years of use and many advisories behind it:
 * both must read the same random input alike.
 */
const testServer = await startTestServer()
const heardByOther: string[] = []
const other = new SMTPServer({
  authOptional: true,
  disableReverseLookup: true,
  logger: false,
  onData(stream, _session, done) {
    const chunks: Buffer[] = []
    stream.on('data', (chunk: Buffer) => chunks.push(chunk))
    stream.on('end', () => {
      heardByOther.push(Buffer.concat(chunks).toString('latin1'))
      done()
    })
  },
})
other.on('error', () => undefined)
other.listen(0, '127.0.0.1')
await once(other.server, 'listening')
afterAll(() => new Promise<void>((resolve) => other.close(resolve)))
const otherPort = (other.server.address() as AddressInfo).port

/** mulberry32: small, even enough, and the same on every machine. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

async function begin(conversation: Conversation): Promise<void> {
  for (const line of ['MAIL FROM:<app@example.com>', 'RCPT TO:<ann@example.com>', 'DATA'])
    expect((await conversation.say(line)).code).toBeLessThan(400)
}

async function newestRaw(): Promise<string> {
  const { data } = await testServer.reply('GET /v1/inbox', { query: { limit: 1 } })
  const params = { id: data[0]?.id ?? '' }
  return (await testServer.request('GET /v1/inbox/{id}/raw', { params })).bytes.toString('latin1')
}

test('Both servers read 300 messages of dots and line ends, in random segments, alike', async () => {
  const random = randomFrom(20_261_122)
  const ours = await converse(testServer.server.smtpPort)
  const theirs = await converse(otherPort)
  for (let round = 0; round < 300; round += 1) {
    const text = Array.from({ length: random(60) }, () => '..\r\n\r\nab'[random(8)])
      .join('')
      // A bare line feed ends no line (RFC 5321 §2.3.8); smtp-server takes the dot after it away.
      .replace(/(?<!\r)\n\.+/g, '\n')
    const wire = stuffed(text)
    await Promise.all([begin(ours), begin(theirs)])
    for (let start = 0; start < wire.length; ) {
      const piece = wire.subarray(start, start + 1 + random(12))
      ours.write(piece)
      theirs.write(piece)
      start += piece.length
      if (random(3) === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    const [mine, his] = await Promise.all([ours.reply(), theirs.reply()])
    expect([mine.code, his.code]).toEqual([250, 250])
    const whole = text === '' || text.endsWith('\r\n') ? text : `${text}\r\n`
    expect(await newestRaw()).toBe(whole)
    expect(heardByOther.at(-1)).toBe(whole)
  }
}, 60_000)

test('Both servers accept and refuse the same of 1,500 random commands', async () => {
  const lines = [
    'EHLO client.example',
    'HELO client.example',
    'EHLO',
    'MAIL FROM:<app@example.com>',
    'mail from:<> SIZE=100 BODY=8BITMIME SMTPUTF8',
    'MAIL FROM:<app@example.com> SIZE=x',
    'MAIL FROM:<app@example.com> BODY=9BIT',
    'MAIL FROM:app@example.com',
    'MAIL TO:<app@example.com>',
    'MAIL',
    'RCPT TO:<ann@example.com>',
    'RCPT TO:<Ann@Example.com>',
    'RCPT TO:<ann@>',
    'RCPT TO:<>',
    'RCPT TO:',
    'DATA',
    'RSET',
    'NOOP',
    'HELP',
    'VRFY ann@example.com',
    'AUTH CRAM-MD5',
    'EXPN list',
    'STARTTLS now',
  ]
  const random = randomFrom(5_321)
  let session: readonly [Conversation, Conversation] | null = null
  for (let round = 0; round < 1500; round += 1) {
    if (!session || round % 25 === 0) {
      await Promise.all(session?.map((conversation) => conversation.close()) ?? [])
      session = await Promise.all([
        converse(testServer.server.smtpPort, { sayHello: false }),
        converse(otherPort, { sayHello: false }),
      ])
    }
    const line = lines[random(lines.length)] ?? ''
    const answers = await Promise.all(session.map((conversation) => conversation.say(line)))
    const kinds = answers.map(({ code }) => Math.floor(code / 100))
    expect(kinds, `${line}: ${JSON.stringify(answers)}`).toEqual([kinds[1], kinds[1]])
    if (kinds[0] === 4) session = null
    if (kinds[0] !== 3) continue
    for (const conversation of session ?? []) conversation.write('Subject: x\r\n\r\n.\r\n')
    const taken = await Promise.all((session ?? []).map((conversation) => conversation.reply()))
    expect(taken.map(({ code }) => code)).toEqual([250, 250])
  }
}, 60_000)
