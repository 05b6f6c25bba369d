import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { converse } from '../smtp/conversation.ts'
import { startTestServer, type TestServer, whenOver } from '../test-server.ts'
import { until } from '../wait-for.ts'

const raw = 'Subject: In between\r\n\r\nHello.\r\n'
const mail = 'MAIL FROM:<app@example.com>\r\n'

type Held = { readonly socket: Socket; readonly heard: () => string }

/** A client that says something and then nothing, and never closes its side. */
async function hold(testServer: TestServer, text: string): Promise<Held> {
  const { smtpPort: port } = testServer.server
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  let heard = ''
  socket.on('error', () => undefined)
  socket.on('data', (bytes: Buffer) => {
    heard += bytes.toString()
  })
  whenOver(() => socket.destroy())
  await once(socket, 'connect')
  socket.write(text)
  await until('the greeting', () => heard !== '')
  return { socket, heard: () => heard }
}

async function holdMany(testServer: TestServer, count: number, text: string): Promise<Held[]> {
  const all: Held[] = []
  while (all.length < count) {
    const batch = Array.from({ length: Math.min(50, count - all.length) }, () =>
      hold(testServer, text),
    )
    all.push(...(await Promise.all(batch)))
  }
  return all
}

async function expectServed(testServer: TestServer): Promise<void> {
  const conversation = await converse(testServer.server.smtpPort)
  expect(conversation.greeting.code).toBe(220)
  expect((await conversation.send({ raw })).code).toBe(250)
}

describe('one hostile client keeps nobody of its address out', () => {
  it.each([
    ['that say nothing', ''],
    ['that say hello', 'EHLO app.example\r\n'],
    ['that say half a command', 'EHLO app.example\r\nMAIL FR'],
  ])('with 500 connections %s', async (_, text) => {
    const testServer = await startTestServer()
    const held = await holdMany(testServer, 500, text)
    await expectServed(testServer)
    // Those that made room were told so, and the others are still there.
    const told = held.filter(({ heard }) => /^421 4\.3\.2 .*newer/m.test(heard()))
    expect(told.length).toBeGreaterThanOrEqual(300)
    expect(told.length).toBeLessThanOrEqual(310)
    // The longest silent first; those of the last batches are new.
    expect(Math.max(...told.map((each) => held.indexOf(each)))).toBeLessThan(400)
  })

  it.each([
    ['in the middle of a transaction', `EHLO app.example\r\n${mail}`],
    ['in the middle of a message', `EHLO app.example\r\n${mail}RCPT TO:<a@b.cc>\r\nDATA\r\nhalf`],
  ])('with 200 connections %s', async (_, text) => {
    const testServer = await startTestServer()
    const held = await holdMany(testServer, 200, text)
    await until('all commands heard', () =>
      held.every(({ heard }) => heard().includes('250 2.1.0')),
    )
    await expectServed(testServer)
  })

  it('with 260 connections that begin a transaction anew ten times a second', async () => {
    const testServer = await startTestServer()
    const held = await holdMany(testServer, 260, `EHLO app.example\r\n${mail}`)
    const timer = setInterval(() => {
      for (const { socket } of held) if (socket.writable) socket.write(`RSET\r\n${mail}`)
    }, 100)
    try {
      for (let round = 0; round < 5; round++) await expectServed(testServer)
    } finally {
      clearInterval(timer)
    }
  })

  it('with 200 connections that wait for memory for a message', async () => {
    const testServer = await startTestServer()
    const large = 'MAIL FROM:<app@example.com> SIZE=26000000\r\n'
    const text = `EHLO app.example\r\n${large}RCPT TO:<a@b.cc>\r\nDATA\r\n${'x'.repeat(1000)}`
    await holdMany(testServer, 260, text)
    await expectServed(testServer)
  })
})

it('a client that works is not the one that makes room', async () => {
  const testServer = await startTestServer()
  const { key } = await testServer.makeKey()
  const signedIn = await converse(testServer.server.smtpPort)
  await signedIn.signIn('mailsage', key)
  const sending = await converse(testServer.server.smtpPort)
  await sending.say('MAIL FROM:<app@example.com>')
  await holdMany(testServer, 300, 'EHLO app.example\r\n')
  expect((await signedIn.send({ raw })).code).toBe(250)
  expect((await sending.say('RCPT TO:<ann@example.com>')).code).toBe(250)
})

it('no number of clients without a key makes one that is signed in leave', async () => {
  const testServer = await startTestServer()
  const { key } = await testServer.makeKey()
  const signedIn = await converse(testServer.server.smtpPort)
  await signedIn.signIn('mailsage', key)
  for (let round = 0; round < 6; round++) await holdMany(testServer, 200, `EHLO x\r\n${mail}`)
  expect((await signedIn.send({ raw })).code).toBe(250)
})

it('no number of clients with a key keeps out one without', async () => {
  const testServer = await startTestServer()
  const { key } = await testServer.makeKey()
  const login = `AUTH PLAIN ${Buffer.from(`\0mailsage\0${key}`).toString('base64')}\r\n`
  await holdMany(testServer, 300, `EHLO x\r\n${login}${mail}`)
  await expectServed(testServer)
})

it('clients that were told farewell and stay take up no place for others', async () => {
  const testServer = await startTestServer()
  for (let round = 0; round < 10; round++) await holdMany(testServer, 100, 'QUIT\r\n')
  await expectServed(testServer)
})

it('a client that writes 20,000 commands ahead gives others their turn in between', async () => {
  const testServer = await startTestServer()
  const flood = await hold(testServer, 'EHLO app.example\r\n')
  const other = await converse(testServer.server.smtpPort)
  let answered = 0
  flood.socket.on('data', (bytes: Buffer) => {
    answered += bytes.toString().split('252 2.1.5').length - 1
  })
  const count = 20_000
  flood.socket.write('VRFY ann\r\n'.repeat(count))
  await until('the first answers', () => answered > 0)
  let turns = 0
  while (answered < count) {
    expect((await other.say('NOOP')).code).toBe(250)
    if (answered < count) turns += 1
  }
  // A turn of 16 commands each for the flood: the other one is heard again and again.
  expect(turns).toBeGreaterThan(50)
})

it('a client that writes ahead and hangs up is answered to its last command', async () => {
  const testServer = await startTestServer()
  const flood = await hold(testServer, '')
  flood.socket.end(`EHLO app.example\r\n${'NOOP\r\n'.repeat(5000)}${mail}`)
  await once(flood.socket, 'end')
  expect(flood.heard().match(/^250 2\.0\.0/gm)).toHaveLength(5000)
  expect(flood.heard()).toMatch(/250 2\.1\.0 Sender accepted\r\n$/)
})
