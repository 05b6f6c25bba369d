import { existsSync, openSync, readSync } from 'node:fs'
import { fileFacts, fileIdentity } from '../base/file-identity.ts'
import { databaseFile } from './database.ts'

/** `gone`: the files were deleted or replaced. `cut`: the database is shorter than its header says. */
export type FileTrouble = 'gone' | 'cut'

const headerBytes = 100

/**
 * Watches the database and its log while they are open. A process can go on writing to files that
 * were deleted or moved away, where nobody finds that mail again: the inodes show it. Another
 * program can cut the database short: the size shows it.
 */
export function watchFiles(folder: string) {
  const file = databaseFile(folder)
  const log = `${file}-wal`
  const known = new Map<string, string>()
  // A few network file systems number a file anew each time; then its name has to do.
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

  /** A vacuum makes the file shorter too, and writes the new header first. */
  function isWhole(bytes: number): boolean {
    // Never closed: that would drop the locks that SQLite holds on this file (fcntl(2), "NOTES").
    handle ??= openSync(file, 'r')
    const header = Buffer.alloc(headerBytes)
    if (readSync(handle, header, 0, headerBytes, 0) < headerBytes) return false
    return bytes >= bytesByHeader(header)
  }

  return {
    /** Of the database, when it was last looked at. */
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
