import { setTimeout as pause } from 'node:timers/promises'
import type { Clock } from '../../base/clock.ts'
import type { LoadMeter } from '../../base/load-meter.ts'
import type { Log } from '../../base/log.ts'
import { startLoop } from '../../base/loop.ts'
import { threadFailureOf } from '../../base/thread-failure.ts'
import { isStorageFault } from '../../contract/faults.ts'
import type { EncodedPart } from '../../mime/encoded-part.ts'
import type { CommitQueue } from '../../storage/commit-queue.ts'
import type { Reader } from '../../storage/reader.ts'
import { searchFile } from '../../storage/search-database.ts'
import type { StorageState } from '../../storage/storage-state.ts'
import { createIndexBatches } from './index-batches.ts'
import { startIndexThread } from './index-thread.ts'
import { createIndexedMessages } from './indexed-messages.ts'
import type { ReadingLimits } from './problems.ts'
import { startReading } from './reading.ts'
import type { ViewFacts } from './view-facts.ts'
import type { PageSource } from './view-page.ts'

export type Indexing = ReturnType<typeof startIndexing>

type IndexingDeps = {
  readonly folder: string
  readonly queue: CommitQueue
  readonly reader: Reader
  readonly storage: StorageState
  readonly clock: Clock
  readonly log: Log
  readonly load: LoadMeter
  /** The start found a damaged index and created a new one. */
  readonly isRebuilt: boolean
  readonly limits: ReadingLimits
}

const maxClosingMs = 1500
/** Under load, indexing waits between batches and leaves the processor to callers. */
const busyDelayMs = 250

/** Indexes messages after they are accepted, on another thread. */
export function startIndexing(deps: IndexingDeps) {
  const { folder, queue, reader, storage, clock, log, load, limits } = deps
  const reading = startReading(folder, storage, clock, limits)
  const rebuild = watchRebuild(folder, log)
  const thread = startIndexThread({ folder, storage, limits, onRebuilt })
  const indexNext = createIndexBatches(thread, log)
  const settleMs = () => (load.isBusy() ? busyDelayMs : 0)
  const loop = startLoop({ name: 'indexing', clock, log, run, settleMs })
  const stopListening = queue.onEvents(loop.wake)
  let isClosing = false
  if (deps.isRebuilt) rebuild.begin()
  reader.onDamagedSearch(async () => {
    await thread.ask('done', { type: 'rebuild' })
    loop.wake()
  })
  loop.wake()

  function onRebuilt(): void {
    rebuild.begin()
    loop.wake()
  }

  async function run(): Promise<number | null> {
    const count = await indexNext().catch((error) => {
      if (threadFailureOf(error) === 'closed') return 0
      throw error
    })
    if (count === 0) {
      if (!isClosing) rebuild.complete()
      return null
    }
    await queue.write((transaction) => transaction.append({ type: 'indexed', data: { count } }))
    return settleMs()
  }

  return {
    /** Parse results of messages. */
    messages: createIndexedMessages(reader, reading),

    /** The MIME tree, parsed at each request; null for a deleted message. */
    tree: reading.tree,

    htmlToText: reading.htmlToText,

    extract: reading.extract,

    /** The page of a long HTML part. */
    async page(source: PageSource): Promise<Buffer> {
      const page = await reading.page(source)
      return Buffer.from(page.buffer, page.byteOffset, page.byteLength)
    },

    /** Facts about a long HTML part, before it is shown. */
    facts: (html: readonly EncodedPart[]): Promise<ViewFacts> => reading.facts(html),

    /** Removes deleted messages. After a crash the next start removes the rest. */
    forget(ids: readonly number[]): void {
      thread.ask('done', { type: 'forget', ids }).catch((error) => {
        if (!isClosing && !isStorageFault(error))
          log.error('Deleted messages could not be removed from the search index', error)
      })
    },

    percent: () => indexedPercent(reader),

    idle: loop.idle,

    async close(): Promise<void> {
      isClosing = true
      stopListening()
      const ended = loop.close()
      // A batch ends soon. A message that takes longer is indexed at the next start.
      await Promise.race([ended, pause(maxClosingMs, undefined, { ref: false })])
      await Promise.all([thread.close(), reading.close()])
      await ended
    },
  }
}

/** Logs the beginning and the end of a rebuild of the index. */
function watchRebuild(folder: string, log: Log) {
  /** True until every message is in the new index. */
  let isRebuilding = false
  return {
    begin(): void {
      if (!isRebuilding) log.warn(rebuildSentence(folder))
      isRebuilding = true
    },

    complete(): void {
      if (isRebuilding) log.warn('The search index is complete again')
      isRebuilding = false
    },
  }
}

/** The share of messages in the index, in percent; below 100, searches are incomplete. */
async function indexedPercent(reader: Reader): Promise<number> {
  const row = await reader.first<{ through: number; last: number | null }>(
    `SELECT (SELECT through FROM search.progress) AS through,
       (SELECT id FROM messages WHERE inbox IS NOT NULL ORDER BY id DESC LIMIT 1) AS last`,
  )
  if (!row?.last || row.through >= row.last) return 100
  return Math.floor((row.through / row.last) * 100)
}

const rebuildSentence = (folder: string): string =>
  `The search index ${searchFile(folder)} was damaged or missing and is being rebuilt. Lists and messages keep working; searches are incomplete until it is done`
