import { accessSync, constants, existsSync, statfsSync } from 'node:fs'
import { basename, join } from 'node:path'
import { Fault } from '../contract/faults.ts'

type Coded = { readonly code?: unknown; readonly path?: unknown; readonly syscall?: unknown }

/** Less free space counts as full: file systems reserve some for themselves. */
const minFreeBytes = 64 * 1024

/**
 * The fault of an error of SQLite (sqlite.org/rescode.html) or of the file system. Its sentence names
 * the folder and says what to do. Null: the error is not one of storage.
 */
export function storageFault(error: unknown, folder: string): Fault | null {
  const { path, syscall } = error as Coded
  const code = isFolderMissing(error) ? 'SQLITE_CANTOPEN' : (error as Coded).code
  if (typeof code !== 'string') return null
  const file = code.startsWith('SQLITE_') && typeof path === 'string' ? path : null
  const ofFile = file && faultOfFile(file, code, folder)
  if (ofFile) return ofFile
  if (code === 'SQLITE_FULL') return diskFull(folder)
  if (/^SQLITE_(BUSY|LOCKED)/.test(code))
    return lockedByAnother(folder, file ?? join(folder, 'mailsage.db'))
  if (/^SQLITE_(CORRUPT|NOTADB)/.test(code) || hasNoTables(error)) return databaseDamaged(folder)
  if (/^SQLITE_(READONLY|PERM|AUTH)/.test(code)) return notWritable(folder)
  if (/^SQLITE_(IOERR|CANTOPEN)/.test(code)) {
    if (!isWritable(folder)) return notWritable(folder)
    return freeBytes(folder) < minFreeBytes ? diskFull(folder) : diskFailed(folder)
  }
  const isOurs =
    typeof path === 'string'
      ? path !== '' && (path.startsWith(folder) || folder.startsWith(path))
      : typeof syscall === 'string'
  if (!isOurs) return null
  if (code === 'ENOSPC' || code === 'EDQUOT') return diskFull(folder)
  if (code === 'EROFS') return notWritable(folder)
  if (code === 'EIO') return diskFailed(folder)
  const isRefused = code === 'EACCES' || code === 'EPERM'
  return isRefused && typeof path === 'string' ? notWritable(folder) : null
}

const isIndex = (file: string): boolean => basename(file) === 'search.db'

/** An error of a file beside the database is not one of the database: mail can be stored. */
export function isOfIndex(error: unknown): boolean {
  const { code, path } = (error ?? {}) as Coded
  const isBusyOrDamaged = /^SQLITE_(BUSY|LOCKED|CORRUPT|NOTADB|ERROR)/.test(String(code))
  return isBusyOrDamaged && typeof path === 'string' && isIndex(path)
}

/** The problem of a file beside the database; null: the folder or its disk may be the cause. */
function faultOfFile(file: string, code: string, folder: string): Fault | null {
  const isDamaged = /^SQLITE_(CORRUPT|NOTADB)/.test(code)
  switch (basename(file)) {
    case 'lock':
      if (!isDamaged && !(code.startsWith('SQLITE_CANTOPEN') && isWritable(folder))) return null
      return new Fault(
        'storage_damaged',
        `The lock file ${file} cannot be used: it is damaged, or no file. It holds no mail. Make sure that MailSage is not running on this folder, delete ${file}, then start again.`,
        { folder },
      )
    case 'restore.db':
      if (!isDamaged) return null
      return new Fault(
        'storage_damaged',
        `The backup ${file} is damaged, so it was not put in the place of the database. Delete ${file} to go on with the database that is there, then restore another backup.`,
        { folder },
      )
    default:
      return null
  }
}

/** A missing table means damage: every statement names existing tables. */
function hasNoTables(error: unknown): boolean {
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown }
  return code === 'SQLITE_ERROR' && /^no such table: (?!search\.)/.test(String(message))
}

/** The driver checks the folder itself, and its error has no code. */
function isFolderMissing(error: unknown): boolean {
  return error instanceof Error && error.message.includes('directory does not exist')
}

function isWritable(folder: string): boolean {
  const { R_OK, W_OK, X_OK } = constants
  const file = join(folder, 'mailsage.db')
  try {
    accessSync(folder, R_OK | W_OK | X_OK)
    for (const path of [file, `${file}-wal`, `${file}-shm`]) {
      if (existsSync(path)) accessSync(path, R_OK | W_OK)
    }
    return true
  } catch {
    return false
  }
}

/** 0 when the folder cannot be read. */
export function freeBytes(folder: string): number {
  try {
    const { bavail, bsize } = statfsSync(folder)
    return bavail * bsize
  } catch {
    return 0
  }
}

export function diskFull(folder: string): Fault {
  const free = freeBytes(folder)
  return new Fault(
    'storage_full',
    `The disk of the data folder ${folder} is full: ${Math.floor(free / 1024)} KiB are free. Free space there or delete messages; mail is accepted again as soon as there is space.`,
    { folder, free_bytes: free },
  )
}

export function folderGone(folder: string): Fault {
  return new Fault(
    'storage_unavailable',
    `The data folder ${folder} was deleted or replaced while MailSage is running, so nothing can be stored. Put it back and restart MailSage.`,
    { folder },
  )
}

function lockedByAnother(folder: string, file: string): Fault {
  return new Fault(
    'storage_busy',
    `Another program holds a lock on ${file}, so ${isIndex(file) ? 'new mail cannot be searched' : 'nothing can be stored'}. Close that program, such as a database browser, then try again.`,
    { folder, retry_after: 1 },
  )
}

function databaseDamaged(folder: string): Fault {
  return new Fault(
    'storage_damaged',
    `The database ${join(folder, 'mailsage.db')} is damaged. Stop MailSage, then put a backup in its place, or recover the readable part with “sqlite3 mailsage.db .recover”.`,
    { folder },
  )
}

export function databaseCut(folder: string): Fault {
  const file = join(folder, 'mailsage.db')
  return new Fault(
    'storage_damaged',
    `The database ${file} was cut short while MailSage is running, so nothing can be stored. Stop MailSage and keep a copy of ${file}-wal, which may hold mail; then put a backup in its place, or recover what can be read with “sqlite3 mailsage.db .recover”.`,
    { folder },
  )
}

function notWritable(folder: string): Fault {
  return new Fault(
    'storage_unavailable',
    `The data folder ${folder} cannot be written: it is read-only, or this user has no permission. Make the folder and every file in it writable for the user that runs MailSage, or choose another folder with MAILSAGE_DATA.`,
    { folder },
  )
}

function diskFailed(folder: string): Fault {
  return new Fault(
    'storage_unavailable',
    `The disk of the data folder ${folder} cannot be read or written: it reports an error. Check the disk and its connection, then restart MailSage.`,
    { folder },
  )
}
