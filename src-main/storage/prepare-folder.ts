import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { writeDurably } from '../base/durable-file.ts'
import { databaseFile, distrust } from './database.ts'
import {
  isTemporaryFile,
  restoredFacts,
  restoreFacts,
  restoreFile,
  tidyMark,
} from './folder-files.ts'
import { countLost } from './lost-messages.ts'
import { onFile } from './opened-file.ts'
import type { RestoredFacts } from './restored-queue.ts'
import { searchFile } from './search-database.ts'

/**
 * Work that needs a closed database: a restored copy replaces it, the previous one stays beside it
 * under its date, and the file is compacted. After an interrupted start the next one continues.
 */
export function prepareFolder(folder: string, now: number): void {
  for (const name of readdirSync(folder)) {
    if (isTemporaryFile(name)) rmSync(join(folder, name), { force: true })
  }
  if (existsSync(restoreFile(folder))) {
    requireReadable(restoreFile(folder))
    applyRestore(folder, now)
  }
  if (existsSync(tidyMark(folder))) compact(folder)
}

/** The upload was checked; a file damaged since then must not replace the database. */
function requireReadable(file: string): void {
  onFile(file, () => {
    const database = new Sqlite(file, { readonly: true })
    try {
      distrust(database)
      if (database.pragma('user_version', { simple: true }) !== 0) return
      throw Object.assign(new Error('The backup is empty'), { code: 'SQLITE_NOTADB' })
    } finally {
      database.close()
    }
  })
}

function applyRestore(folder: string, now: number): void {
  const file = databaseFile(folder)
  if (existsSync(file)) {
    const lost = countLost(folder, restoreFile(folder))
    // After the count, which leaves an empty log.
    mergeLog(file)
    const date = new Date(now)
      .toISOString()
      .replace(/\.\d+Z$/, '')
      .replaceAll(/[-:]/g, '')
    const name = `mailsage-before-restore-${date}.db`
    const kept = join(folder, name)
    const facts: RestoredFacts = { kept_file: name, lost_messages: lost }
    // Before the copy is in place, so that its queue is always held.
    writeDurably(restoredFacts(folder), `${JSON.stringify(facts)}\n`)
    for (const suffix of ['-wal', '-shm', '']) {
      if (existsSync(file + suffix)) renameSync(file + suffix, kept + suffix)
    }
  }
  if (!existsSync(restoredFacts(folder))) {
    const facts: RestoredFacts = { kept_file: null, lost_messages: 0 }
    writeDurably(restoredFacts(folder), `${JSON.stringify(facts)}\n`)
  }
  // The search index belongs to the previous messages.
  for (const suffix of ['', '-wal', '-shm']) rmSync(searchFile(folder) + suffix, { force: true })
  renameSync(restoreFile(folder), file)
  rmSync(restoreFacts(folder), { force: true })
}

/** Moves the write-ahead log into its database, so that one file holds everything. */
function mergeLog(file: string): void {
  try {
    const database = new Sqlite(file)
    distrust(database)
    database.pragma('wal_checkpoint(TRUNCATE)')
    database.close()
  } catch {
    // A damaged database is kept together with its log.
  }
}

function compact(folder: string): void {
  rmSync(tidyMark(folder), { force: true })
  const file = databaseFile(folder)
  if (!existsSync(file)) return
  const database = new Sqlite(file)
  try {
    database.exec('VACUUM')
    database.pragma('wal_checkpoint(TRUNCATE)')
  } catch (error) {
    // Without space for a second copy the database stays as it is.
    if ((error as { readonly code?: string }).code !== 'SQLITE_FULL') throw error
  } finally {
    database.close()
  }
}
