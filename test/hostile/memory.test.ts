import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { type ServerProcess, startProcess } from '../durability/server-process.ts'
import { converse } from '../smtp/conversation.ts'
import { startTestServer, whenOver } from '../test-server.ts'
import { until } from '../wait-for.ts'

const mebibyte = 1024 * 1024
const bodyBytes = 24 * mebibyte
const clients = 24
const body = Buffer.alloc(bodyBytes, `${'x'.repeat(998)}\r\n`)
/** A field of content: other fields may not be as long. */
const jsonBody = Buffer.concat([Buffer.from('{"html":"'), Buffer.alloc(bodyBytes - 9, 'x')])
const smtpHead = 'EHLO app.example\r\nMAIL FROM:<a@b.cc>\r\nRCPT TO:<a@b.cc>\r\nDATA\r\n'

/** A separate server, so that only its own memory is measured. */
async function startServer() {
  const folder = mkdtempSync(join(tmpdir(), 'mailsage-memory-'))
  const server = await startProcess(folder, { LOG_LEVEL: 'error' })
  whenOver(async () => {
    await server.terminate()
    rmSync(folder, { recursive: true, force: true })
  })
  return server
}

async function residentBytes(server: ServerProcess): Promise<number> {
  const text = await (await fetch(`${server.url}/metrics`)).text()
  return Number(/^mailsage_resident_memory_bytes (\d+)$/m.exec(text)?.[1])
}

async function open(port: number, head: string): Promise<{ socket: Socket; heard: () => string }> {
  const socket = connect({ port, host: '127.0.0.1' })
  let heard = ''
  socket.on('error', () => undefined)
  socket.on('data', (bytes: Buffer) => {
    heard += bytes.toString()
  })
  whenOver(() => socket.destroy())
  await once(socket, 'connect')
  socket.write(head)
  return { socket, heard: () => heard }
}

/** Writes until the server has read all of it, or has closed the connection. */
function write(socket: Socket, bytes: Buffer): Promise<void> {
  return new Promise((resolve) => {
    socket.write(bytes, () => resolve())
    socket.once('close', () => resolve())
  })
}

async function expectServed(server: ServerProcess): Promise<void> {
  const conversation = await converse(server.smtpPort)
  expect((await conversation.send({ raw: 'Subject: Small\r\n\r\nHello.\r\n' })).code).toBe(250)
  await server.request('GET /v1/inbox', server.consoleKey)
}

/** The data that `hold` keeps is bounded, excludes no client, and is freed within ten seconds. */
async function expectBounded(server: ServerProcess, hold: () => Promise<readonly Socket[]>) {
  await expectServed(server)
  const idle = await residentBytes(server)
  const sockets = await hold()
  const held = (await residentBytes(server)) - idle
  expect(held).toBeLessThan(400 * mebibyte)
  await expectServed(server)
  for (const socket of sockets) socket.destroy()
  const isBack = async () => (await residentBytes(server)) - idle < 128 * mebibyte
  await until('the memory to be given back', isBack, 10_000)
}

it('Unfinished messages of many SMTP clients share one budget, and further ones get 452 4.3.1', {
  timeout: 60_000,
}, async () => {
  const server = await startServer()
  await expectBounded(server, async () => {
    const all = await Promise.all(
      Array.from({ length: clients }, () => open(server.smtpPort, smtpHead)),
    )
    await until('every 354', () => all.every(({ heard }) => /^354/m.test(heard())))
    await Promise.all(all.map(({ socket }) => write(socket, body)))
    // Each client finishes in turn, until one is refused for the full budget.
    const replies: string[] = []
    for (const { socket, heard } of all) {
      socket.write('\r\n.\r\n')
      await until('the answer', () => /^(250 2\.6|4\d\d \S+)/m.test(heard()))
      replies.push(/^(250 2\.6|4\d\d \S+)/m.exec(heard())?.[1] ?? '')
      if (replies.includes('452 4.3.1')) break
    }
    expect(replies.at(-1)).toBe('452 4.3.1')
    return all.map(({ socket }) => socket)
  })
})

it('Unfinished bodies of many HTTP clients share one budget, and further ones get 503', {
  timeout: 60_000,
}, async () => {
  const server = await startServer()
  const port = Number(new URL(server.url).port)
  const head = [
    'POST /v1/send HTTP/1.1',
    'Host: localhost',
    'Content-Type: application/json',
    `Authorization: Bearer ${server.consoleKey}`,
    `Content-Length: ${bodyBytes + 1}`,
    '\r\n',
  ].join('\r\n')
  await expectBounded(server, async () => {
    const all = await Promise.all(Array.from({ length: clients }, () => open(port, head)))
    await Promise.all(all.map(({ socket }) => write(socket, jsonBody)))
    const isTold = ({ heard }: (typeof all)[number]) => heard() !== ''
    await until('an answer for those without room', () => all.some(isTold), 20_000)
    const answered = all.filter(isTold)
    expect(answered.length).toBeLessThan(clients)
    for (const { heard } of answered)
      expect(heard()).toMatch(/^HTTP\/1\.1 503 .*\r\nretry-after: 1\r\n/is)
    return all.map(({ socket }) => socket)
  })
})

it('Large responses that clients do not read share one budget', { timeout: 60_000 }, async () => {
  const testServer = await startTestServer()
  const conversation = await converse(testServer.server.smtpPort)
  const answer = await conversation.send({ raw: Buffer.concat([Buffer.from('\r\n'), body]) })
  const id = /msg_\w+/.exec(answer.lines[0] ?? '')?.[0]
  const head = [
    `GET /v1/inbox/${id}/raw HTTP/1.1`,
    'Host: localhost',
    `Authorization: Bearer ${testServer.server.consoleKey}`,
    '\r\n',
  ].join('\r\n')
  const statuses: string[] = []
  while (!statuses.includes('503') && statuses.length < 20) {
    const { socket, heard } = await open(testServer.server.httpPort, head)
    await until('the beginning of the answer', () => heard() !== '')
    socket.pause()
    statuses.push(heard().slice('HTTP/1.1 '.length, 'HTTP/1.1 200'.length))
  }
  expect(statuses.at(-1)).toBe('503')
  expect(new Set(statuses.slice(0, -1))).toEqual(new Set(['200']))
  expect((await testServer.request('GET /v1/inbox')).status).toBe(200)
})
