import { closeSync, openSync, readSync } from 'node:fs'
import { workerData } from 'node:worker_threads'
import Sqlite from 'better-sqlite3'
import { keepPrivate } from '../base/private-file.ts'
import { giveWay } from '../base/thread.ts'
import { answerRequests } from '../base/thread-requests.ts'
import type { Checked, CopyRequest } from './copies.ts'
import { type Database, distrust, migrate, openReadOnly, schemaVersion } from './database.ts'
import { countUnfinished } from './held-counts.ts'
import { countLost } from './lost-messages.ts'
import { schemaProblem } from './schema-check.ts'

giveWay()
const { folder } = workerData as { readonly folder: string }
const magic = 'SQLite format 3\0'
/** Far below the largest safe integer, so that later rows have exact numbers too. */
const maxRowNumber = 2 ** 50
const requiredTables = ['keys', 'messages', 'bodies', 'events', 'relays']

function copy(to: string): null {
  const database = openReadOnly(folder)
  keepPrivate(to)
  try {
    database.prepare('VACUUM INTO ?').run(to)
  } finally {
    database.close()
  }
  return null
}

function check(file: string): Checked {
  if (firstBytes(file, magic.length) !== magic) {
    return unusable('This file is not a database. Choose a backup of MailSage.')
  }
  try {
    return inspect(file)
  } catch {
    return unusable('This backup is damaged: it cannot be read completely. Choose another one.')
  }
}

const unusable = (problem: string, version = 0): Checked => ({
  problem,
  schemaVersion: version,
  messages: 0,
  held: { messages: 0, jobs: 0, webhook_deliveries: 0 },
  lost: null,
})

/**
 * The schema is checked first: only a schema of MailSage may run its own parts, such as the CHECK
 * constraints of its tables, or triggers during the migration.
 */
function inspect(file: string): Checked {
  const { problem, version } = withDatabase(file, inspectSchema)
  if (problem !== null) return unusable(problem, version)
  const damage = withDatabase(file, findDamage)
  if (damage !== null) return unusable(damage, version)
  migrateFile(file)
  return withDatabase(file, (database) => {
    const invalid = findInvalidValue(database)
    if (invalid !== null) return unusable(invalid, version)
    return {
      problem: null,
      schemaVersion: version,
      messages: database.prepare<[], number>('SELECT count(*) FROM messages').pluck().get() ?? 0,
      held: countUnfinished(database),
      lost: countLost(folder, file),
    }
  })
}

function withDatabase<T>(file: string, use: (database: Database) => T): T {
  const database = new Sqlite(file, { readonly: true })
  try {
    distrust(database)
    return use(database)
  } finally {
    database.close()
  }
}

function inspectSchema(database: Database) {
  const version = database.pragma('user_version', { simple: true }) as number
  const names = database
    .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table'")
    .pluck()
    .all()
  if (version < 1 || requiredTables.some((name) => !names.includes(name))) {
    const problem = 'This is a database of another program. Choose a backup of MailSage.'
    return { version, problem }
  }
  if (version > schemaVersion) {
    const problem = `This backup was made by a newer MailSage (schema ${version}, this one knows ${schemaVersion}). Update MailSage first.`
    return { version, problem }
  }
  return { version, problem: schemaProblem(database, version) }
}

function findDamage(database: Database): string | null {
  if (database.pragma('integrity_check(1)', { simple: true }) !== 'ok')
    return 'This backup is damaged. Choose another one.'
  const [orphan] = database.pragma('foreign_key_check') as readonly { readonly table: string }[]
  return orphan === undefined
    ? null
    : `This backup is damaged: rows of its table “${orphan.table}” refer to missing rows. Choose another one.`
}

function migrateFile(file: string): void {
  const database = new Sqlite(file)
  try {
    distrust(database)
    database.pragma('journal_mode = DELETE')
    migrate(database)
  } finally {
    database.close()
  }
}

/** Values that would make the next start fail. An unknown permission grants nothing. */
function findInvalidValue(database: Database): string | null {
  const lists = [
    ['keys', 'permissions'],
    ['keys', 'allowed_senders'],
    ['keys', 'allowed_ips'],
    ['webhooks', 'events'],
    ['alert_rules', 'settings'],
  ] as const
  const broken = lists.find(([table, column]) =>
    database.prepare(`SELECT 1 FROM ${table} WHERE NOT json_valid(${column}) LIMIT 1`).get(),
  )
  if (broken)
    return `This backup is damaged: “${broken[0]}.${broken[1]}” cannot be read. Choose another one.`
  const tooHigh = database
    .prepare(`SELECT 1 FROM sqlite_sequence WHERE seq > ${maxRowNumber} OR seq < 0 LIMIT 1`)
    .get()
  return tooHigh
    ? 'This backup is damaged: its row numbers are out of range. Choose another one.'
    : null
}

function firstBytes(file: string, count: number): string {
  const handle = openSync(file, 'r')
  try {
    const bytes = Buffer.alloc(count)
    return bytes.toString('latin1', 0, readSync(handle, bytes, 0, count, 0))
  } finally {
    closeSync(handle)
  }
}

answerRequests((request: CopyRequest) =>
  request.type === 'copy' ? copy(request.to) : check(request.file),
)
