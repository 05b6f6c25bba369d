import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { StartRefused } from '../base/start-refused.ts'
import { Fault } from '../contract/faults.ts'
import { databaseFile } from './database.ts'
import { searchFile } from './search-database.ts'
import { storageFault } from './storage-faults.ts'

const magic = 'SQLite format 3\0'
const restoreHint =
  'put a backup in its place, or the file itself if it was moved away; “mailsage backup” and Settings make such backups'

/** Refuses a folder or a database that a start would fail on, or begin anew over. */
export function demandUsable(folder: string): void {
  demandFolder(folder)
  const file = databaseFile(folder)
  const found = statSync(file, { throwIfNoEntry: false })
  const log = `${file}-wal`
  const logBytes = statSync(log, { throwIfNoEntry: false })?.size ?? 0
  const isEmpty = found === undefined || (found.isFile() && found.size === 0)
  if (isEmpty && logBytes > 0) {
    throw refused(
      `The database ${file} is ${found ? 'empty' : 'gone'}, but its log ${log} is there with ${logBytes} bytes and may hold mail. To keep that mail, ${restoreHint}. To begin anew, move ${log} away first.`,
    )
  }
  if (!found) return
  if (!found.isFile()) {
    throw refused(`${file} is not a file. Move it away, then ${restoreHint}.`)
  }
  // A first start that was killed leaves an empty file, and nothing that is made after it.
  if (isEmpty && statSync(searchFile(folder), { throwIfNoEntry: false })) {
    throw refused(
      `The database ${file} is empty (0 bytes), as a power cut or a full disk may leave it. To get the mail back, ${restoreHint}. To begin anew, delete ${file}.`,
    )
  }
  if (!isEmpty && firstBytes(file, folder) !== magic) {
    throw refused(
      `${file} is not a database: its first bytes are damaged, or another program wrote it. Move it away, then ${restoreHint}. “sqlite3 mailsage.db .recover” may read what is left of it.`,
    )
  }
}

/** An error that a start meets in the folder, as a sentence; any other as it is. */
export function explainStart(error: unknown, folder: string): unknown {
  if (error instanceof StartRefused) return error
  const fault = error instanceof Fault ? error : storageFault(error, folder)
  return fault ? refused(fault.message) : error
}

function demandFolder(folder: string): void {
  for (let path = folder; ; path = dirname(path)) {
    const found = look(path)
    if (found && !found.isDirectory()) {
      throw refused(
        `The data folder ${folder} cannot be used: ${path} is a file. Move it away, or choose another folder with MAILSAGE_DATA.`,
      )
    }
    if (found || path === dirname(path)) return
  }
}

/** A path through a file, or through a folder that may not be entered, is looked at from above. */
function look(path: string) {
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
