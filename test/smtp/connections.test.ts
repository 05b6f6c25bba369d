import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { describe, expect, test } from 'vitest'
import { createTestClock } from '../test-clock.ts'
import { startTestServer } from '../test-server.ts'
import { until } from '../wait-for.ts'
import { converse } from './conversation.ts'

const raw = 'Subject: On one line\r\n\r\nHello.\r\n'
const minuteMs = 60_000

describe('An SMTP connection', () => {
  test('A connection accepts 200 messages one after the other', async () => {
    const testServer = await startTestServer()
    const conversation = await converse(testServer.server.smtpPort)
    for (let number = 0; number < 200; number += 1) {
      expect((await conversation.send({ raw })).code).toBe(250)
    }
    expect((await testServer.reply('GET /v1/inbox')).counts.total).toBe(200)
  })

  test('Pipelined commands get their replies in order (RFC 2920)', async () => {
    const testServer = await startTestServer()
    const conversation = await converse(testServer.server.smtpPort)
    const envelope = 'MAIL FROM:<app@example.com>\r\nRCPT TO:<ann@example.com>\r\nDATA\r\n'
    const message = (subject: string) => `Subject: ${subject}\r\n\r\n.\r\n`
    const codes = async (count: number) => {
      const all: number[] = []
      while (all.length < count) all.push((await conversation.reply()).code)
      return all
    }
    conversation.write(envelope)
    expect(await codes(3)).toEqual([250, 250, 354])
    conversation.write(`${message('first')}${envelope}`)
    expect(await codes(4)).toEqual([250, 250, 250, 354])
    conversation.write(`${message('second')}NOOP\r\nQUIT\r\n`)
    expect(await codes(3)).toEqual([250, 250, 221])
    const { data } = await testServer.reply('GET /v1/inbox')
    expect(data.map(({ subject }) => subject)).toEqual(['second', 'first'])
  })

  test('RSET discards the envelope and keeps the sign-in', async () => {
    const testServer = await startTestServer()
    const { id, key } = await testServer.makeKey()
    const conversation = await converse(testServer.server.smtpPort)
    await conversation.signIn('mailsage', key)
    await conversation.say('MAIL FROM:<app@example.com>')
    await conversation.say('RCPT TO:<wrong@example.com>')
    await conversation.say('RSET')
    const { value: answer, events } = await testServer.witness(() => conversation.send({ raw }))
    expect(answer.code).toBe(250)
    expect(events).toMatchObject([{ type: 'captured', keyId: id, data: { recipients: 1 } }])
  })

  test('An HTTP request at the SMTP port is rejected with 421', async () => {
    const testServer = await startTestServer()
    const conversation = await converse(testServer.server.smtpPort, { sayHello: false })
    expect((await conversation.say('POST /v1/send HTTP/1.1')).code).toBe(421)
    await conversation.closedByServer()
  })

  test('Each message of one packet gets its replies', async () => {
    const testServer = await startTestServer()
    const conversation = await converse(testServer.server.smtpPort)
    const envelope = 'MAIL FROM:<app@example.com>\r\nRCPT TO:<ann@example.com>\r\nDATA\r\n'
    const subjects = Array.from({ length: 50 }, (_, number) => `No ${number}`)
    conversation.write(
      subjects.map((subject) => `${envelope}Subject: ${subject}\r\n\r\n.\r\n`).join(''),
    )
    for (const _ of subjects) {
      const codes: number[] = []
      while (codes.length < 4) codes.push((await conversation.reply()).code)
      expect(codes).toEqual([250, 250, 354, 250])
    }
    const { data } = await testServer.reply('GET /v1/inbox', { query: { limit: 50 } })
    expect(data.map(({ subject }) => subject)).toEqual(subjects.reverse())
  })

  test('A session ends after 15 minutes even if it is never idle', async () => {
    const clock = createTestClock()
    const testServer = await startTestServer({ environment: { clock } })
    const conversation = await converse(testServer.server.smtpPort)
    for (let second = 0; second < 15 * 60 - 30; second += 30) {
      clock.advance(30_000)
      expect((await conversation.say('NOOP')).code).toBe(250)
    }
    clock.advance(30_000)
    const farewell = await conversation.reply()
    expect(farewell).toMatchObject({ code: 421, lines: [expect.stringMatching(/^4\.4\.2 .*long/)] })
    await conversation.closedByServer()
  })

  test('A session ends after an idle minute', async () => {
    const clock = createTestClock()
    const testServer = await startTestServer({ environment: { clock } })
    const conversation = await converse(testServer.server.smtpPort)
    clock.advance(minuteMs - 1000)
    expect((await conversation.say('NOOP')).code).toBe(250)
    clock.advance(minuteMs - 1000)
    expect((await conversation.say('NOOP')).code).toBe(250)
    clock.advance(minuteMs)
    const farewell = await conversation.reply()
    expect(farewell).toMatchObject({
      code: 421,
      lines: [expect.stringMatching(/^4\.4\.2 .*minute/)],
    })
    await conversation.closedByServer()
  })

  test('A client that stays after the last reply is disconnected', async () => {
    const clock = createTestClock()
    const testServer = await startTestServer({ environment: { clock } })
    const socket = connect({
      port: testServer.server.smtpPort,
      host: '127.0.0.1',
      allowHalfOpen: true,
    })
    socket.on('error', () => undefined)
    const heard = once(socket, 'end')
    socket.resume()
    socket.write('QUIT\r\n')
    await heard
    socket.write('NOOP\r\n')
    clock.advance(30_000)
    // A write to a closed peer is answered with a reset.
    await until('the end of the connection', () => !socket.write('NOOP\r\n') && socket.destroyed)
  })
})

