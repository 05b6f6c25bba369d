import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { fileFacts } from '../base/file-identity.ts'
import { keepPrivate } from '../base/private-file.ts'
import { StartRefused } from '../base/start-refused.ts'
import { initial } from './migrations/001-initial.ts'
import { templates } from './migrations/002-templates.ts'
import { jobs } from './migrations/003-jobs.ts'
import { webhooks } from './migrations/004-webhooks.ts'
import { tenants } from './migrations/005-tenants.ts'
import { alertsAndTranscripts } from './migrations/006-alerts-and-transcripts.ts'
import { tags } from './migrations/007-tags.ts'
import { templateSamples } from './migrations/008-template-samples.ts'
import { usageDays } from './migrations/009-usage-days.ts'
import { heldMail } from './migrations/010-held-mail.ts'
import { dropInsertTriggers } from './migrations/011-drop-insert-triggers.ts'
import { modes } from './migrations/012-modes.ts'
import { clockSteps } from './migrations/014-clock-steps.ts'
import { restoredQueue } from './migrations/014-restored-queue.ts'
import { relayQueues } from './migrations/015-relay-queues.ts'
import { templateModes } from './migrations/016-template-modes.ts'
import { templateEngines } from './migrations/017-template-engines.ts'
import { onFile } from './opened-file.ts'

export type Database = Sqlite.Database
export type Statement<P extends unknown[], R = unknown> = Sqlite.Statement<P, R>

export const migrations: readonly string[] = [
  initial,
  templates,
  jobs,
  webhooks,
  tenants,
  alertsAndTranscripts,
  tags,
  templateSamples,
  usageDays,
  heldMail,
  dropInsertTriggers,
  clockSteps,
  modes,
  restoredQueue,
  relayQueues,
  templateModes,
  templateEngines,
]

/** The schema of this version; a file with a higher number was written by a newer one. */
export const schemaVersion = migrations.length

export const databaseFile = (folder: string): string => join(folder, 'mailsage.db')

/**
 * Opens the database for writing and migrates it. `synchronous = FULL`: an accepted message survives
 * a power cut; the commit queue makes one fsync serve many messages.
 */
export function openDatabase(folder: string): Database {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  keepPrivate(databaseFile(folder))
  const database = new Sqlite(databaseFile(folder))
  try {
    prepare(database)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

function prepare(database: Database): void {
  distrust(database)
  database.pragma('journal_mode = WAL')
  database.pragma('synchronous = FULL')
  database.pragma('foreign_keys = ON')
  database.pragma('busy_timeout = 2000')
  database.pragma('cache_size = -32000')
  // Truncates the log after a burst of mail, when the log restarts.
  database.pragma(`journal_size_limit = ${16 * 1024 * 1024}`)
  // A separate thread makes checkpoints: see checkpoints.ts.
  database.pragma('wal_autocheckpoint = 0')
  migrate(database)
}

/**
 * A statement that meets the lock of another program fails at once instead of blocking the main
 * thread; the commit queue retries it.
 */
export function waitForNoLock(database: Database): void {
  database.pragma('busy_timeout = 0')
}

/** For the thread that moves the write-ahead log into the database; it writes nothing of its own. */
export function openForCheckpoints(folder: string, identity?: string | null): Database {
  demandOpened(folder, identity)
  const database = new Sqlite(databaseFile(folder))
  distrust(database)
  database.pragma('synchronous = FULL')
  database.pragma('busy_timeout = 5000')
  return database
}

/** For reader threads; `identity` is that of the file that the writer has open. */
export function openReadOnly(folder: string, identity?: string | null): Database {
  demandOpened(folder, identity)
  const database = new Sqlite(databaseFile(folder), { readonly: true })
  distrust(database)
  database.pragma('busy_timeout = 5000')
  return database
}

/**
 * A connection that opens an empty database deletes the write-ahead log beside it, and one that opens
 * another database reads what the writer does not write.
 */
function demandOpened(folder: string, identity?: string | null): void {
  const found = fileFacts(databaseFile(folder))
  const isOther = identity !== undefined && found?.identity !== identity
  if (found && found.size > 0 && !isOther) return
  const sentence = isOther ? 'Another database lies in the folder' : 'The database is empty'
  throw Object.assign(new Error(sentence), { code: 'SQLITE_CANTOPEN' })
}

/** The schema of a file cannot call unsafe functions, and damaged pages are detected. */
export function distrust(database: Database): void {
  database.pragma('trusted_schema = OFF')
  database.pragma('cell_size_check = ON')
}

export function migrate(database: Database): void {
  const version = database.pragma('user_version', { simple: true }) as number
  if (version > migrations.length) {
    throw new StartRefused(
      'invalid-setting',
      `This data folder was written by a newer MailSage (schema ${version}, this one knows ${migrations.length}). Update MailSage, or choose another folder with MAILSAGE_DATA.`,
      'MAILSAGE_DATA',
    )
  }
  migrations.slice(version).forEach((sql, index) => {
    database.transaction(() => {
      database.exec(sql)
      database.pragma(`user_version = ${version + index + 1}`)
    })()
  })
}

export const isBusy = (error: unknown): boolean =>
  (error as { readonly code?: string }).code?.startsWith('SQLITE_BUSY') ?? false

export type FolderLock = { readonly release: () => void }

/**
 * Allows one process per data folder. The lock is an exclusive transaction on a file of its own, which
 * the operating system releases when the process ends.
 */
export function lockFolder(folder: string): FolderLock {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const file = join(folder, 'lock')
  keepPrivate(file)
  const lock = onFile(file, () => new Sqlite(file, { timeout: 0 }))
  try {
    onFile(file, () => {
      lock.pragma('locking_mode = EXCLUSIVE')
      lock.exec('BEGIN EXCLUSIVE')
    })
  } catch (error) {
    lock.close()
    if (!isBusy(error)) throw error
    throw new StartRefused(
      'folder-locked',
      `MailSage is already running on the data folder ${folder}. Stop it first, or give this process its own folder with MAILSAGE_DATA.`,
      'MAILSAGE_DATA',
    )
  }
  return { release: () => void lock.close() }
}
