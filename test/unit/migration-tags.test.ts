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
import { tenants } from '../../src-main/storage/migrations/005-tenants.ts'
import { alertsAndTranscripts } from '../../src-main/storage/migrations/006-alerts-and-transcripts.ts'

it('Messages of an older data folder keep their tags, and are found by them', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mailsage-test-'))
  const before = new Sqlite(databaseFile(folder))
  for (const sql of [initial, templates, jobs, webhooks, tenants, alertsAndTranscripts])
    before.exec(sql)
  before.pragma('user_version = 6')
  const insert = before.prepare(`
    INSERT INTO messages (public_id, mode, status, tenant_id, inbox, door, mail_from, rcpt_to,
      header_from, header_to, header_cc, subject, size_bytes, received_at, options)
    VALUES (?, 'test', 'captured', ?, 'default', 'http', '', '[]', '{}', '[]', '[]', '', 1, 1, ?)
  `)
  insert.run('msg_1', null, '{"tags":["news","beta","NEWS",7]}')
  insert.run('msg_2', 'tenant_a', '{"tags":["news"]}')
  insert.run('msg_3', null, '{"metadata":{}}')
  insert.run('msg_4', null, null)
  before.close()

  const after = openDatabase(folder)
  const tagged = after.prepare('SELECT tag, message_id FROM message_tags ORDER BY 1, 2').raw().all()
  expect(tagged).toEqual([
    ['beta', 1],
    ['news', 1],
    ['news', 2],
  ])
  expect(after.prepare('SELECT tenant, name, total FROM tags').raw().all()).toEqual([
    ['', 'beta', 1],
    ['', 'news', 1],
    ['tenant_a', 'news', 1],
  ])
  after.exec('DELETE FROM messages')
  expect(after.prepare('SELECT * FROM tags').all()).toEqual([])
  after.close()
  rmSync(folder, { recursive: true, force: true })
})
