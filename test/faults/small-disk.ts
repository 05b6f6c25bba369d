import { execFileSync } from 'node:child_process'
import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { whenOver } from '../test-server.ts'

const mount = (folder: string, megabytes: number) =>
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder], {
    stdio: 'pipe',
  })

/** A separate file system needs root. A run that skips these tests reports it. */
export const canMount = (() => {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false
  const folder = mkdtempSync(join(tmpdir(), 'mailsage-mount-'))
  try {
    mount(folder, 1)
    execFileSync('umount', [folder])
    return true
  } catch {
    return false
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})()

if (!canMount) {
  console.warn('NOT RUN: the tests of a full disk need root on Linux, to mount one of their own.')
}

/** Mounts a real file system of `megabytes` MB until the end of the test. */
export function openSmallDisk(megabytes: number) {
  const folder = mkdtempSync(join(tmpdir(), 'mailsage-disk-'))
  mount(folder, megabytes)
  whenOver(() => {
    // A lazy unmount: open files of a failed test end with its process.
    execFileSync('umount', ['-l', folder])
    rmSync(folder, { recursive: true, force: true })
  })
  const filler = join(folder, 'filler')
  const free = (): number => {
    const { bavail, bsize } = statfsSync(folder)
    return bavail * bsize
  }

  return {
    folder,
    free,

    /** Fills the disk like another program, except for the given number of bytes. */
    fill(leaveBytes = 0): void {
      const handle = openSync(filler, 'a')
      const piece = Buffer.alloc(4096, 1)
      const large = Buffer.alloc(1024 * 1024, 1)
      while (free() > leaveBytes + large.length) writeSync(handle, large)
      try {
        while (free() > leaveBytes) writeSync(handle, piece)
        fsyncSync(handle)
      } finally {
        closeSync(handle)
      }
    },

    /** Deletes the file that fills the disk. */
    empty: (): void => rmSync(filler, { force: true }),
  }
}
