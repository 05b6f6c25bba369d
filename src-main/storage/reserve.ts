import { randomBytes } from 'node:crypto'
import { existsSync, rmSync } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { freeBytes } from './storage-faults.ts'

export const reserveBytes = 8 * 1024 * 1024
const pieceBytes = 1024 * 1024

/**
 * Room that MailSage holds on the disk and gives up when the disk is full, so that messages can still
 * be deleted and what a relay answered can still be written down.
 */
export function createReserve(folder: string) {
  const file = join(folder, 'reserve')

  return {
    isHeld: (): boolean => existsSync(file),

    /** Answers whether that made any room. */
    release(): boolean {
      if (!existsSync(file)) return false
      rmSync(file, { force: true })
      return true
    },

    /** Takes the room where there is three times as much, so that it does not fill the disk itself. */
    async hold(): Promise<void> {
      if (existsSync(file) || freeBytes(folder) < 3 * reserveBytes) return
      const aside = `${file}.filling`
      try {
        const handle = await open(aside, 'w', 0o600)
        try {
          // Random bytes: a file system that compresses holds no room for zeros.
          const piece = randomBytes(pieceBytes)
          for (let at = 0; at < reserveBytes; at += pieceBytes) await handle.write(piece)
        } finally {
          await handle.close()
        }
        await rename(aside, file)
      } catch {
        // The disk filled up meanwhile, or the folder is gone: both are noticed elsewhere.
        await rm(aside, { force: true }).catch(() => undefined)
      }
    },
  }
}
