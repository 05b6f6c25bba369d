import { execFileSync } from 'node:child_process'
import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { whenOver } from '../test-server.ts'

const mount = (folder: string, megabytes: number) =>
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder], {
    stdio: 'pipe',
  })

/** A file system of its own takes root. Where these tests cannot run, the run says so. */
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

/** A real file system of so many megabytes, gone when the test is over. */
export function openSmallDisk(megabytes: number) {
  const folder = mkdtempSync(join(tmpdir(), 'mailsage-disk-'))
  mount(folder, megabytes)
  whenOver(() => {
    // Lazily: what a failed test has left open goes with its process.
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

    /** Another program takes what is left, down to so many bytes. */
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

    /** It goes again. */
    empty: (): void => rmSync(filler, { force: true }),
  }
}
