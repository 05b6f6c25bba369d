import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { sign } from '../../src-main/domain/webhooks/rules.ts'
import { snippets } from '../../src-renderer/features/webhooks/signature-snippets.ts'
import { startTestServer } from '../test-server.ts'
import { until } from '../wait-for.ts'

const secret = 'whsec_of a test, with spaces & ümlauts'

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address ? address.port : 0
}

/** Runs the snippet without changes. */
async function run(code: string, file: string, command: string) {
  const folder = mkdtempSync(join(tmpdir(), 'mailsage-snippet-'))
  writeFileSync(join(folder, file), code)
  const port = await freePort()
  const child = spawn(command, [join(folder, file)], {
    env: { ...process.env, WEBHOOK_SECRET: secret, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const output: string[] = []
  child.stdout.on('data', (chunk) => output.push(String(chunk)))
  onTestFinished(async () => {
    const ended = once(child, 'exit')
    child.kill()
    await ended
    rmSync(folder, { recursive: true, force: true })
  })
  const url = `http://127.0.0.1:${port}/hook`
  const post = (body: string, signature?: string) =>
    fetch(url, {
      method: 'POST',
      body,
      headers: signature === undefined ? {} : { 'x-webhook-signature': signature },
    }).then(({ status }) => status)
  await until('the receiver', () =>
    post('{}').then(
      () => true,
      () => false,
    ),
  )
  return { url, post, output: () => output.join('') }
}

it.each([
  ['Node', snippets.node, 'receiver.mjs', process.execPath],
  ['Python', snippets.python, 'receiver.py', 'python3'],
])(
  'The snippet for %s accepts genuine posts and nothing else',
  async (_name, code, file, command) => {
    const receiver = await run(code, file, command)
    const body = '{"id":"evt_1","type":"captured","data":{"email_id":"msg_ä"}}'
    expect(await receiver.post(body, sign(secret, Buffer.from(body)))).toBe(200)
    expect(await receiver.post(`${body} `, sign(secret, Buffer.from(body)))).toBe(401)
    expect(await receiver.post(body, sign('another', Buffer.from(body)))).toBe(401)
    expect(await receiver.post(body, 'sha256=é')).toBe(401)
    expect(await receiver.post(body)).toBe(401)

    const testServer = await startTestServer()
    const settings = { url: receiver.url, events: ['captured'], secret }
    const { id } = await testServer.reply('POST /v1/webhooks', { body: settings })
    const log = await testServer.reply('POST /v1/webhooks/{id}/test', { params: { id }, body: {} })
    expect(log).toMatchObject({ status: 'delivered', response_status: 200 })
    await until('the output', () => receiver.output().includes('captured msg_test'))
  },
)
