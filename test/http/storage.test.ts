import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Answer } from '../http-client.ts'
import { createTestClock } from '../test-clock.ts'
import { eventually, startTestServer, type TestServer } from '../test-server.ts'
import { expectRefusal } from './refusal.ts'

const mail = { from: 'a@example.com', to: 'b@example.com', text: 'findable' }
const octets = { 'content-type': 'application/octet-stream' }

async function send(testServer: TestServer, key: string, subject: string): Promise<void> {
  await testServer.reply('POST /v1/send', { key, body: { ...mail, subject } })
}

const restore = (testServer: TestServer, body: Buffer): Promise<Answer> =>
  testServer.request('POST /v1/restore', { body, headers: octets })

const leftovers = (testServer: TestServer): string[] =>
  readdirSync(testServer.folder).filter((name) => /^(passing|restore)/.test(name))

describe('A backup', () => {
  it('A backup that is made while mail arrives is complete, and restores into an empty folder', async () => {
    const testServer = await startTestServer()
    const { key } = await testServer.makeKey({ rate_limit: { requests_per_minute: 1_000_000 } })
    for (let number = 0; number < 20; number++) await send(testServer, key, `before ${number}`)
    let isLoaded = true
    let during = 0
    const load = (async () => {
      while (isLoaded) {
        await send(testServer, key, `during ${during}`)
        during += 1
      }
    })()
    const first = await testServer.request('GET /v1/backup')
    const countBefore = during
    await eventually(() => (during > countBefore ? true : undefined))
    isLoaded = false
    await load
    expect(first.status).toBe(200)
    expect(first.headers['content-disposition']).toMatch(/filename="mailsage-\d{8}-\d{4}\.db"/)
    expect(Number(first.headers['content-length'])).toBe(first.bytes.length)
    await eventually(() => (leftovers(testServer).length === 0 ? true : undefined))
    const last = await testServer.request('GET /v1/backup')

    const fresh = await startTestServer()
    const answer = await restore(fresh, last.bytes)
    const facts = { messages: 20 + during, bytes: last.bytes.length }
    expect(answer.body).toMatchObject({ takes_effect: 'next_start', restore: facts })
    const waiting = await fresh.reply('GET /v1/storage')
    expect(waiting.pending_restore).toMatchObject(facts)
    expect((await fresh.reply('GET /v1/inbox')).counts.total).toBe(0)

    await fresh.restart()
    expect((await fresh.reply('GET /v1/inbox')).counts.total).toBe(20 + during)
    expect((await fresh.request('GET /v1/session', { key })).status).toBe(200)
    const found = await eventually(async () => {
      const { counts } = await fresh.reply('GET /v1/inbox', { query: { query: 'findable' } })
      return counts.total === 20 + during ? counts : undefined
    })
    expect(found.total).toBe(20 + during)
    expect((await fresh.reply('GET /v1/storage')).pending_restore).toBeNull()
    // The replaced database stays beside it.
    const kept = readdirSync(fresh.folder).filter((name) => /^mailsage-before-restore-/.test(name))
    expect(kept).toEqual([expect.stringMatching(/^mailsage-before-restore-\d{8}T\d{6}\.db$/)])
  })

  it('A backup needs an unrestricted admin key', async () => {
    const testServer = await startTestServer()
    const { key } = await testServer.makeKey({ permissions: ['inbox:read', 'logs:read'] })
    for (const line of ['GET /v1/backup', 'GET /v1/storage', 'DELETE /v1/restore'] as const) {
      expectRefusal(await testServer.request(line, { key }), 'insufficient_permissions')
    }
  })
})

