import { randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openVault, type Seal } from '../../src-main/base/vault.ts'
import { addRelay, openLiveFixture, openSink } from '../delivery/live-fixture.ts'
import { eventually, startTestServer, type TestServer } from '../test-server.ts'
import {
  addWebhook,
  logsOf,
  openReceiver,
  openWebhookFixture,
  send,
} from '../webhooks/webhook-fixture.ts'
import { collectLog } from './log-lines.ts'
import { damageNames, damages } from './torn-files.ts'

const keyFile = (testServer: TestServer): string => join(testServer.folder, 'vault.key')
const keyFiles = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => name.startsWith('vault'))
    .sort()

/** The intact key of another installation, which decrypts nothing here. */
const foreign = (file: string) => writeFileSync(file, randomBytes(32).toString('hex'))
const cases = [
  ...damageNames.map((name) => [name, damages[name]] as const),
  ['of another folder', foreign] as const,
]

/** Like Electron’s `safeStorage` of one user: that of another user decrypts nothing of it. */
const keychain = (user: string): Seal => ({
  encrypt: (text) => Buffer.from(`${user} ${text}`),
  decrypt(sealed) {
    const [name, text = ''] = sealed.toString().split(' ')
    if (name !== user) throw new Error('not yours')
    return text
  },
})

function openFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'mailsage-vault-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const warnings: string[] = []
  const log = { warn: (sentence: string) => void warnings.push(sentence) }
  const open = (sealed: readonly Buffer[], seal?: Seal) => openVault(folder, { seal, sealed, log })
  return { folder, warnings, open }
}

describe('A vault key', () => {
  it.each(cases)(
    'A vault key %s is replaced for new secrets, and its return opens the old ones',
    (_, damage) => {
      const { folder, open } = openFolder()
      const file = join(folder, 'vault.key')
      const old = open([]).seal('old')
      const key = readFileSync(file)

      damage(file)
      const second = open([old])
      expect(second.open(old)).toBeNull()
      const fresh = second.seal('fresh')
      expect(open([old]).open(fresh)).toBe('fresh')
      // A restart creates no further key, with or without new secrets.
      open([old, fresh])
      const files = keyFiles(folder)
      expect(files.filter((name) => name !== 'vault.key')).toEqual(['vault.2.key'])
      expect(statSync(join(folder, 'vault.2.key')).mode & 0o777).toBe(0o600)

      rmSync(file, { recursive: true, force: true })
      writeFileSync(file, key)
      const healed = open([old, fresh])
      expect([healed.open(old), healed.open(fresh)]).toEqual(['old', 'fresh'])
    },
  )

  it('A vault key that another user’s keychain encrypted, or none decrypts, is named and not replaced', () => {
    const { folder, warnings, open } = openFolder()
    const ann = keychain('ann')
    const old = open([], ann).seal('old')
    expect(keyFiles(folder)).toEqual(['vault.locked'])
    const fresh = open([old]).seal('fresh')
    expect(warnings.at(-1)).toMatch(/vault\.locked is encrypted by the desktop app/)
    open([old, fresh], keychain('bob'))
    expect(warnings.at(-1)).toMatch(/vault\.locked cannot be read with this user’s keychain/)
    const healed = open([old, fresh], ann)
    expect([healed.open(old), healed.open(fresh)]).toEqual(['old', 'fresh'])
  })
})

