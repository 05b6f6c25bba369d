import type { Clock } from '../base/clock.ts'
import type { Database } from './database.ts'
import type { EventLog, NewEvent } from './event-log.ts'
import type { StorageState } from './storage-state.ts'

/** What work may do besides SQL: state the fact that the transaction makes true. */
export type Transaction = { readonly append: (event: NewEvent) => void }

export type CommitQueue = ReturnType<typeof createCommitQueue>

type Item = {
  readonly work: (transaction: Transaction) => unknown
  readonly resolve: (value: never) => void
  readonly reject: (error: unknown) => void
  readonly isSure: boolean
  readonly grows: boolean
}

type WriteOptions = {
  /** It brings new content: on a full disk it is refused, and what the reserve holds is not for it. */
  readonly grows?: boolean
}

/** Under load a commit waits for so many more turns of the event loop, while they bring more work. */
const maxTurns = 2
/** While another program holds the database, work waits for so long and is then refused. */
const maxBusyMs = 2000
const busyPauseMs = 20

/**
 * The one writer. Work queued in the same turn of the event loop, or in the next while work keeps
 * coming, commits in one transaction, so that one fsync serves many messages; each promise settles
 * after COMMIT. Work that throws takes back its own writes and no others: it has a savepoint of its
 * own, or, where nothing but a broken disk should stop it, it is done again with one.
 * Where the disk or another program is in the way, the whole batch is refused with the storage's own
 * sentence; nothing waits for a lock on this thread.
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
  /** Of `queued`, what was there a turn ago; and how many turns it has waited. */
  let seen = 0
  let turns = 0
  let hasEvents = false
  let closed = false
  let busySince: number | null = null
  /** Another try has its time already. */
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
    const trouble = storage.look()
    if (trouble) {
      rejectAll(asked, trouble)
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
    // The files may have been taken away in the middle of it: then nobody is told it is durable.
    const late = storage.look()
    if (late) {
      rejectAll(batch, late)
      return
    }
    busySince = null
    storage.worked()
    for (const call of settle) call()
    if (hasEvents) for (const listener of committed) listener()
  }

  /** Work that brings no new content goes on: deleting makes room, and a relay's answer is kept. */
  function withoutRefused(asked: readonly Item[]): readonly Item[] {
    const refusal = asked.some(({ grows }) => grows) ? storage.refusal(0) : null
    if (!refusal) return asked
    rejectAll(
      asked.filter(({ grows }) => grows),
      refusal,
    )
    return asked.filter(({ grows }) => !grows)
  }

  /** Nothing of the batch is durable, so nobody is told it is. */
  function handleFailure(batch: readonly Item[], error: unknown, startedAt: number): void {
    const code = storage.codeOf(error)
    if (code === 'storage_busy' && !closed) {
      // A start waits for a lock within SQLite, which counts too.
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

  /** Answers how to settle each promise. */
  function commitBatch(batch: readonly Item[]): (() => void)[] {
    try {
      return commitWith((item) => (item.isSure ? run(item) : attempt(item)), batch)
    } catch (error) {
      if (storage.codeOf(error) !== null || !batch.some(({ isSure }) => isSure)) throw error
      return commitWith(attempt, batch)
    }
  }

  function commitWith(take: (item: Item) => () => void, batch: readonly Item[]): (() => void)[] {
    hasEvents = false
    try {
      begin.run()
      const settle = batch.map(take)
      commit.run()
      return settle
    } catch (error) {
      takeBack()
      throw error
    }
  }

  /** SQLite rolls back by itself where it can do no more; a broken disk may keep us from it. */
  function takeBack(): void {
    try {
      if (database.inTransaction) rollback.run()
    } catch {
      // The error that led here says more, and the next BEGIN fails as long as this one is open.
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
    isSure: boolean,
    { grows = false }: WriteOptions = {},
  ): Promise<T> {
    if (closed) return Promise.reject(new Error('The database is closed'))
    return new Promise<T>((resolve, reject) => {
      if (queued.push({ work, resolve, reject, isSure, grows }) === 1) {
        seen = 1
        setImmediate(turn)
      }
    })
  }

  return {
    /** Runs `work` in the next transaction; resolves with its value once that is durable. */
    write: <T>(work: (transaction: Transaction) => T, options?: WriteOptions): Promise<T> =>
      enqueue(work, false, options),

    /**
     * As `write`, for work that refuses nothing: without a savepoint, which costs a copy of every
     * page that the work touches. If it throws all the same, its batch is done again with savepoints.
     */
    writeSure: <T>(work: (transaction: Transaction) => T, options?: WriteOptions): Promise<T> =>
      enqueue(work, true, options),

    /** Calls `listener` after each commit that appended events; answers the way to stop it. */
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

    /** Commits what is queued and takes no more. */
    close(): void {
      closed = true
      database.pragma(`busy_timeout = ${maxBusyMs}`)
      if (queued.length > 0) flush()
    },
  }
}
