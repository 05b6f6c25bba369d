import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { converse } from '../smtp/conversation.ts'
import { startTestServer, type TestServer, whenOver } from '../test-server.ts'
import { until } from '../wait-for.ts'

const raw = 'Subject: In between\r\n\r\nHello.\r\n'
const mail = 'MAIL FROM:<app@example.com>\r\n'

type Held = { readonly socket: Socket; readonly heard: () => string }

/** A client that sends a text, then nothing, and never closes its side. */
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

describe('A hostile client that holds connections', () => {
  it.each([
    ['without a command', ''],
    ['after EHLO', 'EHLO app.example\r\n'],
    ['with half a command', 'EHLO app.example\r\nMAIL FR'],
  ])('Another client of its address is served beside 500 connections %s', async (_, text) => {
    const testServer = await startTestServer()
    const held = await holdMany(testServer, 500, text)
    await expectServed(testServer)
    // The displaced connections got 421, and the others are still open.
    const told = held.filter(({ heard }) => /^421 4\.3\.2 .*newer/m.test(heard()))
    expect(told.length).toBeGreaterThanOrEqual(300)
    expect(told.length).toBeLessThanOrEqual(310)
    // The longest silent first; those of the last batches are new.
    expect(Math.max(...told.map((each) => held.indexOf(each)))).toBeLessThan(400)
  })

  it.each([
    ['in the middle of a transaction', `EHLO app.example\r\n${mail}`],
    ['in the middle of a message', `EHLO app.example\r\n${mail}RCPT TO:<a@b.cc>\r\nDATA\r\nhalf`],
  ])('Another client of its address is served beside 200 connections %s', async (_, text) => {
    const testServer = await startTestServer()
    const held = await holdMany(testServer, 200, text)
    await until('all commands heard', () =>
      held.every(({ heard }) => heard().includes('250 2.1.0')),
    )
    await expectServed(testServer)
  })

  it('Another client is served beside 260 connections that begin a transaction anew ten times a second', async () => {
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

  it('Another client is served beside 260 connections that wait for memory for a message', async () => {
    const testServer = await startTestServer()
    const large = 'MAIL FROM:<app@example.com> SIZE=26000000\r\n'
    const text = `EHLO app.example\r\n${large}RCPT TO:<a@b.cc>\r\nDATA\r\n${'x'.repeat(1000)}`
    await holdMany(testServer, 260, text)
    await expectServed(testServer)
  })
})

it('A client that makes progress does not make room for new ones', async () => {
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

it('Clients without a key cannot displace a client that is signed in', async () => {
  const testServer = await startTestServer()
  const { key } = await testServer.makeKey()
  const signedIn = await converse(testServer.server.smtpPort)
  await signedIn.signIn('mailsage', key)
  for (let round = 0; round < 6; round++) await holdMany(testServer, 200, `EHLO x\r\n${mail}`)
  expect((await signedIn.send({ raw })).code).toBe(250)
})

it('Clients with a key cannot keep out a client without one', async () => {
  const testServer = await startTestServer()
  const { key } = await testServer.makeKey()
  const login = `AUTH PLAIN ${Buffer.from(`\0mailsage\0${key}`).toString('base64')}\r\n`
  await holdMany(testServer, 300, `EHLO x\r\n${login}${mail}`)
  await expectServed(testServer)
})

it('Clients that stay after their last reply hold no slot', async () => {
  const testServer = await startTestServer()
  for (let round = 0; round < 10; round++) await holdMany(testServer, 100, 'QUIT\r\n')
  await expectServed(testServer)
})

it('Other clients have their turn while one pipelines 20,000 commands', async () => {
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
  // The flood has turns of 16 commands, so the other client has many turns.
  expect(turns).toBeGreaterThan(50)
})

it('A client that pipelines and closes its side gets every reply', async () => {
  const testServer = await startTestServer()
  const flood = await hold(testServer, '')
  flood.socket.end(`EHLO app.example\r\n${'NOOP\r\n'.repeat(5000)}${mail}`)
  await once(flood.socket, 'end')
  expect(flood.heard().match(/^250 2\.0\.0/gm)).toHaveLength(5000)
  expect(flood.heard()).toMatch(/250 2\.1\.0 Sender accepted\r\n$/)
})
