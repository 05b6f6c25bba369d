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
/** Numbers that JavaScript tells apart, with room for all that will ever come. */
const maxRowNumber = 2 ** 50
const ours = ['keys', 'messages', 'bodies', 'events', 'relays']

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
    return wrong('This file is not a database. Choose one that MailSage made as a backup.')
  }
  try {
    return look(file)
  } catch {
    return wrong('This backup is damaged: it cannot be read to its end. Choose another one.')
  }
}

const wrong = (problem: string, version = 0): Checked => ({
  problem,
  schemaVersion: version,
  messages: 0,
  held: { messages: 0, jobs: 0, webhook_deliveries: 0 },
  lost: null,
})

/**
 * The schema comes first: only when it is known to be ours is anything run that is part of it, such
 * as the conditions of its tables, or a trigger when it is brought to this version.
 */
function look(file: string): Checked {
  const { problem, version } = reading(file, lookAtSchema)
  if (problem !== null) return wrong(problem, version)
  const damage = reading(file, findDamage)
  if (damage !== null) return wrong(damage, version)
  bringUp(file)
  return reading(file, (database) => {
    const odd = findOdd(database)
    if (odd !== null) return wrong(odd, version)
    return {
      problem: null,
      schemaVersion: version,
      messages: database.prepare<[], number>('SELECT count(*) FROM messages').pluck().get() ?? 0,
      held: countUnfinished(database),
      lost: countLost(folder, file),
    }
  })
}

function reading<T>(file: string, use: (database: Database) => T): T {
  const database = new Sqlite(file, { readonly: true })
  try {
    distrust(database)
    return use(database)
  } finally {
    database.close()
  }
}

function lookAtSchema(database: Database) {
  const version = database.pragma('user_version', { simple: true }) as number
  const names = database
    .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table'")
    .pluck()
    .all()
  if (version < 1 || ours.some((name) => !names.includes(name))) {
    const problem = 'This is a database of another program. Choose one that MailSage made.'
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
    : `This backup is damaged: rows of its table “${orphan.table}” belong to nothing. Choose another one.`
}

function bringUp(file: string): void {
  const database = new Sqlite(file)
  try {
    distrust(database)
    database.pragma('journal_mode = DELETE')
    migrate(database)
  } finally {
    database.close()
  }
}

/** Values that the next start would stumble over. A permission that nobody knows grants nothing. */
function findOdd(database: Database): string | null {
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
  if (broken) return `This backup is damaged: “${broken[0]}.${broken[1]}” cannot be read.`
  const tooHigh = database
    .prepare(`SELECT 1 FROM sqlite_sequence WHERE seq > ${maxRowNumber} OR seq < 0 LIMIT 1`)
    .get()
  return tooHigh ? 'This backup is damaged: it numbers its rows beyond every use.' : null
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
