import { existsSync, openSync, readSync } from 'node:fs'
import { fileFacts, fileIdentity } from '../base/file-identity.ts'
import { databaseFile } from './database.ts'

/** `gone`: the files were deleted or replaced. `cut`: the database is shorter than its header says. */
export type FileTrouble = 'gone' | 'cut'

const headerBytes = 100

/**
 * Watches the database and its log while they are open. A process can still write to deleted or moved
 * files, and that mail is lost: the inodes show this. Another program can truncate the database: the
 * size shows this.
 */
export function watchFiles(folder: string) {
  const file = databaseFile(folder)
  const log = `${file}-wal`
  const known = new Map<string, string>()
  // Some network file systems change the inode of an open file; then only the path is checked.
  const [first, second] = [fileIdentity(file), fileIdentity(file)]
  const isSteady = first === second
  let size = fileFacts(file)?.size ?? 0
  let isCut = false
  let handle: number | null = null

  function isSame(path: string, found: string | null): boolean {
    const before = known.get(path)
    if (before === undefined) {
      if (found !== null) known.set(path, found)
      return true
    }
    return isSteady ? found === before : existsSync(path)
  }

  /** A vacuum also truncates the file, after it wrote the new header. */
  function isWhole(bytes: number): boolean {
    // Never closed: that would drop the locks that SQLite holds on this file (fcntl(2), "NOTES").
    handle ??= openSync(file, 'r')
    const header = Buffer.alloc(headerBytes)
    if (readSync(handle, header, 0, headerBytes, 0) < headerBytes) return false
    return bytes >= bytesByHeader(header)
  }

  return {
    /** The size of the database at the last check. */
    size: (): number => size,

    trouble(): FileTrouble | null {
      const found = fileFacts(file)
      if (!isSame(file, found?.identity ?? null) || !isSame(log, fileIdentity(log))) return 'gone'
      const bytes = found?.size ?? 0
      if (bytes < size) isCut ||= !isWhole(bytes)
      size = bytes
      return isCut ? 'cut' : null
    },
  }
}

/** The size of a whole database by its header (sqlite.org/fileformat.html, section 1.3). */
function bytesByHeader(header: Buffer): number {
  const pageSize = header.readUInt16BE(16)
  return header.readUInt32BE(28) * (pageSize === 1 ? 65_536 : pageSize)
}
