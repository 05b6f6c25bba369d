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
 * Writes a small file so that a crash at any moment leaves either the old content or the new one:
 * aside, flushed to the disk, renamed, and the folder flushed too. Only its owner may read it.
 */
export function writeDurably(file: string, content: string | Uint8Array): void {
  const aside = `${file}.new`
  // A process that was killed may have left one behind, with any content and any mode.
  rmSync(aside, { recursive: true, force: true })
  try {
    const handle = openSync(aside, 'wx', ownerOnly)
    try {
      // The umask may have taken the owner's own rights away.
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

/** Renames what lies under this name, so that nothing is lost; answers the new name. */
export function setAside(file: string, now: number): string {
  const date = new Date(now)
    .toISOString()
    .replace(/\.\d+Z$/, '')
    .replaceAll(/[-:]/g, '')
  const aside = `${file}.broken-${date}`
  // A second one within the same second replaces the first: it was set aside for the same reason.
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
