import type { Clock } from '../base/clock.ts'
import type { Database } from './database.ts'
import type { EventLog, NewEvent } from './event-log.ts'
import type { StorageState } from './storage-state.ts'

/** Appends the event that the transaction makes true. */
export type Transaction = { readonly append: (event: NewEvent) => void }

export type CommitQueue = ReturnType<typeof createCommitQueue>

type Item = {
  readonly work: (transaction: Transaction) => unknown
  readonly resolve: (value: never) => void
  readonly reject: (error: unknown) => void
  readonly isUnchecked: boolean
  readonly grows: boolean
}

type WriteOptions = {
  /** It stores new content: a full disk refuses it, and it does not use the reserve. */
  readonly grows?: boolean
}

/** Under load a commit waits for this many turns of the event loop, while they bring more work. */
const maxTurns = 2
/** Work waits this long for the lock of another program, and is then refused. */
const maxBusyMs = 2000
const busyPauseMs = 20

type QueueState = {
  queued: Item[]
  /** The length of `queued` a turn ago, and the number of turns it has waited. */
  seen: number
  turns: number
  /** The current batch appended events. */
  hasEvents: boolean
  closed: boolean
  /** Since when another program has the lock. */
  busySince: number | null
  /** A retry is scheduled. */
  isRetrying: boolean
  isPaused: boolean
}

type QueueContext = {
  readonly database: Database
  readonly statements: Statements
  readonly state: QueueState
  readonly storage: StorageState
  /** Called after each commit with events. */
  readonly listeners: Set<() => void>
  readonly transaction: Transaction
}

/**
 * The only writer of the database. Work of one turn of the event loop, or of two under load, commits
 * in one transaction, so that one fsync serves many messages. Each promise settles after COMMIT. Work
 * that throws rolls back its own writes only, by a savepoint. An error of the disk or the lock of
 * another program refuses the whole batch with a storage fault; this thread never waits for a lock.
 */
export function createCommitQueue(
  database: Database,
  eventLog: EventLog,
  clock: Clock,
  storage: StorageState,
) {
  const statements = prepareStatements(database)
  const state: QueueState = {
    queued: [],
    seen: 0,
    turns: 0,
    hasEvents: false,
    closed: false,
    busySince: null,
    isRetrying: false,
    isPaused: false,
  }

  const listeners = new Set<() => void>()
  const transaction: Transaction = {
    append(event) {
      eventLog.append(clock.now(), event)
      state.hasEvents = true
    },
  }
  const context: QueueContext = { database, statements, state, storage, listeners, transaction }

  return {
    /** Runs `work` in the next transaction; resolves with its value when that is durable. */
    write: <T>(work: (transaction: Transaction) => T, options?: WriteOptions): Promise<T> =>
      enqueue(context, work, false, options),

    /**
     * Like `write`, for work that does not throw: without a savepoint, which copies every page that
     * the work changes. If it throws all the same, its batch is repeated with savepoints.
     */
    writeUnchecked: <T>(
      work: (transaction: Transaction) => T,
      options?: WriteOptions,
    ): Promise<T> => enqueue(context, work, true, options),

    /** Calls `listener` after each commit that appended events. Returns a function that stops it. */
    onEvents(listener: () => void): () => void {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },

    /** Commits nothing until `work` has ended. */
    async pauseDuring(work: () => Promise<void>): Promise<void> {
      state.isPaused = true
      try {
        await work()
      } finally {
        state.isPaused = false
        if (state.queued.length > 0 && !state.isRetrying) flush(context)
      }
    },

    get depth(): number {
      return state.queued.length
    },

    /** Commits the queued work and accepts no more. */
    close(): void {
      state.closed = true
      database.pragma(`busy_timeout = ${maxBusyMs}`)
      if (state.queued.length > 0) flush(context)
    },
  }
}

function turn(context: QueueContext): void {
  const { state } = context
  if (state.queued.length === 0 || state.isRetrying || state.isPaused) return
  if (state.queued.length > state.seen && state.turns < maxTurns) {
    state.seen = state.queued.length
    state.turns += 1
    setImmediate(turn, context)
  } else flush(context)
}

function flush(context: QueueContext): void {
  const { state, storage, listeners } = context
  const asked = state.queued
  state.queued = []
  state.seen = 0
  state.turns = 0
  const fault = storage.check()
  if (fault) {
    rejectAll(asked, fault)
    return
  }
  const batch = withoutRefused(context, asked)
  if (batch.length === 0) return
  const startedAt = performance.now()
  let settle: (() => void)[]
  try {
    settle = commitBatch(context, batch)
  } catch (error) {
    handleFailure(context, batch, error, startedAt)
    return
  }
  // The files may have been deleted meanwhile: then the batch is not durable.
  const problem = storage.check()
  if (problem) {
    rejectAll(batch, problem)
    return
  }
  state.busySince = null
  storage.noteCommit()
  for (const call of settle) call()
  if (state.hasEvents) for (const listener of listeners) listener()
}

