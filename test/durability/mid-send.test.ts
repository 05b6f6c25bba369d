import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Sink, startSink } from '../smtp-sink.ts'
import { until } from '../wait-for.ts'
import { type ServerProcess, startProcess } from './server-process.ts'

const admin = 'mid-send-test-admin-key'
let folder = ''
let sink: Sink
let server: ServerProcess | null = null

async function start(): Promise<ServerProcess> {
  server = await startProcess(folder, {
    API_KEY: admin,
    SMTP_HOST: '127.0.0.1',
    SMTP_PORT: String(sink.port),
    SMTP_TLS: 'none',
  })
  return server
}

/** Sends one message and waits until the sink, which does not answer, has received it. */
async function sendIntoSilence(): Promise<{ id: string }> {
  const running = await start()
  let asked = 0
  sink.rules.message = () => {
    asked += 1
    return new Promise(() => undefined)
  }
  const sent = await running.request<{ id: string }>('POST /v1/send', admin, {
    from: 'app@example.com',
    to: 'ann@example.com',
    subject: 'in flight',
    text: 'x',
  })
  await until('a message at the sink', () => asked > 0)
  return sent
}

type Email = { readonly status: string; readonly deliveries: readonly { status: string }[] }

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mailsage-mid-send-'))
  sink = await startSink()
})

afterEach(async () => {
  await server?.crash()
  await sink.close()
  rmSync(folder, { recursive: true, force: true })
})

test('A message that was being sent during a crash is sent again and delivered', async () => {
  const { id } = await sendIntoSilence()
  const email = await server?.request<Email>(`GET /v1/emails/${id}`, admin)
  expect(email?.status).toBe('sending')
  await server?.crash()
  delete sink.rules.message
  const again = await start()
  await sink.received(1)
  expect(sink.messages[0]?.raw.toString()).toContain('Subject: in flight')
  await until('delivered', async () => {
    const { status } = await again.request<Email>(`GET /v1/emails/${id}`, admin)
    return status === 'delivered'
  })
})

test('A relay that does not answer does not delay the end of the server, and the message waits', async () => {
  const { id } = await sendIntoSilence()
  const started = performance.now()
  expect(await server?.terminate()).toBe(0)
  expect(performance.now() - started).toBeLessThan(15_000)
  const again = await start()
  const { status, deliveries } = await again.request<Email>(`GET /v1/emails/${id}`, admin)
  expect(status).toBe('queued')
  expect(deliveries).toMatchObject([{ status: 'deferred' }])
}, 30_000)
