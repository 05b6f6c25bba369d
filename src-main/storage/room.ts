import type { Database } from './database.ts'
import { freeBytes } from './storage-faults.ts'

/** The disk is asked at most this often. */
const roomHoldsMs = 100
/**
 * A database does not get shorter when mail is deleted. Its unused pages stand for so much of the free
 * room at most, so that a disk that MailSage filled takes mail again.
 */
const maxUnusedCountedBytes = 4 * 1024 * 1024
/** Beside the pages of the log, a checkpoint needs almost nothing. */
const checkpointSlackBytes = 256 * 1024

type Measured = {
  readonly free: number
  /** What the database will grow by when the log is moved into it. */
  readonly pending: number
  /** In the database, for new content. */
  readonly unused: number
}

/** The free room of the disk, and the room that the database and its log are going to need. */
export function createRoom(folder: string, database: Database, fileSize: () => number) {
  const pageCount = database.prepare<[], number>('PRAGMA page_count').pluck()
  const freePages = database.prepare<[], number>('PRAGMA freelist_count').pluck()
  const pageSize = database.pragma('page_size', { simple: true }) as number
  let measured: Measured = { free: 0, pending: 0, unused: 0 }
  let measuredAt = Number.NEGATIVE_INFINITY

  function measure(): Measured {
    const free = freeBytes(folder)
    try {
      const pages = pageCount.get() ?? 0
      const pending = Math.max(0, pages * pageSize - fileSize())
      return { free, pending, unused: (freePages.get() ?? 0) * pageSize }
    } catch {
      // Whoever reads or writes next meets the same error and explains it.
      return { free, pending: 0, unused: 0 }
    }
  }

  function now(): Measured {
    if (performance.now() - measuredAt > roomHoldsMs) again()
    return measured
  }

  function again(): void {
    measured = measure()
    measuredAt = performance.now()
  }

  /** New content is written to the log, and later to the database. */
  function holds(bytes: number, keepFree: number): boolean {
    const { free, pending, unused } = now()
    const counted = free + Math.min(unused, maxUnusedCountedBytes)
    return counted >= bytes + pending + Math.max(0, bytes - unused) + keepFree
  }

  return {
    again,

    /** Whether `keepFree` bytes are left after new content of so many bytes. */
    has(bytes: number, keepFree: number): boolean {
      if (holds(bytes, keepFree)) return true
      again()
      return holds(bytes, keepFree)
    },

    /** Whether the log can be moved into the database; half of it moved would only take the room. */
    canMoveLog(): boolean {
      again()
      return measured.pending === 0 || measured.free >= measured.pending + checkpointSlackBytes
    },
  }
}
