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

type ProblemState = {
  problem: Fault | null
  emptyLog: () => Promise<void>
  emptying: Promise<void> | null
  restUntil: number
  indexNotedAt: number
  changed: () => void
}

type StorageContext = {
  readonly state: ProblemState
  readonly log: Pick<Log, 'warn' | 'error'>
  readonly folder: string
  readonly room: ReturnType<typeof createRoom>
  readonly reserve: ReturnType<typeof createReserve>
  readonly files: ReturnType<typeof watchFiles>
}

/** The current problem of the data folder. Any part can report one; all parts can read it. */
export function createStorageState(
  folder: string,
  log: Pick<Log, 'warn' | 'error'>,
  database: Database,
) {
  const state: ProblemState = {
    problem: null,
    emptyLog: async () => undefined,
    emptying: null,
    restUntil: 0,
    indexNotedAt: Number.NEGATIVE_INFINITY,
    changed: () => undefined,
  }

  const reserve = createReserve(folder)
  const files = watchFiles(folder)
  const room = createRoom(folder, database, files.size)
  const context: StorageContext = { state, log, folder, room, reserve, files }

  return {
    check: (): Fault | null => check(context),
    problem: (): StorageProblem | null =>
      state.problem && { code: codeOf(state.problem), message: state.problem.message },

    /** Sets the only listener, called at every change. */
    onChange(listener: () => void): void {
      state.changed = listener
    },

    /** The fault of a storage error, which becomes the current problem; null: another error. */
    explain: (error: unknown): Fault | null => explain(context, error),

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
    refusal: (bytes: number): Fault | null => refusal(context, bytes),

    lacksRoom: (bytes: number): boolean => lacksRoom(context, bytes),
    makeRoom: (): Promise<void> => makeRoom(context),
    canMoveLog: room.canMoveLog,

    /** Sets the function that makes a checkpoint. */
    onMakeRoom(work: () => Promise<void>): void {
      state.emptyLog = work
    },

    /** Returns true if it freed space, so that a deletion can be retried. */
    giveUpReserve: reserve.release,

    /** A commit succeeded. */
    noteCommit: (): void => noteCommit(context),

    /** Detects problems that no request reports. */
    checkAll: (): Promise<void> => checkAll(context),
  }
}

function note({ state, log }: StorageContext, fault: Fault, cause: unknown = fault): Fault {
  // A damaged database needs a restart with another file.
  if (state.problem?.code === 'storage_damaged' || state.problem?.code === fault.code) return fault
  state.problem = fault
  const { code } = cause as { readonly code?: unknown }
  log.error(fault.message, fault, { reason: String(code) })
  state.changed()
  return fault
}

/** Not a storage problem, since mail is still stored. */
function noteIndex({ state, log }: StorageContext, fault: Fault): Fault {
  const now = performance.now()
  if (now - state.indexNotedAt > indexHoldsMs) {
    log.warn(fault.message)
    state.indexNotedAt = now
  }
  return fault
}

function over({ state, log, folder }: StorageContext): void {
  state.problem = null
  log.warn(`The data folder ${folder} can be written again`)
  state.changed()
}

/** Without the reserve file, its size of the free space is still not for new mail. */
const lacksRoom = ({ room, reserve }: StorageContext, bytes: number): boolean =>
  !room.has(bytes, reserveBytes + (reserve.isHeld() ? 0 : reserveBytes))

/** Moves the log into the database and frees its space; concurrent calls share one checkpoint. */
async function makeRoom(context: StorageContext): Promise<void> {
  const { state, room, files } = context
  if (performance.now() < state.restUntil || !room.canMoveLog()) return
  state.emptying ??= state.emptyLog().finally(() => {
    state.emptying = null
    files.trouble()
    room.again()
    state.restUntil = lacksRoom(context, 0) ? performance.now() + restMs : 0
  })
  await state.emptying
}

/** Null: the open files are complete and still in the folder. */
function check(context: StorageContext): Fault | null {
  const { files, folder, state } = context
  const trouble = files.trouble()
  if (trouble === 'gone') return note(context, folderGone(folder))
  if (trouble === 'cut') return note(context, databaseCut(folder))
  if (
    state.problem?.code === 'storage_unavailable' &&
    state.problem.message === folderGone(folder).message
  )
    over(context)
  return null
}

function explain(context: StorageContext, error: unknown): Fault | null {
  const { folder } = context
  const fault = storageFault(error, folder)
  // A thread that cannot open its files reports only that it ended.
  if (!fault) return threadFailureOf(error) === 'crashed' ? check(context) : null
  return (
    check(context) ?? (isOfIndex(error) ? noteIndex(context, fault) : note(context, fault, error))
  )
}

function refusal(context: StorageContext, bytes: number): Fault | null {
  const { state, folder } = context
  if (state.problem?.code === 'storage_damaged') return state.problem
  return lacksRoom(context, bytes) ? (check(context) ?? note(context, diskFull(folder))) : null
}

function noteCommit(context: StorageContext): void {
  const { state, room } = context
  if (state.problem === null || state.problem.code === 'storage_damaged') return
  // The last measurement may be older than the problem.
  if (state.problem.code === 'storage_full') room.again()
  if (state.problem.code !== 'storage_full' || !lacksRoom(context, 0)) over(context)
}

async function checkAll(context: StorageContext): Promise<void> {
  const { room, state, reserve } = context
  if (check(context)) return
  room.again()
  if (lacksRoom(context, 0)) await makeRoom(context)
  // A reserve that takes the last free space would make the disk look less full than it is.
  if (state.problem?.code === 'storage_full' && lacksRoom(context, 0)) return
  if (state.problem?.code === 'storage_full') over(context)
  await reserve.hold()
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
