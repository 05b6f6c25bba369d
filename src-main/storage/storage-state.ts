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

/** Where emptying the log did not make room, this long passes before it is tried again. */
const restMs = 1000
/** A fault of the search index is logged once in so long. */
const indexHoldsMs = 60_000

/** What is wrong with the data folder now: found by whoever meets it, told to everyone. */
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

  /** Mail is stored all the same, so it is no problem of the storage. */
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

  /** With the reserve given up, what is free is the reserve, and not for new mail. */
  const lacksRoom = (bytes: number): boolean =>
    !room.has(bytes, reserveBytes + (reserve.isHeld() ? 0 : reserveBytes))

  /** Moves the log into the database and gives its room back; once for all who ask. */
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

  /** Null: the files that are open are whole, and those that a next start would find. */
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
      // A thread that cannot open its files says no more than that it ended.
      if (!fault) return threadFailureOf(error) === 'crashed' ? check() : null
      return check() ?? (isOfIndex(error) ? noteIndex(fault) : note(fault, error))
    },

    /** The code only, without a change of the current problem: it may end in a moment. */
    codeOf(error: unknown): StorageFaultCode | null {
      const fault = storageFault(error, folder)
      return fault && codeOf(fault)
    },

    /**
     * Why new content of so many bytes is not taken; null: it is. Both listeners and the commit queue
     * ask, so that nothing is acknowledged while health is failing. Another program's lock and a disk
     * that failed once are found to be over by the next commit alone, which is tried.
     * A disk is full before it has no room: some is left for what makes room.
     */
    refusal(bytes: number): Fault | null {
      if (problem?.code === 'storage_damaged') return problem
      return lacksRoom(bytes) ? (check() ?? note(diskFull(folder))) : null
    },

    lacksRoom,
    makeRoom,
    canMoveLog: room.canMoveLog,

    /** Whoever makes the checkpoints. */
    onMakeRoom(work: () => Promise<void>): void {
      emptyLog = work
    },

    /** Answers whether work that makes room is worth another try. */
    giveUpReserve: reserve.release,

    /** A commit succeeded. */
    noteCommit(): void {
      if (problem === null || problem.code === 'storage_damaged') return
      if (problem.code !== 'storage_full' || !lacksRoom(0)) over()
    },

    /** Looks after what no request would find out. */
    async checkAll(): Promise<void> {
      if (check()) return
      if (lacksRoom(0)) await makeRoom()
      await reserve.hold()
      if (problem?.code === 'storage_full' && !lacksRoom(0)) over()
    },
  }
}

/** A log without the errors of the storage: each is on record, in a sentence, where it is explained. */
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
