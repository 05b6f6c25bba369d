import {
  closeSync,
  fchmodSync,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'

const ownerOnly = 0o600

/**
 * Writes a small file so that a crash at any moment leaves either the old content or the new:
 * written aside, flushed, renamed, and the folder flushed. Only its owner may read it.
 */
export function writeDurably(file: string, content: string | Uint8Array): void {
  const aside = `${file}.new`
  // A killed process may have left one, with any content and any mode.
  rmSync(aside, { recursive: true, force: true })
  try {
    const handle = openSync(aside, 'wx', ownerOnly)
    try {
      // The umask may have removed the owner's own permissions.
      fchmodSync(handle, ownerOnly)
      writeFileSync(handle, content)
      fsyncSync(handle)
    } finally {
      closeSync(handle)
    }
    renameSync(aside, file)
  } catch (error) {
    rmSync(aside, { force: true })
    throw error
  }
  flushFolder(dirname(file))
}

/** Renames the file, so that its content is kept; returns the new name. */
export function setAside(file: string, now: number): string {
  const date = new Date(now)
    .toISOString()
    .replace(/\.\d+Z$/, '')
    .replaceAll(/[-:]/g, '')
  const aside = `${file}.broken-${date}`
  // A second file set aside within the same second replaces the first.
  rmSync(aside, { recursive: true, force: true })
  renameSync(file, aside)
  return aside
}

/** A rename is durable once its folder is; Windows cannot open folders and needs no flush. */
function flushFolder(folder: string): void {
  if (process.platform === 'win32') return
  const handle = openSync(folder, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
