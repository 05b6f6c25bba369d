import type { Log } from '../base/log.ts'
import { threadFailureOf } from '../base/thread-failure.ts'
import {
  type Fault,
  isStorageFault,
  type StorageFaultCode,
  storageFaultCodes,
} from '../contract/faults.ts'
import type { Database } from './database.ts'
import { createReserve, reserveBytes } from './reserve.ts'
import { createRoom } from './room.ts'
import { databaseCut, diskFull, folderGone, isOfIndex, storageFault } from './storage-faults.ts'
import { watchFiles } from './watched-files.ts'

export type StorageProblem = { readonly code: StorageFaultCode; readonly message: string }

export type StorageState = ReturnType<typeof createStorageState>

/** Delay after a checkpoint that freed no space. */
const restMs = 1000
/** Minimum time between two log entries about the search index. */
const indexHoldsMs = 60_000

/** The current problem of the data folder. Any part can report one; all parts can read it. */
export function createStorageState(
  folder: string,
  log: Pick<Log, 'warn' | 'error'>,
  database: Database,
) {
  const reserve = createReserve(folder)
  const files = watchFiles(folder)
  const room = createRoom(folder, database, files.size)
  let problem: Fault | null = null
  let emptyLog: () => Promise<void> = async () => undefined
  let emptying: Promise<void> | null = null
  let restUntil = 0
  let indexNotedAt = Number.NEGATIVE_INFINITY
  let changed = (): void => undefined

  function note(fault: Fault, cause: unknown = fault): Fault {
    // A damaged database needs a restart with another file.
    if (problem?.code === 'storage_damaged' || problem?.code === fault.code) return fault
    problem = fault
    const { code } = cause as { readonly code?: unknown }
    log.error(fault.message, fault, { reason: String(code) })
    changed()
    return fault
  }

  /** Not a storage problem, since mail is still stored. */
  function noteIndex(fault: Fault): Fault {
    const now = performance.now()
    if (now - indexNotedAt > indexHoldsMs) {
      log.warn(fault.message)
      indexNotedAt = now
    }
    return fault
  }

  function over(): void {
    problem = null
    log.warn(`The data folder ${folder} can be written again`)
    changed()
  }

  /** Without the reserve file, its size of the free space is still not for new mail. */
  const lacksRoom = (bytes: number): boolean =>
    !room.has(bytes, reserveBytes + (reserve.isHeld() ? 0 : reserveBytes))

  /** Moves the log into the database and frees its space; concurrent calls share one checkpoint. */
  async function makeRoom(): Promise<void> {
    if (performance.now() < restUntil || !room.canMoveLog()) return
    emptying ??= emptyLog().finally(() => {
      emptying = null
      files.trouble()
      room.again()
      restUntil = lacksRoom(0) ? performance.now() + restMs : 0
    })
    await emptying
  }

  /** Null: the open files are complete and still in the folder. */
  function check(): Fault | null {
    const trouble = files.trouble()
    if (trouble === 'gone') return note(folderGone(folder))
    if (trouble === 'cut') return note(databaseCut(folder))
    if (problem?.code === 'storage_unavailable' && problem.message === folderGone(folder).message)
      over()
    return null
  }

  return {
    check,
    problem: (): StorageProblem | null =>
      problem && { code: codeOf(problem), message: problem.message },

    /** Sets the only listener, called at every change. */
    onChange(listener: () => void): void {
      changed = listener
    },

    /** The fault of a storage error, which becomes the current problem; null: another error. */
    explain(error: unknown): Fault | null {
      const fault = storageFault(error, folder)
      // A thread that cannot open its files reports only that it ended.
      if (!fault) return threadFailureOf(error) === 'crashed' ? check() : null
      return check() ?? (isOfIndex(error) ? noteIndex(fault) : note(fault, error))
    },

    /** The code only, without a change of the current problem, which may be brief. */
    codeOf(error: unknown): StorageFaultCode | null {
      const fault = storageFault(error, folder)
      return fault && codeOf(fault)
    },

    /**
     * The refusal of `bytes` of new content, or null. The listeners and the commit queue call it, so
     * that nothing is acknowledged while health fails. A lock and a single disk error refuse nothing
     * here: only the next commit can show that they are over. The disk counts as full while some space
     * is left, which deletions need.
     */
    refusal(bytes: number): Fault | null {
      if (problem?.code === 'storage_damaged') return problem
      return lacksRoom(bytes) ? (check() ?? note(diskFull(folder))) : null
    },

    lacksRoom,
    makeRoom,
    canMoveLog: room.canMoveLog,

    /** Sets the function that makes a checkpoint. */
    onMakeRoom(work: () => Promise<void>): void {
      emptyLog = work
    },

    /** Returns true if it freed space, so that a deletion can be retried. */
    giveUpReserve: reserve.release,

    /** A commit succeeded. */
    noteCommit(): void {
      if (problem === null || problem.code === 'storage_damaged') return
      // The last measurement may be older than the problem.
      if (problem.code === 'storage_full') room.again()
      if (problem.code !== 'storage_full' || !lacksRoom(0)) over()
    },

    /** Detects problems that no request reports. */
    async checkAll(): Promise<void> {
      if (check()) return
      room.again()
      if (lacksRoom(0)) await makeRoom()
      // A reserve that takes the last free space would make the disk look less full than it is.
      if (problem?.code === 'storage_full' && lacksRoom(0)) return
      if (problem?.code === 'storage_full') over()
      await reserve.hold()
    },
  }
}

/** A log without storage errors, because `explain` logs each of them as a sentence. */
export function withoutStorageFaults(log: Log, storage: Pick<StorageState, 'explain'>): Log {
  return {
    ...log,
    error(message, cause, fields) {
      if (!isStorageFault(cause) && !storage.explain(cause)) log.error(message, cause, fields)
    },
  }
}

function codeOf(fault: Fault): StorageFaultCode {
  return storageFaultCodes.find((code) => code === fault.code) ?? 'storage_unavailable'
}
