import { closeSync, mkdirSync, openSync, readSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileProblem } from '../base/file-problem.ts'
import { StartRefused } from '../base/start-refused.ts'
import { Fault } from '../contract/faults.ts'
import { databaseFile } from './database.ts'
import { searchFile } from './search-database.ts'
import { storageFault } from './storage-faults.ts'

const magic = 'SQLite format 3\0'
const restoreHint =
  'put a backup in its place, or the file itself if it was moved away; “mailsage backup” and Settings make such backups'

/** Refuses a folder or database with which a start would fail, or replace a lost database silently. */
export function requireUsableFolder(folder: string): void {
  requireFolder(folder)
  const file = databaseFile(folder)
  const found = statSync(file, { throwIfNoEntry: false })
  const log = `${file}-wal`
  const logBytes = statSync(log, { throwIfNoEntry: false })?.size ?? 0
  const isEmpty = found === undefined || (found.isFile() && found.size === 0)
  if (isEmpty && logBytes > 0) {
    throw refused(
      `The database ${file} is ${found ? 'empty' : 'missing'}, but its log ${log} is there with ${logBytes} bytes and may hold mail. To keep that mail, ${restoreHint}. To start with an empty database, move ${log} away first.`,
    )
  }
  if (!found) return
  if (!found.isFile()) {
    throw refused(`${file} is not a file. Move it away, then ${restoreHint}.`)
  }
  // A first start that was killed leaves an empty database and no search index.
  if (isEmpty && statSync(searchFile(folder), { throwIfNoEntry: false })) {
    throw refused(
      `The database ${file} is empty (0 bytes), as after a power cut or on a full disk. To get the mail back, ${restoreHint}. To start with an empty database, delete ${file}.`,
    )
  }
  if (!isEmpty && firstBytes(file, folder) !== magic) {
    throw refused(
      `${file} is not a database: its first bytes are damaged, or another program wrote it. Move it away, then ${restoreHint}. “sqlite3 mailsage.db .recover” may recover part of it.`,
    )
  }
}

/** Turns an error of the data folder into a sentence; returns any other error unchanged. */
export function explainStart(error: unknown, folder: string): unknown {
  if (error instanceof StartRefused) return error
  const fault = error instanceof Fault ? error : storageFault(error, folder)
  return fault ? refused(fault.message) : error
}

function requireFolder(folder: string): void {
  for (let path = folder; ; path = dirname(path)) {
    const found = statOf(path)
    if (found && !found.isDirectory()) {
      throw refused(
        `The data folder ${folder} cannot be used: ${path} is a file. Move it away, or choose another folder with MAILSAGE_DATA.`,
      )
    }
    if (!found && path !== dirname(path)) continue
    makeBelow(folder, path)
    return
  }
}

/** Level by level: Node's `recursive` option never ends where a file system, such as /proc, refuses new folders. */
function makeBelow(folder: string, existing: string): void {
  const missing: string[] = []
  for (let path = folder; path !== existing; path = dirname(path)) missing.unshift(path)
  for (const path of missing) {
    try {
      mkdirSync(path, { mode: 0o700 })
    } catch (error) {
      if ((error as { readonly code?: unknown }).code === 'EEXIST') continue
      throw refused(
        `The data folder ${folder} cannot be created: ${dirname(path)} accepts no new folder, because ${fileProblem(error)}. Choose another folder with MAILSAGE_DATA or --data-folder, or make ${dirname(path)} writable for the user that runs MailSage.`,
      )
    }
  }
}

/** Undefined for a path below a file or a forbidden folder, which the caller finds higher up. */
function statOf(path: string) {
  try {
    return statSync(path, { throwIfNoEntry: false })
  } catch {
    return undefined
  }
}

function firstBytes(file: string, folder: string): string {
  let handle: number
  try {
    handle = openSync(file, 'r')
  } catch (error) {
    throw explainStart(error, folder)
  }
  try {
    const bytes = Buffer.alloc(magic.length)
    return bytes.toString('latin1', 0, readSync(handle, bytes, 0, bytes.length, 0))
  } finally {
    closeSync(handle)
  }
}

const refused = (message: string): StartRefused =>
  new StartRefused('unusable-folder', message, 'MAILSAGE_DATA')
