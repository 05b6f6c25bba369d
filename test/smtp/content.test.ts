import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { startTestServer } from '../test-server.ts'
import { converse, stuffed } from './conversation.ts'

const testServer = await startTestServer()

async function newestRaw(): Promise<Buffer> {
  const { data } = await testServer.reply('GET /v1/inbox', { query: { limit: 1 } })
  const { bytes } = await testServer.request('GET /v1/inbox/{id}/raw', {
    params: { id: data[0]?.id ?? '' },
  })
  return bytes
}

async function inboxSize(): Promise<number> {
  return (await testServer.reply('GET /v1/inbox', { query: { limit: 1 } })).counts.total
}

const head = Buffer.from('From: app@example.com\r\nTo: ann@example.com\r\nSubject: Bytes\r\n\r\n')
const everyByte = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))
// Without CR and LF: line endings have tests of their own, below.
const eightBit = everyByte.filter((byte) => byte !== 0x0a && byte !== 0x0d)
const endLine = Buffer.from('\r\n')

describe('The bytes of a message', () => {
  test.each([
    ['a plain message', Buffer.concat([head, Buffer.from('Hello.\r\n')])],
    ['lines that begin with dots', Buffer.from(`${head}.\r\n..\r\n...\r\n.x\r\ny.\r\n`)],
    ['a first line that begins with a dot', Buffer.from('.Subject: x\r\n\r\n')],
    ['every byte there is, NUL among them', Buffer.concat([head, eightBit, endLine])],
    ['a line of 64 KiB', Buffer.from(`${head}${'x'.repeat(65_536)}\r\n`)],
    ['UTF-8 in the headers', Buffer.from('Subject: Привет, 世界\r\n\r\nпривет\r\n')],
    ['no body', head],
    ['no headers', Buffer.from('\r\nonly a body\r\n')],
    ['nothing but a line end', endLine],
    ['bare line feeds', Buffer.from(`${head}one\ntwo\n\nthree\r\n`)],
    ['dots after bare line feeds', Buffer.from(`${head}one\n..two\n.three\r\n`)],
    ['bare carriage returns', Buffer.from(`${head}one\rtwo\r\r\n`)],
  ])('The bytes of %s are stored unchanged', async (_name, raw) => {
    const conversation = await converse(testServer.server.smtpPort)
    expect((await conversation.send({ raw })).code).toBe(250)
    expect((await newestRaw()).equals(raw)).toBe(true)
  })

  test('An empty message is stored as zero bytes', async () => {
    const conversation = await converse(testServer.server.smtpPort)
    expect((await conversation.send({ raw: '' })).code).toBe(250)
    expect(await newestRaw()).toHaveLength(0)
  })

  test('Random bytes in segments of random length are stored unchanged', async () => {
    const conversation = await converse(testServer.server.smtpPort)
    for (let round = 0; round < 20; round += 1) {
      const alphabet = '.\r\nab'
      const body = [...randomBytes(3000)].map((byte) => alphabet[byte % 5]).join('')
      const raw = Buffer.from(`${head}${body}\r\n`)
      await conversation.say('MAIL FROM:<app@example.com>')
      await conversation.say('RCPT TO:<ann@example.com>')
      await conversation.say('DATA')
      const wire = stuffed(raw)
      for (let start = 0; start < wire.length; ) {
        const end = start + 1 + ((randomBytes(1)[0] ?? 0) % 64)
        conversation.write(wire.subarray(start, end))
        await new Promise((resolve) => setImmediate(resolve))
        start = end
      }
      expect((await conversation.reply()).code).toBe(250)
      expect((await newestRaw()).toString('latin1')).toBe(raw.toString('latin1'))
    }
  })

  test('The first dot of a line is removed (RFC 5321 §4.5.2)', async () => {
    const conversation = await converse(testServer.server.smtpPort)
    await conversation.say('MAIL FROM:<app@example.com>')
    await conversation.say('RCPT TO:<ann@example.com>')
    await conversation.say('DATA')
    conversation.write(`${head}.button {\r\n..doubled\r\n}\r\n.\r\n`)
    expect((await conversation.reply()).code).toBe(250)
    expect((await newestRaw()).toString()).toBe(`${head}button {\r\n.doubled\r\n}\r\n`)
  })

  test('A hundred thousand lines of one dot are stored unchanged', async () => {
    const raw = Buffer.concat([head, Buffer.alloc(300_000, '.\r\n')])
    const conversation = await converse(testServer.server.smtpPort)
    expect((await conversation.send({ raw })).code).toBe(250)
    expect((await newestRaw()).equals(raw)).toBe(true)
  })
})

describe('The end of a message', () => {
  test.each([
    ['\n.\n', 'line feeds'],
    ['\n.\r\n', 'a line feed before'],
    ['\r\n.\n', 'a line feed after'],
    ['\r.\r', 'carriage returns'],
    ['\r\n.\r', 'a carriage return after'],
  ])('A message does not end at %j (%s): the next line is text, not a command', async (end) => {
    const before = await inboxSize()
    const smuggled = `MAIL FROM:<mallory@example.com>\r\nRCPT TO:<victim@example.com>\r\nDATA\r\n`
    const conversation = await converse(testServer.server.smtpPort)
    await conversation.say('MAIL FROM:<app@example.com>')
    await conversation.say('RCPT TO:<ann@example.com>')
    await conversation.say('DATA')
    conversation.write(`${head}innocent${end}${smuggled}Subject: smuggled\r\n\r\nx\r\n.\r\n`)
    expect((await conversation.reply()).code).toBe(250)
    expect((await conversation.say('NOOP')).code).toBe(250)
    expect(await inboxSize()).toBe(before + 1)
    expect((await newestRaw()).toString()).toContain('MAIL FROM:<mallory@example.com>')
  })
})
