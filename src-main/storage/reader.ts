import type { Clock } from '../base/clock.ts'
import { clientLeft, createFairQueue, type Turn } from '../base/fair-queue.ts'
import { fileIdentity } from '../base/file-identity.ts'
import { startThread } from '../base/thread.ts'
import { threadFailureOf } from '../base/thread-failure.ts'
import { Fault } from '../contract/faults.ts'
import { databaseFile } from './database.ts'
import { isDamage, readsSearch } from './search-database.ts'
import { searchStopped } from './search-limit.ts'
import type { StorageState } from './storage-state.ts'

/** An error that comes back sooner is no damage of the index. */
const restMs = 10_000

export type Query = { readonly sql: string; readonly parameters: readonly unknown[] }

export type Reader = ReturnType<typeof startReader>

/** A statement of SQLite without `mayContinue` tells no time: it has so long, by any clock. */
const maxReadMs = 30_000
const maxSearchMs = 10_000
const maxWaitingReads = 5000
const maxWaitingSearches = 50

/**
 * Reads that grow with the inbox run on threads of their own: searches on one, in fair turns, and
 * what an index finds at once on the other. A read sees everything that was committed before it was
 * asked for. The row type is the caller's word for what its SQL selects.
 */
export function startReader(
  folder: string,
  storage: StorageState,
  clock: Clock,
  maxMs = maxSearchMs,
) {
  const stop = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)
  const stopFlag = new Int32Array(stop)
  const reads = start(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))
  const searches = start(stop)
  const queue = createFairQueue({
    clock,
    maxWaiting: maxWaitingSearches,
    maxChargeMs: maxMs,
    tooMany: tooManySearches,
  })
  let makeSearchAnew: (() => Promise<void>) | null = null
  let mending: Promise<void> | null = null
  let mended = 0
  let mayMendAt = 0

  function start(stopOfThread: SharedArrayBuffer) {
    return startThread<Query, unknown[]>(
      import.meta.url,
      'reader-worker',
      { folder, identity: fileIdentity(databaseFile(folder)), stop: stopOfThread, maxMs },
      { maxCrashes: 2, maxRequestMs: maxReadMs, maxWaiting: maxWaitingReads },
    )
  }

  function all<Row>(sql: string, ...parameters: readonly unknown[]): Promise<Row[]> {
    return answered(sql, () => reads.ask({ sql, parameters })) as Promise<Row[]>
  }

  /** Ends in the middle when its time is over or its client leaves. */
  function search<Row>(turn: Turn, sql: string, ...parameters: readonly unknown[]): Promise<Row[]> {
    const { signal } = turn
    const leave = (): void => void Atomics.store(stopFlag, 0, 1)
    const work = async (): Promise<unknown[]> => {
      Atomics.store(stopFlag, 0, 0)
      signal?.addEventListener('abort', leave, { once: true })
      try {
        return await searches.ask({ sql, parameters })
      } catch (error) {
        throw signal?.aborted ? clientLeft() : error
      } finally {
        signal?.removeEventListener('abort', leave)
      }
    }
    return answered(sql, () => queue.run(turn, work)) as Promise<Row[]>
  }

  async function answered(sql: string, ask: () => Promise<unknown[]>): Promise<unknown[]> {
    const mendedBefore = mended
    try {
      return await ask()
    } catch (error) {
      const isMendable = readsSearch(sql) && isSearchTrouble(error) && !storage.look()
      if (!makeSearchAnew || !isMendable) throw explained(error)
      if (mended === mendedBefore && performance.now() < mayMendAt) throw explained(error)
      if (mended === mendedBefore) await mendSearch(makeSearchAnew)
    }
    // What is damaged now is not the index.
    return ask().catch((error) => {
      throw explained(error)
    })
  }

  /** Once for all reads that met the same damage. */
  function mendSearch(make: () => Promise<void>): Promise<void> {
    mending ??= make().finally(() => {
      mended += 1
      mayMendAt = performance.now() + restMs
      mending = null
    })
    return mending
  }

  function explained(error: unknown): unknown {
    const { code } = error as { readonly code?: unknown }
    if (code === searchStopped) return tookTooLong(maxMs)
    if (threadFailureOf(error) === 'late') return tookTooLong(maxReadMs)
    return storage.explain(error) ?? error
  }

  return {
    all,
    search,
    async first<Row>(sql: string, ...parameters: readonly unknown[]): Promise<Row | null> {
      const [row] = await all<Row>(sql, ...parameters)
      return row ?? null
    },
    /** Who makes the index again, when a read finds it damaged or gone. */
    onDamagedSearch(make: () => Promise<void>): void {
      makeSearchAnew = make
    },
    async close(): Promise<void> {
      Atomics.store(stopFlag, 0, 1)
      await Promise.all([reads.close(), searches.close()])
    },
  }
}

function isSearchTrouble(error: unknown): boolean {
  if (isDamage(error)) return true
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown }
  return code === 'SQLITE_CANTOPEN' || /no such table: search\./.test(String(message))
}

function tookTooLong(maxMs: number): Fault {
  return new Fault(
    'request_timeout',
    `Reading this took more than ${maxMs / 1000} seconds and was stopped. Ask for less: with a longer word, for one inbox, or for a shorter time, such as after:7d.`,
  )
}

function tooManySearches(): Fault {
  return new Fault(
    'rate_limit_exceeded',
    `${maxWaitingSearches} searches of this key or tenant wait already. Ask again when some of them are answered.`,
    { retry_after: 1 },
  )
}
