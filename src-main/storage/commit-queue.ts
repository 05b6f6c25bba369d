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
  const begin = database.prepare('BEGIN IMMEDIATE')
  const commit = database.prepare('COMMIT')
  const rollback = database.prepare('ROLLBACK')
  const savepoint = database.prepare('SAVEPOINT item')
  const release = database.prepare('RELEASE item')
  const rollbackItem = database.prepare('ROLLBACK TO item')

  const committed = new Set<() => void>()
  let queued: Item[] = []
  /** The length of `queued` a turn ago, and the number of turns it has waited. */
  let seen = 0
  let turns = 0
  let hasEvents = false
  let closed = false
  let busySince: number | null = null
  /** A retry is scheduled. */
  let isRetrying = false
  let isPaused = false

  const transaction: Transaction = {
    append(event) {
      eventLog.append(clock.now(), event)
      hasEvents = true
    },
  }

  function turn(): void {
    if (queued.length === 0 || isRetrying || isPaused) return
    if (queued.length > seen && turns < maxTurns) {
      seen = queued.length
      turns += 1
      setImmediate(turn)
    } else flush()
  }

  function flush(): void {
    const asked = queued
    queued = []
    seen = 0
    turns = 0
    const fault = storage.check()
    if (fault) {
      rejectAll(asked, fault)
      return
    }
    const batch = withoutRefused(asked)
    if (batch.length === 0) return
    const startedAt = performance.now()
    let settle: (() => void)[]
    try {
      settle = commitBatch(batch)
    } catch (error) {
      handleFailure(batch, error, startedAt)
      return
    }
    // The files may have been deleted meanwhile: then the batch is not durable.
    const problem = storage.check()
    if (problem) {
      rejectAll(batch, problem)
      return
    }
    busySince = null
    storage.noteCommit()
    for (const call of settle) call()
    if (hasEvents) for (const listener of committed) listener()
  }

  /** Work without new content continues: deletions free space, and replies of relays are stored. */
  function withoutRefused(asked: readonly Item[]): readonly Item[] {
    const refusal = asked.some(({ grows }) => grows) ? storage.refusal(0) : null
    if (!refusal) return asked
    rejectAll(
      asked.filter(({ grows }) => grows),
      refusal,
    )
    return asked.filter(({ grows }) => !grows)
  }

  /** No work of the batch is durable: retries it after a short lock, else rejects its promises. */
  function handleFailure(batch: readonly Item[], error: unknown, startedAt: number): void {
    const code = storage.codeOf(error)
    if (code === 'storage_busy' && !closed) {
      // At the start SQLite itself waits for the lock; that time counts too.
      busySince ??= startedAt
      if (performance.now() - busySince < maxBusyMs) {
        queued = [...batch, ...queued]
        isRetrying = true
        setTimeout(retry, busyPauseMs)
        return
      }
      busySince = null
    }
    const fault = storage.explain(error) ?? error
    if (code === 'storage_full' && storage.giveUpReserve()) {
      rejectAll(
        batch.filter(({ grows }) => grows),
        fault,
      )
      queued = [...batch.filter(({ grows }) => !grows), ...queued]
      flush()
    } else rejectAll(batch, fault)
  }

  function retry(): void {
    isRetrying = false
    if (queued.length > 0 && !isPaused) flush()
  }

  function rejectAll(batch: readonly Item[], error: unknown): void {
    for (const { reject } of batch) reject(error)
  }

  /** Returns the functions that settle the promises. */
  function commitBatch(batch: readonly Item[]): (() => void)[] {
    try {
      return commitWith((item) => (item.isUnchecked ? run(item) : attempt(item)), batch)
    } catch (error) {
      if (storage.codeOf(error) !== null || !batch.some(({ isUnchecked }) => isUnchecked))
        throw error
      return commitWith(attempt, batch)
    }
  }

  function commitWith(runItem: (item: Item) => () => void, batch: readonly Item[]): (() => void)[] {
    hasEvents = false
    try {
      begin.run()
      const settle = batch.map(runItem)
      commit.run()
      return settle
    } catch (error) {
      rollbackBatch()
      throw error
    }
  }

  /** After some errors SQLite has rolled back by itself, and on a broken disk it may fail to. */
  function rollbackBatch(): void {
    try {
      if (database.inTransaction) rollback.run()
    } catch {
      // The first error is the cause; while this transaction is open, the next BEGIN fails.
    }
  }

  function run({ work, resolve }: Item): () => void {
    const value = work(transaction)
    return () => resolve(value as never)
  }

  function attempt({ work, resolve, reject }: Item): () => void {
    savepoint.run()
    try {
      const value = work(transaction)
      release.run()
      return () => resolve(value as never)
    } catch (error) {
      if (!database.inTransaction || storage.codeOf(error) !== null) throw error
      rollbackItem.run()
      release.run()
      return () => reject(error)
    }
  }

  function enqueue<T>(
    work: (transaction: Transaction) => T,
    isUnchecked: boolean,
    { grows = false }: WriteOptions = {},
  ): Promise<T> {
    if (closed) return Promise.reject(new Error('The database is closed'))
    return new Promise<T>((resolve, reject) => {
      if (queued.push({ work, resolve, reject, isUnchecked, grows }) === 1) {
        seen = 1
        setImmediate(turn)
      }
    })
  }

  return {
    /** Runs `work` in the next transaction; resolves with its value when that is durable. */
    write: <T>(work: (transaction: Transaction) => T, options?: WriteOptions): Promise<T> =>
      enqueue(work, false, options),

    /**
     * Like `write`, for work that does not throw: without a savepoint, which copies every page that
     * the work changes. If it throws all the same, its batch is repeated with savepoints.
     */
    writeUnchecked: <T>(
      work: (transaction: Transaction) => T,
      options?: WriteOptions,
    ): Promise<T> => enqueue(work, true, options),

    /** Calls `listener` after each commit that appended events. Returns a function that stops it. */
    onEvents(listener: () => void): () => void {
      committed.add(listener)
      return () => void committed.delete(listener)
    },

    /** Commits nothing until `work` has ended. */
    async pauseDuring(work: () => Promise<void>): Promise<void> {
      isPaused = true
      try {
        await work()
      } finally {
        isPaused = false
        if (queued.length > 0 && !isRetrying) flush()
      }
    },

    get depth(): number {
      return queued.length
    },

    /** Commits the queued work and accepts no more. */
    close(): void {
      closed = true
      database.pragma(`busy_timeout = ${maxBusyMs}`)
      if (queued.length > 0) flush()
    },
  }
}
