import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { type ServerProcess, startProcess } from '../durability/server-process.ts'
import { createExchange } from '../http-client.ts'
import { converse } from '../smtp/conversation.ts'
import { whenOver } from '../test-server.ts'

const requestsEach = 40
const timesCalm = 5
/** A calm request takes a few milliseconds; less than this is no disturbance. */
const floorMs = 20
const mail = { from: 'a@example.com', to: 'b@example.com', subject: 'Honest', text: 'x' }
const raw = 'Subject: Honest\r\n\r\nHello.\r\n'
const hostile = join(import.meta.dirname, 'hostile-process.ts')

const kinds = [
  'half requests',
  'idle SMTP connections',
  'wrong keys at HTTP',
  'wrong keys at SMTP',
  'pipelined commands',
  'lines without end',
  'transactions begun anew',
  'pipelined requests',
  'pipelined requests whose answers are not read',
  'slow drips',
  'big bodies',
  'event streams that are not read',
]

const folder = mkdtempSync(join(tmpdir(), 'mailsage-hostile-'))
const server = await startProcess(folder, { LOG_LEVEL: 'error' })
whenOver(async () => {
  await server.terminate()
  rmSync(folder, { recursive: true, force: true })
})
const keys = { honest: await makeKey(['send']), hostile: await makeKey(['send', 'logs:read']) }
// The first requests are slower than all that follow.
await honestMedians()

async function makeKey(permissions: readonly string[]): Promise<string> {
  const rate_limit = { requests_per_minute: 1_000_000 }
  const body = { name: 'A key', mode: 'test', permissions, rate_limit }
  const { key } = await server.request<{ key: string }>(
    'POST /v1/api-keys',
    server.consoleKey,
    body,
  )
  return key
}

/** One client per listener, with a connection for each message; all messages must be accepted. */
async function honestMedians() {
  const [http, smtp] = await Promise.all([medianOf(sendOverHttp), medianOf(sendOverSmtp)])
  return { http, smtp }
}

async function medianOf(send: () => Promise<void>): Promise<number> {
  const tookMs: number[] = []
  while (tookMs.length < requestsEach) {
    const startedAt = performance.now()
    await send()
    tookMs.push(performance.now() - startedAt)
  }
  return tookMs.sort((a, b) => a - b)[requestsEach / 2] ?? Number.NaN
}

async function sendOverHttp(): Promise<void> {
  const exchange = createExchange(server.url)
  try {
    const answer = await exchange.send('POST', '/v1/send', { key: keys.honest, body: mail })
    expect(answer.status, answer.text).toBe(202)
  } finally {
    exchange.close()
  }
}

async function sendOverSmtp(): Promise<void> {
  const conversation = await converse(server.smtpPort)
  expect(await conversation.signIn('mailsage', keys.honest)).toMatchObject({ code: 235 })
  expect(await conversation.send({ raw })).toMatchObject({ code: 250 })
  await conversation.close()
}

async function withLoad<T>({ url, smtpPort }: ServerProcess, kind: string, work: () => Promise<T>) {
  const args = [hostile, kind, new URL(url).port, String(smtpPort), keys.hostile]
  const load = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(load, 'exit')
  try {
    const isOn = await Promise.race([
      once(load.stdout, 'data').then(() => true),
      ended.then(() => false),
    ])
    expect(isOn, 'the load is on').toBe(true)
    return await work()
  } finally {
    load.kill('SIGKILL')
    await ended
  }
}

it.each(kinds)(
  'An honest client is served without delay beside %s',
  { timeout: 60_000 },
  async (kind) => {
    const before = await honestMedians()
    const beside = await withLoad(server, kind, honestMedians)
    const after = await honestMedians()
    for (const listener of ['http', 'smtp'] as const) {
      // On a busy machine the reference time changes from minute to minute.
      const calm = Math.max(floorMs, before[listener], after[listener])
      expect(beside[listener], listener).toBeLessThan(timesCalm * calm)
    }
  },
)
