import type { Database } from './database.ts'
import { freeBytes } from './storage-faults.ts'

/** Minimum time between two measurements of the disk. */
const roomHoldsMs = 100
/**
 * A deletion leaves unused pages in the database file. They count as free space up to this size, so
 * that MailSage accepts mail again on a disk that it filled itself.
 */
const maxUnusedCountedBytes = 4 * 1024 * 1024
/** Space that a checkpoint needs besides the pages of the log. */
const checkpointSlackBytes = 256 * 1024

type Measured = {
  readonly free: number
  /** Growth of the database file at the next complete checkpoint. */
  readonly pending: number
  /** Unused pages in the database file. */
  readonly unused: number
}

/** Measures free disk space, and the space that the database and its log need. */
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
      // The next read or write fails with the same error, and explains it.
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

  /** New content needs its size twice: in the log, and later in the database. */
  function holds(bytes: number, keepFree: number): boolean {
    const { free, pending, unused } = now()
    const counted = free + Math.min(unused, maxUnusedCountedBytes)
    return counted >= bytes + pending + Math.max(0, bytes - unused) + keepFree
  }

  return {
    again,

    /** True when `keepFree` bytes are left after `bytes` of new content. */
    has(bytes: number, keepFree: number): boolean {
      if (holds(bytes, keepFree)) return true
      again()
      return holds(bytes, keepFree)
    },

    /** True when the whole log fits into the database; a partial checkpoint would only use space. */
    canMoveLog(): boolean {
      again()
      return measured.pending === 0 || measured.free >= measured.pending + checkpointSlackBytes
    },
  }
}
