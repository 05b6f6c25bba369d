import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { openSink } from '../delivery/live-fixture.ts'
import { createTestClock } from '../test-clock.ts'
import { startTestServer } from '../test-server.ts'

const fixture = join(import.meta.dirname, '../fixtures/data-folder')
const admin = 'fixture-admin-key-0001'
const testKey = 'sk_test_c2YjBvTj4iQGg5I5cMVhtBLQNmSpRBJ82f6fD0'
const liveKey = 'sk_live_9CbjArKZGhU0KjVdrfQcCaazaMSlWurE3V9Np0'

/** Puts the older folder in the place of the test server's own. */
function replaceFolder(folder: string): void {
  for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true })
  for (const name of ['mailsage.db', 'search.db']) {
    writeFileSync(join(folder, name), gunzipSync(readFileSync(join(fixture, `${name}.gz`))))
  }
  copyFileSync(join(fixture, 'vault.key'), join(folder, 'vault.key'))
}

it('A data folder of an earlier version opens with its mail, keys, secrets and schedule', async () => {
  const clock = createTestClock('2026-11-28T10:00:00Z')
  const testServer = await startTestServer({ env: { API_KEY: admin }, environment: { clock } })
  await testServer.restart({}, () => replaceFolder(testServer.folder))

  // The search index of another version is built again.
  await testServer.server.idle()
  const inbox = await testServer.reply('GET /v1/inbox', { key: testKey })
  expect(inbox.data.map(({ subject }) => subject)).toEqual([
    'Captured over SMTP',
    'Captured over HTTP',
  ])
  const found = await testServer.reply('GET /v1/inbox', {
    key: testKey,
    query: { query: 'quarterly' },
  })
  expect(found.data.map(({ subject }) => subject)).toEqual(['Captured over SMTP'])
  const { data: searches } = await testServer.reply('GET /v1/searches', { key: admin })
  expect(searches).toMatchObject([{ name: 'Unread', query: 'is:unread' }])
  const { data: templates } = await testServer.reply('GET /v1/templates', { key: admin })
  expect(templates).toMatchObject([{ name: 'welcome' }])
  const { data: webhooks } = await testServer.reply('GET /v1/webhooks', { key: admin })
  expect(webhooks).toMatchObject([{ events: ['captured'] }])
  const { data: tenants } = await testServer.reply('GET /v1/tenants', { key: admin })
  expect(tenants).toMatchObject([{ id: 'tenant_acme', name: 'Acme' }])

  const sink = await openSink({ auth: true })
  sink.rules.password = 'correct horse battery'
  const [relay] = (await testServer.reply('GET /v1/relays', { key: admin })).data
  await testServer.reply('PATCH /v1/relays/{id}', {
    key: admin,
    params: { id: relay?.id ?? '' },
    body: { port: sink.port },
  })
  const mail = { from: 'shop@shop.example', to: 'ann@example.com', subject: 'Now', text: 'x' }
  await testServer.reply('POST /v1/send', { key: liveKey, body: mail })
  await sink.received(1)
  await testServer.server.idle()

  clock.advance(30 * 86_400_000)
  await sink.received(2)
  expect(sink.messages.at(-1)?.raw.toString()).toContain('Subject: For Christmas')
})
