import { closeSync, openSync, readSync } from 'node:fs'
import { workerData } from 'node:worker_threads'
import Sqlite from 'better-sqlite3'
import { keepPrivate } from '../base/private-file.ts'
import { giveWay } from '../base/thread.ts'
import { answerRequests } from '../base/thread-requests.ts'
import type { Checked, CopyRequest } from './copies.ts'
import { openReadOnly, schemaVersion } from './database.ts'

giveWay()
const { folder } = workerData as { readonly folder: string }
const magic = 'SQLite format 3\0'
const ours = ['keys', 'messages', 'bodies', 'events', 'relays', 'tenants']

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
  const wrong = (problem: string): Checked => ({ problem, schemaVersion: 0, messages: 0 })
  if (firstBytes(file, magic.length) !== magic) {
    return wrong('This file is not a database. Choose one that MailSage made as a backup.')
  }
  try {
    return look(file)
  } catch {
    return wrong('This backup is damaged: it cannot be read to its end. Choose another one.')
  }
}

function look(file: string): Checked {
  const database = new Sqlite(file, { readonly: true })
  try {
    const version = database.pragma('user_version', { simple: true }) as number
    const names = database
      .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table'")
      .pluck()
      .all()
    const answer = (problem: string | null, messages = 0): Checked => ({
      problem,
      schemaVersion: version,
      messages,
    })
    if (version < 1 || ours.some((name) => !names.includes(name))) {
      return answer('This is a database of another program. Choose one that MailSage made.')
    }
    if (version > schemaVersion) {
      return answer(
        `This backup was made by a newer MailSage (schema ${version}, this one knows ${schemaVersion}). Update MailSage first.`,
      )
    }
    const found = database.pragma('integrity_check(1)', { simple: true })
    if (found !== 'ok') return answer('This backup is damaged. Choose another one.')
    return answer(null, database.prepare<[], number>('SELECT count(*) FROM messages').pluck().get())
  } finally {
    database.close()
  }
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
