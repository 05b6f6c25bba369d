import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { writeDurably } from '../base/durable-file.ts'
import { databaseFile, distrust } from './database.ts'
import {
  isPassingFile,
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
 * What can only be done while nobody has the database open: a restored copy takes its place, the
 * one before stays beside it under its date, and unused room is given back. A start that was cut off
 * in the middle is gone on with by the next.
 */
export function prepareFolder(folder: string, now: number): void {
  for (const name of readdirSync(folder)) {
    if (isPassingFile(name)) rmSync(join(folder, name), { force: true })
  }
  if (existsSync(restoreFile(folder))) {
    demandReadable(restoreFile(folder))
    applyRestore(folder, now)
  }
  if (existsSync(tidyMark(folder))) tidy(folder)
}

/** It was checked whole when it came; what happened to it since must not cost the database. */
function demandReadable(file: string): void {
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
    // Behind the count, which leaves an empty log.
    foldLog(file)
    const date = new Date(now)
      .toISOString()
      .replace(/\.\d+Z$/, '')
      .replaceAll(/[-:]/g, '')
    const name = `mailsage-before-restore-${date}.db`
    const kept = join(folder, name)
    const facts: RestoredFacts = { kept_file: name, lost_messages: lost }
    // Before the copy is in place: its queue is never open to anybody without this.
    writeDurably(restoredFacts(folder), `${JSON.stringify(facts)}\n`)
    for (const suffix of ['-wal', '-shm', '']) {
      if (existsSync(file + suffix)) renameSync(file + suffix, kept + suffix)
    }
  }
  if (!existsSync(restoredFacts(folder))) {
    const nothing: RestoredFacts = { kept_file: null, lost_messages: 0 }
    writeDurably(restoredFacts(folder), `${JSON.stringify(nothing)}\n`)
  }
  // The index belongs to the messages it was made from.
  for (const suffix of ['', '-wal', '-shm']) rmSync(searchFile(folder) + suffix, { force: true })
  renameSync(restoreFile(folder), file)
  rmSync(restoreFacts(folder), { force: true })
}

/** Moves the write-ahead log into its database, so that one file is the whole of it. */
function foldLog(file: string): void {
  try {
    const database = new Sqlite(file)
    distrust(database)
    database.pragma('wal_checkpoint(TRUNCATE)')
    database.close()
  } catch {
    // A database too broken to open is kept as it is, log and all.
  }
}

function tidy(folder: string): void {
  rmSync(tidyMark(folder), { force: true })
  const file = databaseFile(folder)
  if (!existsSync(file)) return
  const database = new Sqlite(file)
  try {
    database.exec('VACUUM')
    database.pragma('wal_checkpoint(TRUNCATE)')
  } catch (error) {
    // Without the room for a second copy, the database stays as it is.
    if ((error as { readonly code?: string }).code !== 'SQLITE_FULL') throw error
  } finally {
    database.close()
  }
}
