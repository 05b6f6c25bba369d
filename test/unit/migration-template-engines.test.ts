import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { expect, it } from 'vitest'
import { databaseFile, migrations, openDatabase } from '../../src-main/storage/database.ts'
import { templateEngines } from '../../src-main/storage/migrations/017-template-engines.ts'

it('Templates of an older data folder and their versions keep their engine', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mailsage-test-'))
  const before = new Sqlite(databaseFile(folder))
  const older = migrations.slice(0, migrations.indexOf(templateEngines))
  for (const sql of older) before.exec(sql)
  before.pragma(`user_version = ${older.length}`)
  const insert = before.prepare(`
    INSERT INTO templates (id, public_id, engine, name, subject, variables, created_at, updated_at)
    VALUES (?, ?, ?, ?, '', '[]', 1, 1)
  `)
  insert.run(1, 'a', 'liquid', 'a')
  insert.run(2, 'b', 'handlebars', 'b')
  const version = before.prepare(`
    INSERT INTO template_versions (template_id, version, subject, variables, created_at)
    VALUES (?, 1, '', '[]', 1)
  `)
  version.run(1)
  version.run(2)
  before.close()

  const after = openDatabase(folder)
  const engines = (table: string) =>
    after.prepare(`SELECT engine FROM ${table} ORDER BY 1 DESC`).pluck().all()
  expect(engines('templates')).toEqual(['liquid', 'handlebars'])
  expect(engines('template_versions')).toEqual(['liquid', 'handlebars'])
  after.prepare("UPDATE templates SET engine = 'jinja' WHERE id = 1").run()
  const refused = after.prepare("UPDATE templates SET engine = 'other' WHERE id = 1")
  expect(() => refused.run()).toThrow(/CHECK/)
  after.close()
  rmSync(folder, { recursive: true, force: true })
})
