import { setTimeout } from 'node:timers/promises'
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

/** An error that recurs sooner is not caused by the index. */
const restMs = 10_000

export type Query = { readonly sql: string; readonly parameters: readonly unknown[] }

export type Reader = ReturnType<typeof startReader>

/** A statement without `mayContinue` cannot check its time, so its thread is ended after this. */
const maxReadMs = 30_000
const maxSearchMs = 10_000
const maxStoppingMs = 2_000
const maxWaitingReads = 5000
const maxWaitingSearches = 50

/** A damaged or missing search index is rebuilt once for all reads that meet it. */
type RebuildState = {
  rebuildSearch: (() => Promise<void>) | null
  rebuilding: Promise<void> | null
  /** The number of rebuilds. */
  rebuilt: number
  mayRebuildAt: number
}

type ReaderContext = {
  readonly state: RebuildState
  readonly storage: StorageState
  readonly maxMs: number
}

/**
 * Reads that grow with the inbox run on two threads: searches on one, in fair turns, and reads by an
 * index on the other. A read sees all earlier commits. The row type must match the SQL; nothing checks
 * it.
 */
export function startReader(
  folder: string,
  storage: StorageState,
  clock: Clock,
  maxMs = maxSearchMs,
) {
  const state: RebuildState = {
    rebuildSearch: null,
    rebuilding: null,
    rebuilt: 0,
    mayRebuildAt: 0,
  }
  const context: ReaderContext = { state, storage, maxMs }

  const stop = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)
  const stopFlag = new Int32Array(stop)
  let isClosing = false
  let running: Promise<unknown> = Promise.resolve()
  const reads = start(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))
  const searches = start(stop)
  const queue = createFairQueue({
    clock,
    maxWaiting: maxWaitingSearches,
    maxChargeMs: maxMs,
    tooMany: tooManySearches,
  })

  function start(stopOfThread: SharedArrayBuffer) {
    return startThread<Query, unknown[]>(
      import.meta.url,
      'reader-worker',
      { folder, identity: fileIdentity(databaseFile(folder)), stop: stopOfThread, maxMs },
      { maxCrashes: 2, maxRequestMs: maxReadMs, maxWaiting: maxWaitingReads },
    )
  }

  function all<Row>(sql: string, ...parameters: readonly unknown[]): Promise<Row[]> {
    return answered(context, sql, () => reads.ask({ sql, parameters })) as Promise<Row[]>
  }

  /** Stops when its time is over or its client disconnects. */
  function search<Row>(turn: Turn, sql: string, ...parameters: readonly unknown[]): Promise<Row[]> {
    const { signal } = turn
    const leave = (): void => void Atomics.store(stopFlag, 0, 1)
    const work = async (): Promise<unknown[]> => {
      if (!isClosing) Atomics.store(stopFlag, 0, 0)
      signal?.addEventListener('abort', leave, { once: true })
      try {
        const asked = searches.ask({ sql, parameters })
        running = asked.catch(() => undefined)
        return await asked
      } catch (error) {
        throw signal?.aborted ? clientLeft() : error
      } finally {
        signal?.removeEventListener('abort', leave)
      }
    }
    return answered(context, sql, () => queue.run(turn, work)) as Promise<Row[]>
  }

  return {
    all,
    search,
    async first<Row>(sql: string, ...parameters: readonly unknown[]): Promise<Row | null> {
      const [row] = await all<Row>(sql, ...parameters)
      return row ?? null
    },
    /** Sets the function that rebuilds the index when a read finds it damaged or missing. */
    onDamagedSearch(make: () => Promise<void>): void {
      state.rebuildSearch = make
    },
    async close(): Promise<void> {
      isClosing = true
      Atomics.store(stopFlag, 0, 1)
      // A terminated thread calls no function any more, so `mayContinue` would not end its statement.
      await Promise.race([running, setTimeout(maxStoppingMs, undefined, { ref: false })])
      await Promise.all([reads.close(), searches.close()])
    },
  }
}

async function answered(
  context: ReaderContext,
  sql: string,
  ask: () => Promise<unknown[]>,
): Promise<unknown[]> {
  const { state, storage } = context
  const rebuiltBefore = state.rebuilt
  try {
    return await ask()
  } catch (error) {
    const canRebuild = readsSearch(sql) && isSearchError(error) && !storage.check()
    if (!state.rebuildSearch || !canRebuild) throw explain(context, error)
    if (state.rebuilt === rebuiltBefore && performance.now() < state.mayRebuildAt)
      throw explain(context, error)
    if (state.rebuilt === rebuiltBefore) await rebuildOnce(context, state.rebuildSearch)
  }
  // A second failure is not the fault of the index.
  return ask().catch((error) => {
    throw explain(context, error)
  })
}

/** Once for all reads that met the same damage. */
function rebuildOnce({ state }: ReaderContext, make: () => Promise<void>): Promise<void> {
  state.rebuilding ??= make().finally(() => {
    state.rebuilt += 1
    state.mayRebuildAt = performance.now() + restMs
    state.rebuilding = null
  })
  return state.rebuilding
}

function explain({ storage, maxMs }: ReaderContext, error: unknown): unknown {
  const { code } = error as { readonly code?: unknown }
  if (code === searchStopped) return tookTooLong(maxMs)
  if (threadFailureOf(error) === 'late') return tookTooLong(maxReadMs)
  return storage.explain(error) ?? error
}

function isSearchError(error: unknown): boolean {
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
