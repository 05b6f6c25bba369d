import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { expect, it, onTestFinished } from 'vitest'
import { openDatabase } from '../../src-main/storage/database.ts'
import { initial } from '../../src-main/storage/migrations/001-initial.ts'
import { deafPort, openSink } from '../delivery/live-fixture.ts'
import { expectRefusal } from '../http/refusal.ts'
import { createTestClock } from '../test-clock.ts'
import { startTestServer } from '../test-server.ts'
import { furnish } from './other-tenant.ts'

const line = 'DELETE /v1/tenants/{id}'
const params = { id: 'tenant_a' }

it('The deletion of a tenant deletes its keys and data, and the response counts them', async () => {
  const clock = createTestClock()
  const testServer = await startTestServer({ environment: { clock } })
  const them = await furnish(testServer, clock, params.id)
  const { key: freeKey } = await testServer.makeKey()
  const mail = { from: 'a@example.com', to: 'b@example.com', subject: 's', text: 't' }
  const kept = await testServer.reply('POST /v1/send', { key: freeKey, body: mail })
  await testServer.server.idle()
  const refused = await testServer.request(line, { params })
  expect(expectRefusal(refused, 'conflict')).toContain('1 live emails of this tenant')

  const { value: answer, events } = await testServer.witness(() =>
    testServer.reply(line, { params, query: { force: true } }),
  )
  expect(answer).toEqual({
    id: params.id,
    deleted: true,
    removed: {
      api_keys: 2,
      relays: 1,
      templates: 1,
      webhooks: 1,
      jobs: 1,
      scheduled: 1,
      emails: 4,
    },
  })
  const types = events.map(({ type }) => type)
  expect(types).toEqual(
    expect.arrayContaining(['tenant.deleted', 'key.revoked', 'relay.deleted', 'inbox.changed']),
  )
  expect(events.every(({ tenantId }) => tenantId === params.id)).toBe(true)

  expectRefusal(await testServer.request('GET /v1/session', { key: them.key }), 'invalid_api_key')
  expectRefusal(await testServer.request('GET /v1/tenants/{id}', { params }), 'not_found')
  expectRefusal(await testServer.request(line, { params }), 'not_found')
  expect((await testServer.reply('GET /v1/relays')).data).toEqual([])
  expect((await testServer.reply('GET /v1/webhooks')).data).toEqual([])
  expect((await testServer.reply('GET /v1/templates')).data).toEqual([])
  expect((await testServer.reply('GET /v1/emails')).data.map(({ id }) => id)).toEqual([kept.id])
  const inbox = await testServer.reply('GET /v1/inbox')
  expect(inbox.data.map(({ id }) => id)).toEqual([kept.id])
  expect(inbox.counts.total).toBe(1)
  const again = await testServer.request('POST /v1/tenants', { body: { id: params.id, name: 'x' } })
  expect(expectRefusal(again, 'conflict')).toContain('deleted')
})

it('A tenant with undelivered live mail is deleted only when the request asks for it', async () => {
  const testServer = await startTestServer()
  const sink = await openSink()
  const smtp = { host: '127.0.0.1', port: await deafPort(), tls: 'none' }
  await testServer.reply('POST /v1/tenants', { body: { ...params, name: 'A', smtp } })
  const { key } = await testServer.makeKey({ mode: 'live', tenant_id: params.id })
  const mail = { from: 'a@example.com', to: 'b@example.com', subject: 's', text: 't' }
  await testServer.reply('POST /v1/send', { key, body: mail })
  await testServer.server.idle()
  expectRefusal(await testServer.request(line, { params }), 'conflict')
  expect((await testServer.request('GET /v1/session', { key })).status).toBe(200)
  const relay = { name: 'ours', host: '127.0.0.1', port: sink.port, tls: 'none' }
  await testServer.reply('POST /v1/relays', { body: relay })
  const { removed } = await testServer.reply(line, { params, query: { force: true } })
  expect(removed).toMatchObject({ emails: 1, relays: 1, api_keys: 1 })
  await testServer.server.idle()
  expect(await testServer.reply('GET /health')).toMatchObject({ queue_depth: 0 })
  expect(sink.connections).toBe(0)
})

