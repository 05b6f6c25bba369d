import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { startSink } from '../smtp-sink.ts'
import { until } from '../wait-for.ts'
import { startProcess } from './server-process.ts'

// Each test starts a process and overloads its processor.
vi.setConfig({ testTimeout: 60_000 })

const admin = 'closing-test-admin-key'
const maxEndMs = 10_000
let folder = ''
const closers: (() => unknown)[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mailsage-closing-'))
})
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
  rmSync(folder, { recursive: true, force: true })
})

/** Takes connections and answers nothing. */
async function startSilence(): Promise<{ port: number; connections: () => number }> {
  let connections = 0
  const server: Server = createServer((socket) => {
    connections += 1
    socket.on('error', () => undefined)
    closers.push(() => socket.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closers.push(() => server.close())
  return { port: (server.address() as AddressInfo).port, connections: () => connections }
}

/** Keeps the thread that reads it busy for more than a second. */
const slowMail = [
  'Subject: slow',
  'Content-Type: multipart/mixed; boundary=b',
  '',
  ...Array.from({ length: 9 }, () => `--b\nContent-Type: text/html\n\n${'<p></p>'.repeat(68_000)}`),
  '--b--',
].join('\n')

/** The search for codes once took 2^40 steps for this one. */
const codeMail = `Subject: code\n\norder ${'no '.repeat(40)}! 482913\n`

/** A server with endless work: its threads, its relay, its webhook and its clients. */
async function startBusy() {
  const server = await startProcess(folder, { API_KEY: admin })
  closers.push(() => server.crash())
  const webhook = await startSilence()
  const sink = await startSink()
  closers.push(sink.close)
  let inHand = 0
  sink.rules.message = () => {
    inHand += 1
    return new Promise<null>(() => undefined)
  }
  await server.request('POST /v1/relays', admin, {
    name: 'hanging',
    host: '127.0.0.1',
    port: sink.port,
    tls: 'none',
  })
  await server.request('POST /v1/webhooks', admin, {
    url: `http://127.0.0.1:${webhook.port}/`,
    events: ['queued', 'captured'],
  })
  const mail = { from: 'a@example.com', to: 'b@example.com', subject: 'x', text: 'x' }
  await server.request('POST /v1/send', admin, mail)
  for (const raw of [codeMail, ...Array<string>(8).fill(slowMail)]) {
    const { id } = await importMail(server.url, raw)
    void fetch(`${server.url}/v1/inbox/${id}/extract`, {
      headers: { authorization: `Bearer ${admin}` },
    }).catch(() => undefined)
  }
  const half = connect(Number(new URL(server.url).port), '127.0.0.1')
  half.on('error', () => undefined)
  half.write('POST /v1/send HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{')
  closers.push(() => half.destroy())
  await until('the relay has a message in hand', () => inHand > 0)
  await until('the webhook is asked', () => webhook.connections() > 0)
  return server
}

async function importMail(url: string, raw: string): Promise<{ id: string }> {
  const answer = await fetch(`${url}/v1/inbox/import`, {
    method: 'POST',
    headers: { authorization: `Bearer ${admin}`, 'content-type': 'message/rfc822' },
    body: raw,
  })
  return (await answer.json()) as { id: string }
}

test('A server whose threads, relay and webhook hang ends within ten seconds, with exit code 0', async () => {
  const server = await startBusy()
  const started = performance.now()
  expect(await server.terminate()).toBe(0)
  expect(performance.now() - started).toBeLessThan(maxEndMs)
  expect(server.output()).not.toContain('    at ')
})

test('A second signal ends the server at once', async () => {
  const server = await startBusy()
  const ended = server.terminate()
  const again = setInterval(() => process.kill(server.pid, 'SIGTERM'), 50)
  try {
    expect(await ended).not.toBe(0)
  } finally {
    clearInterval(again)
  }
})

test('A thread in the middle of an endless statement does not keep the process alive', async () => {
  const entry = join(import.meta.dirname, '../unit/stuck-process.ts')
  const child: ChildProcess = spawn(process.execPath, [entry], { stdio: 'ignore' })
  closers.push(() => child.kill('SIGKILL'))
  const started = performance.now()
  await once(child, 'exit')
  expect(performance.now() - started).toBeLessThan(maxEndMs)
})
