import { setTimeout as pause } from 'node:timers/promises'
import type { Clock } from '../../base/clock.ts'
import { fileIdentity } from '../../base/file-identity.ts'
import type { LoadMeter } from '../../base/load-meter.ts'
import type { Log } from '../../base/log.ts'
import { startLoop } from '../../base/loop.ts'
import { startThread } from '../../base/thread.ts'
import { threadFailureOf } from '../../base/thread-failure.ts'
import { isStorageFault } from '../../contract/faults.ts'
import type { MimeDigest } from '../../mime/digest.ts'
import { emptyDigest } from '../../mime/empty-digest.ts'
import type { EncodedPart } from '../../mime/encoded-part.ts'
import type { CommitQueue } from '../../storage/commit-queue.ts'
import { databaseFile } from '../../storage/database.ts'
import type { Reader } from '../../storage/reader.ts'
import { searchFile } from '../../storage/search-database.ts'
import type { StorageState } from '../../storage/storage-state.ts'
import {
  problemOf,
  problemOfFault,
  problemSentence,
  type ReadingLimits,
  type ReadingProblem,
} from './problems.ts'
import { startReading } from './reading.ts'
import type { ViewFacts } from './view-facts.ts'
import type { PageSource } from './view-page.ts'

export type Indexing = ReturnType<typeof startIndexing>

/** Where the parts of a message lie in its raw bytes, and what they are. */
export type Parts = Omit<MimeDigest, 'text' | 'snippet' | 'fileNames'>

export type IndexOrder =
  | { readonly type: 'tidy'; readonly after: number }
  | { readonly type: 'index' | 'next' }
  /** The index cannot be read: it is made again. */
  | { readonly type: 'renew' }
  | { readonly type: 'index-one'; readonly id: number }
  | { readonly type: 'pass-over'; readonly id: number; readonly problem: ReadingProblem }
  | { readonly type: 'forget'; readonly ids: readonly number[] }

export type IndexAnswer = {
  readonly count: number
  readonly id: number
  /** The index was damaged or gone, and begins anew. */
  readonly isMadeAnew: boolean
}

/** What the index knows of one message; with a problem, its parts are not known. */
export type Indexed = {
  readonly snippet: string
  readonly parts: Parts
  readonly problem: ReadingProblem | null
}

type IndexingDeps = {
  readonly folder: string
  readonly queue: CommitQueue
  readonly reader: Reader
  readonly storage: StorageState
  readonly clock: Clock
  readonly log: Log
  readonly load: LoadMeter
  /** The start found the index damaged and began it anew. */
  readonly isMadeAnew: boolean
  readonly limits: ReadingLimits
}

const maxFarewellMs = 1500
/** While mail pours in, the index takes a batch a time and leaves the machine to those who wait. */
const restWhenBusyMs = 250
/** After a batch that failed, so many messages are indexed one by one, to find the one at fault. */
const singlesAfterFailure = 100

