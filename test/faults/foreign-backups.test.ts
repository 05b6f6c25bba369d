import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { beforeAll, describe, expect, it } from 'vitest'
import { migrations, openReadOnly, schemaVersion } from '../../src-main/storage/database.ts'
import { startTestServer, type TestServer } from '../test-server.ts'

const octets = { 'content-type': 'application/octet-stream' }
let testServer: TestServer
let backup: Buffer

beforeAll(async () => {
  testServer = await startTestServer()
  const { key } = await testServer.makeKey()
  const body = { from: 'a@example.com', to: 'b@example.com', subject: 'kept', text: 'x' }
  await testServer.reply('POST /v1/send', { key, body })
  await testServer.server.idle()
  backup = (await testServer.request('GET /v1/backup')).bytes
})

/** A database file, from another one or empty. */
function fileOf(start: Buffer | null, change: (database: Sqlite.Database) => void): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'mailsage-foreign-'))
  try {
    const file = join(folder, 'a.db')
    if (start) writeFileSync(file, start)
    const database = new Sqlite(file)
    database.unsafeMode(true)
    change(database)
    database.close()
    return readFileSync(file)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const lay = (file: Buffer) =>
  testServer.request('POST /v1/restore', { body: file, headers: octets })

const rewrite = (sql: string) => `
  PRAGMA writable_schema = ON;
  UPDATE sqlite_schema SET ${sql};
  PRAGMA writable_schema = OFF;
`

describe('A backup with a foreign object', () => {
  it.each([
    [
      'a trigger that makes every key an admin',
      `CREATE TRIGGER helpful AFTER INSERT ON events BEGIN
         UPDATE keys SET permissions = '["*"]', tenant_id = NULL; END`,
      /a trigger “helpful”/,
    ],
    [
      'a trigger of ours with another body',
      `DROP TRIGGER deliveries_are_live;
       CREATE TRIGGER deliveries_are_live BEFORE INSERT ON deliveries BEGIN SELECT 1; END`,
      /trigger “deliveries_are_live” differs/,
    ],
    [
      'no trigger of ours',
      'DROP TRIGGER deliveries_are_live',
      /lacks a trigger “deliveries_are_live”/,
    ],
    ['a view', 'CREATE VIEW everything AS SELECT * FROM keys', /a view “everything”/],
    [
      'a view in the place of a table',
      'DROP TABLE saved_searches; CREATE VIEW saved_searches AS SELECT * FROM keys',
      /a view “saved_searches”/,
    ],
    ['a virtual table', 'CREATE VIRTUAL TABLE words USING fts5 (a)', /a table “words/],
    ['a table of its own', 'CREATE TABLE more (a)', /a table “more”/],
    ['another column', 'ALTER TABLE keys ADD COLUMN extra TEXT', /a table “keys” differs/],
    [
      'a column that is computed',
      "ALTER TABLE tenants ADD COLUMN extra TEXT AS (printf('%9999999s', name))",
      /a table “tenants” differs/,
    ],
    ['another index', 'CREATE INDEX extra ON keys (name)', /an index “extra”/],
    [
      'an index with a condition that works long',
      "CREATE INDEX extra ON keys (name) WHERE length(printf('%9999999s', name)) > 1",
      /an index “extra”/,
    ],
    [
      'a schema row that hides behind a NUL',
      rewrite("sql = sql || char(0) || 'hidden' WHERE name = 'usage'"),
      /a table “usage” differs|damaged/,
    ],
    [
      'a trigger under the name of a table of ours',
      `CREATE TRIGGER x AFTER INSERT ON events BEGIN SELECT 1; END;
       ${rewrite("name = 'keys' WHERE name = 'x'")}`,
      /a trigger “keys”|damaged/,
    ],
    [
      'permissions that cannot be read',
      "INSERT INTO keys (public_id, prefix, name, mode, permissions, source, inbox, created_at) VALUES ('k', 'p', 'n', 'test', '[', 'created', 'default', 1)",
      /keys\.permissions/,
    ],
    [
      'numbers beyond every use',
      'UPDATE sqlite_sequence SET seq = 9223372036854775806',
      /row numbers are out of range/,
    ],
    [
      'rows that belong to nothing',
      "PRAGMA foreign_keys = OFF; INSERT INTO bodies (message_id, raw) VALUES (999, x'00')",
      /“bodies” refer to missing rows/,
    ],
  ])(
    'A backup with %s is refused, and the refusal names the object',
    async (_name, sql, sentence) => {
      const answer = await lay(fileOf(backup, (database) => void database.exec(sql)))
      expect(answer.status).toBe(400)
      expect(answer.text).toMatch(sentence)
      expect((await testServer.reply('GET /v1/storage')).pending_restore).toBeNull()
    },
  )
})

describe('An accepted backup', () => {
  it('An unchanged backup is accepted', async () => {
    expect((await lay(backup)).status).toBe(200)
  })

  it.each(Array.from({ length: schemaVersion }, (_, index) => index + 1))(
    'A backup of schema version %i is accepted, and the next start runs on it',
    async (version) => {
      const old = fileOf(null, (database) => {
        for (const sql of migrations.slice(0, version)) database.exec(sql)
        database.pragma(`user_version = ${version}`)
        database.exec(`
          INSERT INTO messages (public_id, mode, status, inbox, door, mail_from, rcpt_to,
            header_from, header_to, header_cc, subject, size_bytes, received_at)
          VALUES ('msg_old', 'test', 'captured', 'default', 'http', '', '["b@example.com"]',
            '{"name":null,"address":"a@example.com"}', '[]', '[]', 'From version ${version}', 1, 1);
          INSERT INTO bodies VALUES (1, x'0d0a');
        `)
        if (version >= 11)
          database.exec(
            "INSERT INTO inboxes (tenant, name, total, unread) VALUES ('', 'default', 1, 1)",
          )
      })
      const fresh = await startTestServer()
      const answer = await fresh.request('POST /v1/restore', { body: old, headers: octets })
      expect(answer.text).toContain(`"schema_version":${version}`)
      await fresh.restart()
      const { data } = await fresh.reply('GET /v1/inbox')
      expect(data.map(({ subject }) => subject)).toEqual([`From version ${version}`])
    },
  )

  it('A backup without triggers that some databases before version 11 lack is accepted', async () => {
    const old = fileOf(null, (database) => {
      for (const sql of migrations.slice(0, 10)) database.exec(sql)
      database.exec('DROP TRIGGER inbox_captured; DROP TRIGGER tags_captured')
      database.pragma('user_version = 10')
    })
    expect((await lay(old)).status).toBe(200)
  })
})

it('The database of a running server does not trust its schema', () => {
  const database = openReadOnly(testServer.folder)
  expect(database.pragma('trusted_schema', { simple: true })).toBe(0)
  expect(database.pragma('cell_size_check', { simple: true })).toBe(1)
  database.close()
})
