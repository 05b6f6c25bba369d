import type { Log } from '../base/log.ts'
import { threadFailureOf } from '../base/thread-failure.ts'
import { type Fault, type StorageFaultCode, storageFaultCodes } from '../contract/faults.ts'
import { createReserve, reserveBytes } from './reserve.ts'
import { databaseCut, diskFull, folderGone, freeBytes, storageFault } from './storage-faults.ts'
import { watchFiles } from './watched-files.ts'

export type StorageProblem = { readonly code: StorageFaultCode; readonly message: string }

export type StorageState = ReturnType<typeof createStorageState>

/** The free room is asked for at most this often. */
const roomHoldsMs = 100

/** What is wrong with the data folder now: found by whoever meets it, told to everyone. */
export function createStorageState(folder: string, log: Pick<Log, 'warn' | 'error'>) {
  const reserve = createReserve(folder)
  const files = watchFiles(folder)
  let problem: Fault | null = null
  let free = { bytes: 0, at: Number.NEGATIVE_INFINITY }
  let changed = (): void => undefined

  function note(fault: Fault, cause: unknown = fault): Fault {
    // Only a restart with another file heals a damaged database.
    if (problem?.code === 'storage_damaged' || problem?.code === fault.code) return fault
    problem = fault
    const { code } = cause as { readonly code?: unknown }
    log.error(fault.message, fault, { reason: String(code) })
    changed()
    return fault
  }

  function over(): void {
    problem = null
    log.warn(`The data folder ${folder} can be written again`)
    changed()
  }

  /** With the reserve given up, what is free is the reserve, and not for new mail. */
  const needed = (bytes: number): number =>
    2 * bytes + reserveBytes + (reserve.isHeld() ? 0 : reserveBytes)

  function freeNow(): number {
    const now = performance.now()
    if (now - free.at > roomHoldsMs) free = { bytes: freeBytes(folder), at: now }
    return free.bytes
  }

  /** Null: the files that are open are whole, and those that a next start would find. */
  function look(): Fault | null {
    const trouble = files.trouble()
    if (trouble === 'gone') return note(folderGone(folder))
    if (trouble === 'cut') return note(databaseCut(folder))
    if (problem?.code === 'storage_unavailable' && problem.message === folderGone(folder).message)
      over()
    return null
  }

  return {
    look,
    problem: (): StorageProblem | null =>
      problem && { code: codeOf(problem), message: problem.message },

    /** There is one listener, which hears of every change. */
    onChange(listener: () => void): void {
      changed = listener
    },

    /** The refusal that an error stands for, if it is one of storage; everyone is told of it. */
    explain(error: unknown): Fault | null {
      const fault = storageFault(error, folder)
      // A thread that cannot open its files says no more than that it ended.
      if (!fault) return threadFailureOf(error) === 'crashed' ? look() : null
      return look() ?? note(fault, error)
    },

    /** The same, without telling anyone: it may be over in a moment. */
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
      if (freeNow() >= needed(bytes)) return null
      free = { bytes: freeBytes(folder), at: performance.now() }
      return free.bytes < needed(bytes) ? (look() ?? note(diskFull(folder))) : null
    },

    /** Answers whether work that makes room is worth another try. */
    makeRoom: reserve.release,

    /** Something was committed. */
    worked(): void {
      if (problem === null || problem.code === 'storage_damaged') return
      if (problem.code !== 'storage_full' || freeNow() >= needed(0)) over()
    },

    /** Looks after what no request would find out. */
    async tend(): Promise<void> {
      if (look()) return
      await reserve.hold()
      free = { bytes: freeBytes(folder), at: performance.now() }
      if (problem?.code === 'storage_full' && free.bytes >= needed(0)) over()
    },
  }
}

function codeOf(fault: Fault): StorageFaultCode {
  return storageFaultCodes.find((code) => code === fault.code) ?? 'storage_unavailable'
}
