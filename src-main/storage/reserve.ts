import { randomBytes } from 'node:crypto'
import { rmSync, statSync } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { freeBytes } from './storage-faults.ts'

export const reserveBytes = 8 * 1024 * 1024
const pieceBytes = 1024 * 1024
/** A smaller reserve is not useful. */
const minBytes = 1024 * 1024

const reserveFile = (folder: string): string => join(folder, 'reserve')
const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0

/** The start itself needs some space; the reserve is restored afterwards. */
export function releaseForStart(folder: string): void {
  if (freeBytes(folder) < minBytes) rmSync(reserveFile(folder), { force: true })
}

/**
 * A file that reserves disk space. It is deleted when the disk is full, so that messages can still be
 * deleted and replies of relays can still be recorded.
 */
export function createReserve(folder: string) {
  const file = reserveFile(folder)
  let held = sizeOf(file)

  return {
    isHeld: (): boolean => held > 0,

    /** Returns true if it freed space. */
    release(): boolean {
      const isHeld = sizeOf(file) > 0
      rmSync(file, { force: true })
      held = 0
      return isHeld
    },

    /** Uses at most a third of the free space, so that it does not fill the disk itself. */
    async hold(): Promise<void> {
      held = sizeOf(file)
      const bytes = Math.min(reserveBytes, Math.floor(freeBytes(folder) / 3))
      if (bytes < minBytes || held >= bytes) return
      const aside = `${file}.filling`
      try {
        const handle = await open(aside, 'w', 0o600)
        try {
          // Random bytes: a compressing file system would reserve nothing for zeros.
          const piece = randomBytes(pieceBytes)
          for (let at = 0; at < bytes; at += pieceBytes) await handle.write(piece)
        } finally {
          await handle.close()
        }
        await rename(aside, file)
        held = bytes
      } catch {
        // A full disk or a missing folder is detected elsewhere.
        await rm(aside, { force: true }).catch(() => undefined)
      }
    },
  }
}