describe('A server that closes', () => {
  test('At shutdown idle clients get 421, and an open message is accepted first', async () => {
    const testServer = await startTestServer()
    const idle = await converse(testServer.server.smtpPort)
    const busy = await converse(testServer.server.smtpPort)
    await busy.say('MAIL FROM:<app@example.com>')
    await busy.say('RCPT TO:<ann@example.com>')
    await busy.say('DATA')
    const restarted = testServer.restart()
    expect((await idle.reply()).lines[0]).toMatch(/^4\.3\.2 .*closing/)
    await idle.closedByServer()
    busy.write(`${raw}.\r\n`)
    expect((await busy.reply()).code).toBe(250)
    expect((await busy.reply()).code).toBe(421)
    await busy.closedByServer()
    await restarted
    expect((await testServer.reply('GET /v1/inbox')).counts.total).toBe(1)
  })
})

describe('A client that disconnects', () => {
  test('A client that disconnects in the middle of a message leaves nothing behind', async () => {
    const testServer = await startTestServer()
    const { key } = await testServer.makeKey()
    const other = await converse(testServer.server.smtpPort)
    const { events } = await testServer.witness(async () => {
      for (let number = 0; number < 5; number += 1) {
        const conversation = await converse(testServer.server.smtpPort)
        await conversation.signIn('mailsage', key)
        await conversation.say('MAIL FROM:<app@example.com>')
        await conversation.say('RCPT TO:<ann@example.com>')
        await conversation.say('DATA')
        conversation.write('Subject: half a mess')
        if (number % 2 === 0) conversation.reset()
        else await conversation.close()
      }
      expect((await other.send({ raw })).code).toBe(250)
    })
    expect(events.map(({ type }) => type)).toEqual(['captured'])
  })
})

describe('A client that half-closes', () => {
  test('A client that closes its side after sending gets its replies, and its message is accepted', async () => {
    const testServer = await startTestServer()
    const socket = connect({
      port: testServer.server.smtpPort,
      host: '127.0.0.1',
      allowHalfOpen: true,
    })
    let heard = ''
    socket.on('data', (bytes: Buffer) => {
      heard += bytes.toString()
    })
    const closed = once(socket, 'close')
    socket.end(
      `EHLO app.example\r\nMAIL FROM:<app@example.com>\r\nRCPT TO:<ann@example.com>\r\nDATA\r\n${raw}.\r\n`,
    )
    await closed
    expect(heard).toMatch(/\r\n250 2\.6\.0 Accepted as msg_\w+\r\n$/)
    expect((await testServer.reply('GET /v1/inbox')).counts.total).toBe(1)
  })
})

describe('Two hundred connections of one address', () => {
  test('The oldest of 200 connections makes room for the next one, even in the middle of a transaction', async () => {
    const clock = createTestClock()
    const testServer = await startTestServer({ environment: { clock } })
    const sockets = await Promise.all(
      Array.from({ length: 200 }, () => greeted(testServer.server.smtpPort)),
    )
    expect(sockets.every(({ line }) => line.startsWith('220 '))).toBe(true)
    for (const { socket } of sockets) socket.write('EHLO app.example\r\nMAIL FROM:<a@b.cc>\r\n')
    await Promise.all(sockets.map(({ socket }) => heard(socket, '250 2.1.0')))
    const [rejected] = sockets.map(({ socket }) => heard(socket, '421 4.3.2'))
    const { line } = await greeted(testServer.server.smtpPort)
    expect(line).toMatch(/^220 /)
    await rejected
  }, 30_000)
})

async function heard(socket: Socket, text: string): Promise<void> {
  let all = ''
  for await (const bytes of socket.iterator({ destroyOnReturn: false })) {
    all += String(bytes)
    if (all.includes(text)) return
  }
}

async function greeted(port: number): Promise<{ line: string; socket: Socket }> {
  const socket = connect({ port, host: '127.0.0.1' })
  socket.on('error', () => undefined)
  const [line] = (await once(socket, 'data')) as [Buffer]
  return { line: line.toString(), socket }
}
