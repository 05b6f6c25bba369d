import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { converse } from '../smtp/conversation.ts'
import { eventually } from '../test-server.ts'
import { type ServerProcess, startProcess, startRefused } from './server-process.ts'

const admin = 'start-test-admin-key'
let folder = ''
const running: ServerProcess[] = []

async function start(env: NodeJS.ProcessEnv = {}): Promise<ServerProcess> {
  const server = await startProcess(folder, { API_KEY: admin, ...env })
  running.push(server)
  return server
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mailsage-start-'))
})

afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.crash()))
  rmSync(folder, { recursive: true, force: true })
})

test('A graceful end answers accepted requests, exits with 0 and removes server.json', async () => {
  const server = await start()
  const conversation = await converse(server.smtpPort)
  const answer = await conversation.send({ raw: 'Subject: last words\r\n\r\nbye\r\n' })
  expect(answer.code).toBe(250)
  expect(await server.terminate()).toBe(0)
  running.pop()
  expect(existsSync(join(folder, 'server.json'))).toBe(false)

  const again = await start()
  const { data } = await again.request<{ data: { subject: string }[] }>('GET /v1/inbox', admin)
  expect(data.map(({ subject }) => subject)).toEqual(['last words'])
})

test('An open event stream and an idle SMTP client do not delay the end', async () => {
  const server = await start()
  await converse(server.smtpPort)
  const stream = await fetch(`${server.url}/v1/events`, {
    headers: { authorization: `Bearer ${admin}` },
  })
  expect(stream.status).toBe(200)
  const cut = stream.text().catch(() => 'cut')
  const started = performance.now()
  expect(await server.terminate()).toBe(0)
  running.pop()
  expect(performance.now() - started).toBeLessThan(10_000)
  await cut
})

test('The file server.json and the data folder are readable by their owner only', async () => {
  const server = await start()
  const file = join(folder, 'server.json')
  expect(statSync(file).mode & 0o777).toBe(0o600)
  const announced = JSON.parse(readFileSync(file, 'utf8'))
  expect(announced).toMatchObject({ url: server.url, smtpPort: server.smtpPort, pid: server.pid })
  for (const secret of ['smtp.key', 'vault.key']) {
    const path = join(folder, secret)
    if (existsSync(path)) expect(statSync(path).mode & 0o077).toBe(0)
  }
})

test('Each start creates a new console key for server.json', async () => {
  const server = await start()
  expect(await server.request('GET /v1/session', server.consoleKey)).toMatchObject({ mode: 'live' })
  await server.terminate()
  running.pop()
  const again = await start()
  await expect(again.request('GET /v1/session', server.consoleKey)).rejects.toThrow('401')
})

test('A second process on the same folder is refused with a sentence that names the setting', async () => {
  const server = await start()
  const { code, output } = await startRefused(folder)
  expect(code).toBe(1)
  expect(output).toContain('already running on the data folder')
  expect(output).toContain('MAILSAGE_DATA')
  expect(output).not.toContain('    at ')
  expect(await server.request('GET /health', admin)).toMatchObject({ status: 'ok' })
})

test('The lock ends with a killed process', async () => {
  const server = await start()
  await server.crash()
  running.pop()
  const again = await start()
  expect(await again.request('GET /health', admin)).toMatchObject({ status: 'ok' })
})

test.each(['MAILSAGE_HTTP_PORT', 'MAILSAGE_SMTP_PORT', 'MAILSAGE_SMTPS_PORT'])(
  'An occupied port is refused with a sentence that names it and %s',
  async (setting) => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo
    const { code, output } = await startRefused(folder, { [setting]: String(port) })
    other.close()
    expect(code).toBe(1)
    expect(output).toContain(`Port ${port} is in use`)
    expect(output).toContain(setting)
    expect(output).not.toContain('    at ')
    expect(existsSync(join(folder, 'server.json'))).toBe(false)
  },
)

test('A wrong setting is refused with a sentence that names it', async () => {
  const { code, output } = await startRefused(folder, { MAILSAGE_HTTP_PORT: '99999' })
  expect(code).toBe(1)
  expect(output).toContain('MAILSAGE_HTTP_PORT')
  expect(output).not.toContain('    at ')
})

test('The printed addresses include a free port of SMTP over TLS', async () => {
  const relay = await start({ MAILSAGE_SMTPS_PORT: '0' })
  const address = /SMTP over TLS {2}127\.0\.0\.1:(\d+)\n/
  const port = await eventually(() => address.exec(relay.output())?.[1])
  const conversation = await converse(Number(port), { tls: true })
  expect(conversation.greeting.code).toBe(220)
})
