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
}

/**
 * The one writer. Work queued in the same turn of the event loop commits in one transaction, so
 * that one fsync serves many messages; each promise settles after COMMIT. Every piece of work has
 * a savepoint of its own: one that throws takes back its own writes and no others.
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
  let hasEvents = false
  let closed = false

  const transaction: Transaction = {
    append(event) {
      eventLog.append(clock.now(), event)
      hasEvents = true
    },
  }

  function flush(): void {
    const batch = queued
    queued = []
    hasEvents = false
    const settle: (() => void)[] = []
    try {
      begin.run()
      for (const item of batch) settle.push(attempt(item))
      commit.run()
    } catch (error) {
      // The disk is full or gone: nothing of this batch is durable, so nobody is told it is.
      if (database.inTransaction) rollback.run()
      for (const item of batch) item.reject(error)
      return
    }
    for (const call of settle) call()
    if (hasEvents) for (const listener of committed) listener()
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

  return {
    /** Runs `work` in the next transaction; resolves with its value once that is durable. */
    write<T>(work: (transaction: Transaction) => T): Promise<T> {
      if (closed) return Promise.reject(new Error('The database is closed'))
      return new Promise<T>((resolve, reject) => {
        if (queued.push({ work, resolve, reject }) === 1) setImmediate(flush)
      })
    },

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