/** Work without new content continues: deletions free space, and replies of relays are stored. */
function withoutRefused({ storage }: QueueContext, asked: readonly Item[]): readonly Item[] {
  const refusal = asked.some(({ grows }) => grows) ? storage.refusal(0) : null
  if (!refusal) return asked
  rejectAll(
    asked.filter(({ grows }) => grows),
    refusal,
  )
  return asked.filter(({ grows }) => !grows)
}

/** No work of the batch is durable: retries it after a short lock, else rejects its promises. */
function handleFailure(
  context: QueueContext,
  batch: readonly Item[],
  error: unknown,
  startedAt: number,
): void {
  const { storage, state } = context
  const code = storage.codeOf(error)
  if (code === 'storage_busy' && !state.closed) {
    // At the start SQLite itself waits for the lock; that time counts too.
    state.busySince ??= startedAt
    if (performance.now() - state.busySince < maxBusyMs) {
      state.queued = [...batch, ...state.queued]
      state.isRetrying = true
      setTimeout(retry, busyPauseMs, context)
      return
    }
    state.busySince = null
  }
  const fault = storage.explain(error) ?? error
  if (code === 'storage_full' && storage.giveUpReserve()) {
    rejectAll(
      batch.filter(({ grows }) => grows),
      fault,
    )
    state.queued = [...batch.filter(({ grows }) => !grows), ...state.queued]
    flush(context)
  } else rejectAll(batch, fault)
}

function retry(context: QueueContext): void {
  const { state } = context
  state.isRetrying = false
  if (state.queued.length > 0 && !state.isPaused) flush(context)
}

function rejectAll(batch: readonly Item[], error: unknown): void {
  for (const { reject } of batch) reject(error)
}

/** Returns the functions that settle the promises. */
function commitBatch(context: QueueContext, batch: readonly Item[]): (() => void)[] {
  const { storage } = context
  try {
    return commitWith(context, batch, (item) =>
      item.isUnchecked ? run(context, item) : attempt(context, item),
    )
  } catch (error) {
    if (storage.codeOf(error) !== null || !batch.some(({ isUnchecked }) => isUnchecked)) throw error
    return commitWith(context, batch, (item) => attempt(context, item))
  }
}

function commitWith(
  context: QueueContext,
  batch: readonly Item[],
  runItem: (item: Item) => () => void,
): (() => void)[] {
  const { state, statements } = context
  state.hasEvents = false
  try {
    statements.begin.run()
    const settle = batch.map(runItem)
    statements.commit.run()
    return settle
  } catch (error) {
    rollbackBatch(context)
    throw error
  }
}

/** After some errors SQLite has rolled back by itself, and on a broken disk it may fail to. */
function rollbackBatch({ database, statements }: QueueContext): void {
  try {
    if (database.inTransaction) statements.rollback.run()
  } catch {
    // The first error is the cause; while this transaction is open, the next BEGIN fails.
  }
}

function run({ transaction }: QueueContext, { work, resolve }: Item): () => void {
  const value = work(transaction)
  return () => resolve(value as never)
}

function attempt(
  { statements, transaction, database, storage }: QueueContext,
  { work, resolve, reject }: Item,
): () => void {
  statements.savepoint.run()
  try {
    const value = work(transaction)
    statements.release.run()
    return () => resolve(value as never)
  } catch (error) {
    if (!database.inTransaction || storage.codeOf(error) !== null) throw error
    statements.rollbackItem.run()
    statements.release.run()
    return () => reject(error)
  }
}

function enqueue<T>(
  context: QueueContext,
  work: (transaction: Transaction) => T,
  isUnchecked: boolean,
  { grows = false }: WriteOptions = {},
): Promise<T> {
  const { state } = context
  if (state.closed) return Promise.reject(new Error('The database is closed'))
  return new Promise<T>((resolve, reject) => {
    if (state.queued.push({ work, resolve, reject, isUnchecked, grows }) === 1) {
      state.seen = 1
      setImmediate(turn, context)
    }
  })
}

type Statements = ReturnType<typeof prepareStatements>

function prepareStatements(database: Database) {
  return {
    begin: database.prepare('BEGIN IMMEDIATE'),
    commit: database.prepare('COMMIT'),
    rollback: database.prepare('ROLLBACK'),
    savepoint: database.prepare('SAVEPOINT item'),
    release: database.prepare('RELEASE item'),
    rollbackItem: database.prepare('ROLLBACK TO item'),
  }
}