describe('A restore', () => {
  it('A restore refuses a file that is no backup, and changes nothing', async () => {
    const testServer = await startTestServer()
    const { key } = await testServer.makeKey()
    await send(testServer, key, 'stays')
    const { bytes } = await testServer.request('GET /v1/backup')
    const broken = Buffer.from(bytes)
    broken.fill(0x5a, 4096, broken.length - 4096)
    const other = databaseOf('CREATE TABLE notes (text TEXT); PRAGMA user_version = 3')
    const newer = databaseOf('', bytes, 'PRAGMA user_version = 999')
    const files = [
      [Buffer.from('hello'), /not a database/],
      [Buffer.alloc(0), /not a database|as it is/],
      [broken, /damaged/],
      [bytes.subarray(0, bytes.length - 8192), /damaged/],
      [other, /another program/],
      [newer, /newer MailSage/],
    ] as const
    for (const [file, sentence] of files) {
      const answer = await restore(testServer, file)
      expect([400, 415]).toContain(answer.status)
      expect(answer.text).toMatch(sentence)
    }
    const json = await testServer.request('POST /v1/restore', { body: { x: 1 } })
    expectRefusal(json, 'unsupported_media_type')
    expect(leftovers(testServer)).toEqual([])
    expectRefusal(await testServer.request('DELETE /v1/restore'), 'not_found')
    await testServer.restart()
    expect((await testServer.reply('GET /v1/inbox')).counts.total).toBe(1)
  })

  it('A pending restore can be cancelled', async () => {
    const testServer = await startTestServer()
    const { bytes } = await testServer.request('GET /v1/backup')
    const { key } = await testServer.makeKey()
    await send(testServer, key, 'stays')
    await restore(testServer, bytes)
    expect((await testServer.reply('DELETE /v1/restore')).pending_restore).toBeNull()
    await testServer.restart()
    expect((await testServer.reply('GET /v1/inbox')).counts.total).toBe(1)
  })
})

it('A JSON route refuses a file', async () => {
  const testServer = await startTestServer()
  const answer = await testServer.request('POST /v1/send', {
    body: Buffer.from('x'),
    headers: octets,
  })
  expectRefusal(answer, 'unsupported_media_type')
})

it('Tidying frees the space of deleted mail at the next start', async () => {
  const testServer = await startTestServer()
  const { key } = await testServer.makeKey()
  for (let number = 0; number < 20; number++) {
    const body = { ...mail, subject: 'big', text: 'x'.repeat(100_000) }
    await testServer.reply('POST /v1/send', { key, body })
  }
  await testServer.reply('DELETE /v1/inbox')
  await testServer.server.idle()
  const before = await testServer.reply('GET /v1/storage')
  expect(before.unused_bytes).toBeGreaterThan(1_000_000)
  expect((await testServer.reply('POST /v1/storage/tidy')).tidies_at_start).toBe(true)
  await testServer.restart()
  const after = await testServer.reply('GET /v1/storage')
  expect(after.tidies_at_start).toBe(false)
  expect(after.unused_bytes).toBeLessThan(100_000)
  expect(after.database_bytes).toBeLessThan(before.database_bytes)
})

describe('The retention', () => {
  it('The retention is previewed, and a change applies at once', async () => {
    const clock = createTestClock()
    const testServer = await startTestServer({ environment: { clock } })
    const { key } = await testServer.makeKey()
    for (let number = 1; number <= 5; number++) {
      await send(testServer, key, `mail ${number}`)
      // A request is logged after its response, with the time of the log entry.
      await testServer.server.idle()
      clock.advance(86_400_000)
    }
    const preview = (query: Record<string, number>) =>
      testServer.reply('GET /v1/storage/retention', { query })
    expect((await preview({})).messages).toBe(0)
    expect((await preview({ keep_messages: 2 })).messages).toBe(3)
    expect((await preview({ keep_days: 3 })).messages).toBe(2)
    expect((await preview({ keep_log_days: 2 })).log_entries).toBeGreaterThan(0)
    expect((await testServer.reply('GET /v1/inbox')).counts.total).toBe(5)
    await testServer.reply('PATCH /v1/settings', { body: { keep_messages: 2 } })
    await eventually(async () => {
      await testServer.server.idle()
      return (await testServer.reply('GET /v1/inbox')).counts.total === 2 ? true : undefined
    })
    await testServer.restart()
    expect((await testServer.reply('GET /v1/settings')).keep_messages).toBe(2)
    const wrong = await testServer.request('GET /v1/storage/retention', {
      query: { keep_days: -1 },
    })
    expectRefusal(wrong, 'invalid_parameter')
  })

  it('New ports apply at the next start, unless the environment sets them', async () => {
    const testServer = await startTestServer()
    const body = { next_start: { smtps_port: 0, http_port: 9999 } }
    const changed = await testServer.reply('PATCH /v1/settings', { body })
    expect(changed.next_start).toEqual({ http_port: 0, smtp_port: 0, smtps_port: 0 })
    expect(changed.smtps_port).toBeNull()
    await testServer.restart()
    expect((await testServer.reply('GET /v1/settings')).smtps_port).toBeGreaterThan(0)
  })
})

function databaseOf(sql: string, start?: Buffer, more = ''): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'mailsage-other-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'other.db')
  if (start) writeFileSync(file, start)
  const database = new Sqlite(file)
  database.exec(sql)
  database.exec(more)
  const bytes = database.serialize()
  database.close()
  return bytes
}