it('A vault.key of 0 bytes is named at the start, in the window and at the relay, and recovers', async () => {
  const log = collectLog()
  const testServer = await startTestServer({ environment: { writeLog: log.write } })
  const body = { name: 'old', host: '127.0.0.1', username: 'u', password: 'secret' }
  const { id } = await testServer.reply('POST /v1/relays', { body })
  const key = readFileSync(keyFile(testServer))
  const relay = () => testServer.reply('GET /v1/relays/{id}', { params: { id } })

  await testServer.restart({}, () => damages['of 0 bytes'](keyFile(testServer)))
  const [first, second] = log.sentences()
  expect(first).toContain(`${keyFile(testServer)} cannot be read`)
  expect(second).toMatch(
    /saved secrets of the relay “old” cannot be read.*Restore the old vault.key/,
  )
  expect(await relay()).toMatchObject({
    health: 'critical',
    last_error: expect.stringMatching(/saved password cannot be read.*Enter it again/),
  })
  expect(await testServer.reply('GET /health')).toMatchObject({
    status: 'degraded',
    reason: 'secrets_unreadable',
    database: 'connected',
  })
  await testServer.server.idle()
  const { data } = await testServer.reply('GET /v1/alerts', { query: { rule: 'storage' } })
  expect(data).toMatchObject([{ severity: 'warning', state: 'open', message: second }])
  await testServer.reply('POST /v1/relays', { body: { ...body, name: 'new' } })

  await testServer.restart({}, () => writeFileSync(keyFile(testServer), key))
  expect(log.lines).toHaveLength(2)
  expect((await relay()).last_error).toBeNull()
})

it('A lost key that encrypted nothing is replaced without a warning', async () => {
  const log = collectLog()
  const testServer = await startTestServer({ environment: { writeLog: log.write } })
  await testServer.restart({}, () => rmSync(keyFile(testServer)))
  expect(log.lines).toEqual([])
  expect(keyFiles(testServer.folder)).toEqual(['vault.key'])
})

it('Mail waits with a reason while its saved password or signing key cannot be read', async () => {
  const live = await openLiveFixture()
  const named = [/vault.key cannot be read/, /saved secrets of the relay/]
  for (const line of named) void live.testServer.expectLog(line)
  const sink = await openSink({ auth: true })
  const relay = await addRelay(live, sink, { username: 'u', password: 'secret' })
  await live.testServer.restart({}, () => damages['of 0 bytes'](keyFile(live.testServer)))
  const { id } = await live.testServer.reply('POST /v1/send', {
    key: live.key,
    body: { from: 'app@example.com', to: 'ann@example.com', subject: 'x', text: 'x' },
  })
  await live.testServer.server.idle()
  const params = { id }
  const waiting = await live.testServer.reply('GET /v1/emails/{id}', { params })
  expect(waiting.deliveries).toMatchObject([
    { status: 'deferred', last_reply: expect.stringContaining('saved password cannot be read') },
  ])
  expect(sink.connections).toBe(0)
  const test = await live.testServer.request('POST /v1/relays/{id}/test', {
    params: { id: relay.id },
    body: {},
  })
  expect([test.status, test.text]).toEqual([422, expect.stringContaining('Enter it again')])

  await live.testServer.reply('PATCH /v1/relays/{id}', {
    params: { id: relay.id },
    body: { password: 'secret' },
  })
  await live.testServer.reply('POST /v1/emails/{id}/retry', { params })
  await live.testServer.server.idle()
  expect(sink.messages.map(({ user }) => user)).toEqual(['u'])
})

it('A webhook whose secret cannot be read shows the reason, posts nothing, and accepts a new secret', async () => {
  const here = await openWebhookFixture()
  const named = [/vault.key cannot be read/, /saved secrets of the webhook/]
  for (const line of named) void here.testServer.expectLog(line)
  const receiver = await openReceiver()
  const { id } = await addWebhook(here, receiver.url)
  await here.testServer.restart({}, () => damages['of random bytes'](keyFile(here.testServer)))
  const params = { id }
  const broken = await here.testServer.reply('GET /v1/webhooks/{id}', { params })
  expect(broken.problem).toMatch(/cannot be read.*Set a new secret/)
  await send(here)
  await here.testServer.server.idle()
  expect(receiver.hooks).toEqual([])
  expect((await logsOf(here, id)).data[0]?.error).toContain('Set a new secret')

  const body = { secret: 'a new secret' }
  const healed = await here.testServer.reply('PUT /v1/webhooks/{id}', { params, body })
  expect(healed.problem).toBeNull()
  await send(here)
  await eventually(() => (receiver.hooks.length > 0 ? true : undefined))
})
