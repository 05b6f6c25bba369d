import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { expect, it } from 'vitest'
import { databaseFile, openDatabase } from '../../src-main/storage/database.ts'
import { initial } from '../../src-main/storage/migrations/001-initial.ts'
import { templates } from '../../src-main/storage/migrations/002-templates.ts'
import { jobs } from '../../src-main/storage/migrations/003-jobs.ts'
import { webhooks } from '../../src-main/storage/migrations/004-webhooks.ts'

it('Jobs and webhooks of an older data folder get the mode of their key', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mailsage-test-'))
  const before = new Sqlite(databaseFile(folder))
  for (const sql of [initial, templates, jobs, webhooks]) before.exec(sql)
  before.pragma('user_version = 4')
  const key = before.prepare(`
    INSERT INTO keys (id, public_id, prefix, name, mode, permissions, source, inbox, created_at)
    VALUES (?, ?, '', '', ?, '[]', 'created', 'default', 1)
  `)
  key.run(1, 'key_live', 'live')
  key.run(2, 'key_test', 'test')
  const job = before.prepare(`
    INSERT INTO jobs (tracking_id, task_id, key_id, status, content, total, created_at, updated_at)
    VALUES (?, '', ?, 'paused', '{}', 1, 1, 1)
  `)
  for (const keyId of [1, 2, null]) job.run(`trk_${keyId}`, keyId)
  const webhook = before.prepare(`
    INSERT INTO webhooks (public_id, url, events, secret_sealed, active, since_seq, created_at)
    VALUES (?, '', '[]', x'', 1, 0, 1)
  `)
  const made = before.prepare(
    "INSERT INTO events (at, type, data) VALUES (1, 'webhook.created', ?)",
  )
  for (const by of ['key_live', 'key_test', 'key_console']) {
    webhook.run(`wh_${by}`)
    made.run(JSON.stringify({ webhook: `wh_${by}`, by }))
  }
  webhook.run('wh_unknown')
  before.close()

  const after = openDatabase(folder)
  expect(after.prepare('SELECT mode FROM jobs ORDER BY id').pluck().all()).toEqual([
    'live',
    'test',
    'live',
  ])
  expect(after.prepare('SELECT public_id, mode FROM webhooks ORDER BY id').raw().all()).toEqual([
    ['wh_key_live', 'live'],
    ['wh_key_test', 'test'],
    ['wh_key_console', 'live'],
    ['wh_unknown', 'live'],
  ])
  after.close()
  rmSync(folder, { recursive: true, force: true })
})