/** Has messages parsed and made findable, after they were answered and on another thread. */
export function startIndexing(deps: IndexingDeps) {
  const { folder, queue, reader, storage, clock, log, load, limits } = deps
  const reading = startReading(folder, storage, clock, limits)
  const thread = startThread<IndexOrder, IndexAnswer>(
    import.meta.url,
    'index-worker',
    { folder, identity: fileIdentity(databaseFile(folder)) },
    {
      maxRequestMs: limits.maxMessageMs,
      // A thread may crash for a reason of its own.
      maxCrashes: 2,
      resourceLimits: { maxOldGenerationSizeMb: limits.maxMemoryMb },
    },
  )
  const settleMs = () => (load.isBusy() ? restWhenBusyMs : 0)
  const loop = startLoop({ name: 'indexing', clock, log, run, settleMs })
  const stopListening = queue.onEvents(loop.wake)
  let isTidy = false
  let singlesLeft = 0
  let isClosing = false
  /** Until it is as far as the messages are. */
  let isMadeAnew = deps.isMadeAnew
  if (isMadeAnew) log.warn(madeAnewSentence(folder))
  reader.onDamagedSearch(async () => {
    await ask({ type: 'renew' })
    loop.wake()
  })
  loop.wake()

  async function run(): Promise<number | null> {
    const count = await indexSome().catch((error) => {
      if (threadFailureOf(error) === 'closed') return 0
      throw error
    })
    if (count === 0) {
      if (isMadeAnew && !isClosing) log.warn('The search index is complete again')
      isMadeAnew = false
      return null
    }
    await queue.write((transaction) => transaction.append({ type: 'indexed', data: { count } }))
    return settleMs()
  }

  async function ask(order: IndexOrder): Promise<IndexAnswer> {
    const answer = await thread.ask(order).catch((error) => {
      throw storage.explain(error) ?? error
    })
    if (answer.isMadeAnew) {
      if (!isMadeAnew) log.warn(madeAnewSentence(folder))
      isMadeAnew = true
      loop.wake()
    }
    return answer
  }

  async function indexSome(): Promise<number> {
    await tidy()
    return singlesLeft > 0 ? indexOne() : indexBatch()
  }

  /** Once at the start, in pieces: the index of a million messages takes a while to go through. */
  async function tidy(): Promise<void> {
    let after = 0
    while (!isTidy) {
      after = (await ask({ type: 'tidy', after })).id
      isTidy = after === 0
    }
  }

  async function indexBatch(): Promise<number> {
    try {
      return (await ask({ type: 'index' })).count
    } catch (error) {
      if (problemBehind(error) === null) throw error
      singlesLeft = singlesAfterFailure
      return indexOne()
    }
  }

  /** The message that ends the thread on its own is passed over for good. */
  async function indexOne(): Promise<number> {
    const { id } = await ask({ type: 'next' })
    singlesLeft = id === 0 ? 0 : singlesLeft - 1
    if (id === 0) return 0
    try {
      await ask({ type: 'index-one', id })
    } catch (error) {
      const problem = problemBehind(error)
      if (problem === null) throw error
      await ask({ type: 'pass-over', id, problem })
      singlesLeft = 0
      log.warn(problemSentence(problem), { id })
    }
    return 1
  }

  return {
    /** What is known of a message; parsed now if the loop has not come to it yet. */
    async of(id: number): Promise<Indexed | null> {
      const row = await reader.first<{ snippet: string; parts: string; problem: string | null }>(
        'SELECT snippet, parts, problem FROM search.digests WHERE message_id = ?',
        id,
      )
      const parts = row && readParts(row.parts)
      if (row && parts) return { snippet: row.snippet, parts, problem: problemOf(row.problem) }
      return readNow(() => reading.digest(id))
    },

    /** The same of a message that is not among those accepted. */
    async read(raw: Uint8Array): Promise<Indexed> {
      const indexed = await readNow(() => reading.read(raw))
      if (!indexed) throw new Error('The read thread read nothing')
      return indexed
    },

    /** The parts of a message. Few ask, so it is read anew each time. */
    tree: reading.tree,

    /** What a person would read in the HTML; for a long one that takes a tenth of a second. */
    words: reading.words,

    extract: reading.extract,

    /** A view's page of much HTML, which takes a tenth of a second and more. */
    async page(source: PageSource): Promise<Buffer> {
      const page = await reading.page(source)
      return Buffer.from(page.buffer, page.byteOffset, page.byteLength)
    },

    /** What a reader is told of much HTML before it is shown. */
    facts: (html: EncodedPart): Promise<ViewFacts> => reading.facts(html),

    /** Deleted messages. The next start removes those that a crash or `close` leaves in the index. */
    forget(ids: readonly number[]): void {
      ask({ type: 'forget', ids }).catch((error) => {
        if (!isClosing && !isStorageFault(error))
          log.error('Deleted messages could not be taken out of the index', error)
      })
    },

    /** How much of the messages the index knows, in percent; below 100, searches find a part. */
    async percent(): Promise<number> {
      const row = await reader.first<{ through: number; last: number | null }>(
        `SELECT (SELECT through FROM search.progress) AS through,
           (SELECT id FROM messages WHERE inbox IS NOT NULL ORDER BY id DESC LIMIT 1) AS last`,
      )
      if (!row?.last || row.through >= row.last) return 100
      return Math.floor((row.through / row.last) * 100)
    },

    idle: loop.idle,

    async close(): Promise<void> {
      isClosing = true
      stopListening()
      const ended = loop.close()
      // A batch ends soon; a message that does not is read again at the next start.
      await Promise.race([ended, pause(maxFarewellMs, undefined, { ref: false })])
      await Promise.all([thread.close(), reading.close()])
      await ended
    },
  }
}

/** Null for a message that is gone. */
async function readNow(read: () => Promise<MimeDigest | null>): Promise<Indexed | null> {
  try {
    const digest = await read()
    return digest && { snippet: digest.snippet, parts: digest, problem: null }
  } catch (error) {
    const problem = problemOfFault(error)
    if (problem === null) throw error
    return { snippet: '', parts: emptyDigest, problem }
  }
}

/** Null for an error that is no message's: of the database, or because all of it is closed. */
function problemBehind(error: unknown): ReadingProblem | null {
  const kind = threadFailureOf(error)
  return kind === 'late' || kind === 'crashed' ? kind : null
}

/** Null for what a damaged index holds in their place: the message is read instead. */
function readParts(text: string): Parts | null {
  try {
    return JSON.parse(text) as Parts
  } catch {
    return null
  }
}

const madeAnewSentence = (folder: string): string =>
  `The search index ${searchFile(folder)} was damaged or gone and is made again from the messages. Lists and messages work meanwhile; searches find more as it grows`
