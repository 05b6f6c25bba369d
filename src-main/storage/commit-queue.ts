import type { Clock } from '../base/clock.ts'
import type { Database } from './database.ts'
import type { EventLog, NewEvent } from './event-log.ts'

/** What work may do besides SQL: state the fact that the transaction makes true. */
export type Transaction = { readonly append: (event: NewEvent) => void }

export type CommitQueue = ReturnType<typeof createCommitQueue>

type Item = {
  readonly work: (transaction: Transaction) => unknown
  readonly resolve: (value: never) => void
  readonly reject: (error: unknown) => void
  readonly isSure: boolean
}

/** Under load a commit waits for so many more turns of the event loop, while they bring more work. */
const mostTurns = 2

/**
 * The one writer. Work queued in the same turn of the event loop, or in the next while work keeps
 * coming, commits in one transaction, so that one fsync serves many messages; each promise settles
 * after COMMIT. Work that throws takes back its own writes and no others: it has a savepoint of its
 * own, or, where nothing but a broken disk should stop it, it is done again with one.
 */
export function createCommitQueue(database: Database, eventLog: EventLog, clock: Clock) {
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

  const transaction: Transaction = {
    append(event) {
      eventLog.append(clock.now(), event)
      hasEvents = true
    },
  }

  function turn(): void {
    if (queued.length === 0) return
    if (queued.length > seen && turns < mostTurns) {
      seen = queued.length
      turns += 1
      setImmediate(turn)
    } else flush()
  }

  function flush(): void {
    const batch = queued
    queued = []
    seen = 0
    turns = 0
    try {
      for (const call of commitBatch(batch)) call()
    } catch (error) {
      // The disk is full or gone: nothing of this batch is durable, so nobody is told it is.
      for (const { reject } of batch) reject(error)
      return
    }
    if (hasEvents) for (const listener of committed) listener()
  }

  /** Answers how to settle each promise. */
  function commitBatch(batch: readonly Item[]): (() => void)[] {
    try {
      return commitWith((item) => (item.isSure ? run(item) : attempt(item)), batch)
    } catch (error) {
      if (!batch.some(({ isSure }) => isSure)) throw error
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
      if (database.inTransaction) rollback.run()
      throw error
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
      if (!database.inTransaction) throw error
      rollbackItem.run()
      release.run()
      return () => reject(error)
    }
  }

  function enqueue<T>(work: (transaction: Transaction) => T, isSure: boolean): Promise<T> {
    if (closed) return Promise.reject(new Error('The database is closed'))
    return new Promise<T>((resolve, reject) => {
      if (queued.push({ work, resolve, reject, isSure }) === 1) {
        seen = 1
        setImmediate(turn)
      }
    })
  }

  return {
    /** Runs `work` in the next transaction; resolves with its value once that is durable. */
    write: <T>(work: (transaction: Transaction) => T): Promise<T> => enqueue(work, false),

    /**
     * As `write`, for work that refuses nothing: without a savepoint, which costs a copy of every
     * page that the work touches. If it throws all the same, its batch is done again with savepoints.
     */
    writeSure: <T>(work: (transaction: Transaction) => T): Promise<T> => enqueue(work, true),

    /** Calls `listener` after each commit that appended events; answers the way to stop it. */
    onEvents(listener: () => void): () => void {
      committed.add(listener)
      return () => void committed.delete(listener)
    },

    get depth(): number {
      return queued.length
    },

    /** Commits what is queued and takes no more. */
    close(): void {
      if (queued.length > 0) flush()
      closed = true
    },
  }
}