it('A deletion that the end of the process interrupted is finished at the next start', async () => {
  const testServer = await startTestServer()
  await testServer.makeTenant(params.id)
  const { key } = await testServer.makeKey({ tenant_id: params.id })
  const mail = { from: 'a@example.com', to: 'b@example.com', subject: 's', text: 't' }
  await testServer.reply('POST /v1/send', { key, body: mail })
  await testServer.server.close()
  const database = openDatabase(testServer.folder)
  database.prepare('UPDATE tenants SET deleted_at = 1').run()
  database.close()
  await testServer.restart()
  expect((await testServer.reply('GET /v1/emails')).data).toEqual([])
  expect((await testServer.reply('GET /v1/tenants')).data).toEqual([])
})

it('Live mail of a deleted tenant is never sent, even after a restart in the middle of the deletion', async () => {
  const testServer = await startTestServer()
  const sink = await openSink()
  const smtp = { host: '127.0.0.1', port: await deafPort(), tls: 'none' }
  await testServer.reply('POST /v1/tenants', { body: { ...params, name: 'A', smtp } })
  const relay = { name: 'ours', host: '127.0.0.1', port: sink.port, tls: 'none' }
  await testServer.reply('POST /v1/relays', { body: relay })
  const { key } = await testServer.makeKey({ mode: 'live', tenant_id: params.id })
  const mail = { from: 'a@example.com', to: 'b@example.com', subject: 's', text: 't' }
  for (let count = 0; count < 20; count++) {
    await testServer.reply('POST /v1/send', { key, body: mail })
  }
  await testServer.server.idle()
  await testServer.restart({}, () => {
    // As the first transaction of a removal leaves it.
    const database = openDatabase(testServer.folder)
    database.prepare('UPDATE tenants SET deleted_at = 1, relay_id = NULL').run()
    database.prepare('DELETE FROM relays WHERE tenant_id IS NOT NULL').run()
    database.prepare("UPDATE deliveries SET status = 'queued', next_attempt_at = 1").run()
    database.close()
  })
  await testServer.server.idle()
  expect(sink.connections).toBe(0)
  // The removal and the dispatcher may run in either order.
  expect(testServer.server.domain.relays.targets(params.id, null)).toEqual([])
  expect((await testServer.reply('GET /v1/emails')).data).toEqual([])
})

it('Tenants of keys from an earlier version become tenants', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mailsage-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const old = new Sqlite(join(folder, 'mailsage.db'))
  old.exec(initial)
  old.pragma('user_version = 1')
  const insert = old.prepare(`
    INSERT INTO keys (public_id, prefix, name, mode, permissions, source, tenant_id, inbox, created_at)
    VALUES (?, 'p', 'n', 'test', '[]', 'created', ?, 'default', ?)
  `)
  insert.run('key_1', 'acme', 20)
  insert.run('key_2', 'acme', 10)
  insert.run('key_3', null, 5)
  old
    .prepare(`
      INSERT INTO relays (name, source, host, port, tls, tls_verify, priority, health, created_at)
      VALUES ('r', 'created', 'h', 25, 'none', 1, 100, 'unreachable', 1)
    `)
    .run()
  old.close()
  const database = openDatabase(folder)
  onTestFinished(() => void database.close())
  expect(database.prepare('SELECT id, name, created_at FROM tenants').all()).toEqual([
    { id: 'acme', name: 'acme', created_at: 10 },
  ])
  expect(database.prepare('SELECT name, failures, is_default FROM relays').all()).toEqual([
    { name: 'r', failures: 0, is_default: 0 },
  ])
})
