import type { Clock } from '../base/clock.ts'
import type { EncodedPart } from '../base/encoded-part.ts'
import { fileIdentity } from '../base/file-identity.ts'
import type { LoadMeter } from '../base/load-meter.ts'
import type { Log } from '../base/log.ts'
import { startLoop } from '../base/loop.ts'
import type { MimeDigest } from '../base/mime-digest.ts'
import type { MimePart } from '../base/mime-structure.ts'
import { startThread } from '../base/thread.ts'
import { isStorageFault } from '../contract/faults.ts'
import type { Extract } from '../contract/wait.ts'
import type { CommitQueue } from '../storage/commit-queue.ts'
import { databaseFile } from '../storage/database.ts'
import type { Reader } from '../storage/reader.ts'
import { searchFile } from '../storage/search-database.ts'
import type { StorageState } from '../storage/storage-state.ts'
import type { Readable } from './extract-reading.ts'
import type { ViewFacts } from './view-facts.ts'
import type { PageSource } from './view-page.ts'

export type Indexing = ReturnType<typeof startIndexing>

/** Where the parts of a message lie in its raw bytes, and what they are. */
export type Parts = Omit<MimeDigest, 'text' | 'snippet' | 'fileNames'>

export type IndexOrder =
  | { readonly type: 'index' }
  /** The index cannot be read: it is made again. */
  | { readonly type: 'renew' }
  | { readonly type: 'forget'; readonly ids: readonly number[] }
  | { readonly type: 'digest'; readonly id: number }
  | { readonly type: 'read'; readonly raw: Uint8Array }
  | { readonly type: 'tree'; readonly id: number }
  | { readonly type: 'words'; readonly html: string }
  | { readonly type: 'extract'; readonly readable: Readable }
  | { readonly type: 'page'; readonly source: PageSource }
  | { readonly type: 'facts'; readonly html: EncodedPart }

export type IndexAnswer = {
  readonly count: number
  /** The index was damaged or gone, and begins anew. */
  readonly isMadeAnew: boolean
  readonly digest: MimeDigest | null
  readonly tree: readonly TreePart[] | null
  readonly words: string
  readonly extract: Extract
  readonly page: Uint8Array
  readonly facts: ViewFacts | null
}

/** A part of the MIME tree; a list holds each before its own parts. */
export type TreePart = Omit<MimePart, 'parameters' | 'children'> & {
  /** After decoding. */
  readonly sizeBytes: number
}

/** What the index knows of one message. */
export type Indexed = { readonly snippet: string; readonly parts: Parts }

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
}

/** While mail pours in, the index takes a batch a time and leaves the machine to those who wait. */
const restWhenBusyMs = 250

/** Has messages parsed and made findable, after they were answered and on another thread. */
export function startIndexing(deps: IndexingDeps) {
  const { folder, queue, reader, storage, clock, log, load } = deps
  const thread = startThread<IndexOrder, IndexAnswer>(import.meta.url, 'index-worker', {
    folder,
    identity: fileIdentity(databaseFile(folder)),
  })
  const settleMs = () => (load.isBusy() ? restWhenBusyMs : 0)
  const loop = startLoop({ name: 'indexing', clock, log, run, settleMs })
  const stopListening = queue.onEvents(loop.wake)
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
    const { count } = await ask({ type: 'index' })
    if (count === 0) {
      if (isMadeAnew) log.warn('The search index is complete again')
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

  return {
    /** What is known of a message; parsed now if the loop has not come to it yet. */
    async of(id: number): Promise<Indexed | null> {
      const row = await reader.first<{ snippet: string; parts: string }>(
        'SELECT snippet, parts FROM search.digests WHERE message_id = ?',
        id,
      )
      const parts = row && readParts(row.parts)
      if (row && parts) return { snippet: row.snippet, parts }
      const { digest } = await ask({ type: 'digest', id })
      return digest && { snippet: digest.snippet, parts: digest }
    },

    /** The same of a message that is not among those accepted. */
    async read(raw: Uint8Array): Promise<Indexed> {
      const { digest } = await ask({ type: 'read', raw })
      if (!digest) throw new Error('The index thread read nothing')
      return { snippet: digest.snippet, parts: digest }
    },

    /** The parts of a message. Few ask, so it is read anew each time. */
    async tree(id: number): Promise<readonly TreePart[] | null> {
      return (await ask({ type: 'tree', id })).tree
    },

    /** What a person would read in the HTML; for a long one that takes a tenth of a second. */
    words: async (html: string): Promise<string> => (await ask({ type: 'words', html })).words,

    extract: async (readable: Readable): Promise<Extract> =>
      (await ask({ type: 'extract', readable })).extract,

    /** A view's page of much HTML, which takes a tenth of a second and more. */
    async page(source: PageSource): Promise<Buffer> {
      const { page } = await ask({ type: 'page', source })
      return Buffer.from(page.buffer, page.byteOffset, page.byteLength)
    },

    /** What a reader is told of much HTML before it is shown. */
    async facts(html: EncodedPart): Promise<ViewFacts> {
      const { facts } = await ask({ type: 'facts', html })
      if (!facts) throw new Error('The index thread found nothing out')
      return facts
    },

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
      await loop.close()
      await thread.close()
    },
  }
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
