import { createHash } from 'node:crypto'
import type { Clock } from '../../base/clock.ts'
import { createFairQueue } from '../../base/fair-queue.ts'
import { fileIdentity } from '../../base/file-identity.ts'
import { startThread } from '../../base/thread.ts'
import { threadFailureOf } from '../../base/thread-failure.ts'
import { Fault } from '../../contract/faults.ts'
import type { Extract } from '../../contract/wait.ts'
import type { MimeDigest } from '../../mime/digest.ts'
import type { EncodedPart } from '../../mime/encoded-part.ts'
import type { MimePart } from '../../mime/structure.ts'
import { databaseFile } from '../../storage/database.ts'
import type { StorageState } from '../../storage/storage-state.ts'
import type { Readable } from './extract.ts'
import { type ReadingLimits, type ReadingProblem, unreadable } from './problems.ts'
import type { ViewFacts } from './view-facts.ts'
import type { PageSource } from './view-page.ts'

export type ReadOrder =
  | { readonly type: 'digest' | 'tree'; readonly id: number }
  | { readonly type: 'read'; readonly raw: Uint8Array }
  | { readonly type: 'words'; readonly html: string }
  | { readonly type: 'extract'; readonly readable: Readable }
  | { readonly type: 'page'; readonly source: PageSource }
  | { readonly type: 'facts'; readonly html: EncodedPart }

export type ReadAnswer = {
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

const maxWaiting = 1000
const maxIdleMs = 30_000
/** More is read on a thread of its own, so that nothing small waits for something large. */
const maxQuickBytes = 256 * 1024
const maxRemembered = 1000

/**
 * Reads messages for callers that wait, on a thread apart from the index, which works in batches. A
 * message that the thread cannot read is refused, and refused at once when it is asked for again.
 * Turns go to the content that took the least time lately; the same request made twice at a time is
 * carried out once.
 */
export function startReading(
  folder: string,
  storage: StorageState,
  clock: Clock,
  limits: ReadingLimits,
) {
  const quick = startLane(folder, clock, limits)
  const heavy = startLane(folder, clock, limits)
  const problems = new Map<string, ReadingProblem>()
  const underWay = new Map<string, Promise<ReadAnswer>>()

  function ask(order: ReadOrder): Promise<ReadAnswer> {
    const content = contentOf(order)
    const known = problems.get(content)
    if (known) return Promise.reject(unreadable(known))
    const question = order.type === 'page' ? content + order.source.address : content
    const shared = underWay.get(question)
    if (shared) return shared
    const asked = read(content, order).finally(() => underWay.delete(question))
    underWay.set(question, asked)
    return asked
  }

  async function read(content: string, order: ReadOrder): Promise<ReadAnswer> {
    const lane = sizeOf(order) > maxQuickBytes ? heavy : quick
    try {
      return await lane.ask(content, order)
    } catch (error) {
      const refusal = storage.explain(error)
      if (refusal) throw refusal
      const kind = threadFailureOf(error)
      if (kind !== 'late' && kind !== 'crashed') throw error
      remember(content, kind)
      throw unreadable(kind)
    }
  }

  function remember(name: string, problem: ReadingProblem): void {
    const [oldest] = problems.keys()
    if (problems.size >= maxRemembered && oldest !== undefined) problems.delete(oldest)
    problems.set(name, problem)
  }

  return {
    /** Null for a message that was deleted. */
    digest: async (id: number): Promise<MimeDigest | null> =>
      (await ask({ type: 'digest', id })).digest,

    read: async (raw: Uint8Array): Promise<MimeDigest | null> =>
      (await ask({ type: 'read', raw })).digest,

    tree: async (id: number) => (await ask({ type: 'tree', id })).tree,

    words: async (html: string) => (await ask({ type: 'words', html })).words,

    extract: async (readable: Readable) => (await ask({ type: 'extract', readable })).extract,

    page: async (source: PageSource) => (await ask({ type: 'page', source })).page,

    async facts(html: EncodedPart): Promise<ViewFacts> {
      const { facts } = await ask({ type: 'facts', html })
      if (!facts) throw new Error('The read thread found nothing out')
      return facts
    },

    close: async (): Promise<void> => {
      await Promise.all([quick.close(), heavy.close()])
    },
  }
}

function startLane(folder: string, clock: Clock, limits: ReadingLimits) {
  const thread = startThread<ReadOrder, ReadAnswer>(
    import.meta.url,
    'read-worker',
    { folder, identity: fileIdentity(databaseFile(folder)) },
    {
      maxRequestMs: limits.maxMessageMs,
      maxIdleMs,
      // A thread may crash for a reason of its own; that it does so twice is the message's.
      maxCrashes: 2,
      resourceLimits: { maxOldGenerationSizeMb: limits.maxMemoryMb },
    },
  )
  const queue = createFairQueue({
    clock,
    maxWaiting,
    maxChargeMs: limits.maxMessageMs,
    tooMany: () =>
      new Fault('overloaded', 'Too many messages wait to be read. Try again in a moment.'),
  })
  return {
    /** All share the limit; each content has a turn of its own. */
    ask: (content: string, order: ReadOrder) =>
      queue.run({ owners: ['all', content] }, () => thread.ask(order)),
    close: thread.close,
  }
}

/** The same for what takes the same work. A page's address says how it looks as well. */
function contentOf(order: ReadOrder): string {
  switch (order.type) {
    case 'digest':
    case 'tree':
      return `${order.type} ${order.id}`
    case 'read':
      return `read ${fingerprint(order.raw)}`
    case 'words':
      return `words ${fingerprint(order.html)}`
    case 'extract':
      return `extract ${fingerprint(JSON.stringify(order.readable))}`
    case 'page':
      return `page ${fingerprint(order.source.html.bytes)} ${order.source.highlight}`
    case 'facts':
      return `facts ${fingerprint(order.html.bytes)}`
  }
}

/** Of what is carried along. A message that is named by its row is read and not worked through. */
function sizeOf(order: ReadOrder): number {
  switch (order.type) {
    case 'digest':
    case 'tree':
      return 0
    case 'read':
      return order.raw.length
    case 'words':
      return order.html.length
    case 'extract':
      return order.readable.text.length + order.readable.html.length
    case 'page':
      return order.source.html.bytes.length
    case 'facts':
      return order.html.bytes.length
  }
}

const fingerprint = (content: string | Uint8Array): string =>
  createHash('sha256').update(content).digest('base64')
