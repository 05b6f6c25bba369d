import { createHash } from 'node:crypto'
import type { Clock } from '../../base/clock.ts'
import { createFairQueue } from '../../base/fair-queue.ts'
import { fileIdentity } from '../../base/file-identity.ts'
import { startThread } from '../../base/thread.ts'
import { threadFailureOf } from '../../base/thread-failure.ts'
import { Fault } from '../../contract/faults.ts'
import { type EncodedPart, encodedBytes } from '../../mime/encoded-part.ts'
import { databaseFile } from '../../storage/database.ts'
import type { StorageState } from '../../storage/storage-state.ts'
import type { Readable } from './extract.ts'
import { type ReadingLimits, type ReadingProblem, unreadable } from './problems.ts'
import { isReadReply, type ReadOrder, type ReadReply, type ReadReplyOf } from './read-orders.ts'
import type { PageSource } from './view-page.ts'

export type Reading = ReturnType<typeof startReading>

const maxWaiting = 1000
const maxIdleMs = 30_000
/** Longer content is read on a thread of its own, so that short content does not wait for it. */
const maxQuickBytes = 256 * 1024
const maxRemembered = 1000

/**
 * Parses messages for waiting callers, on threads apart from the index, which works in batches. A
 * message that ends a thread is refused, and refused at once the next time. The next turn goes to the
 * content that took the least time lately; two equal requests at a time are carried out once.
 */
export function startReading(
  folder: string,
  storage: StorageState,
  clock: Clock,
  limits: ReadingLimits,
) {
  const quick = startReadThread(folder, clock, limits)
  const heavy = startReadThread(folder, clock, limits)
  const refused = createRefusedContents()
  const running = new Map<string, Promise<ReadReply>>()

  /** `type` is the reply that the order has. */
  async function ask<Type extends ReadReply['type']>(
    type: Type,
    order: ReadOrder,
  ): Promise<ReadReplyOf<Type>> {
    const content = contentId(order)
    const known = refused.problemOf(content)
    if (known) throw unreadable(known)
    const reply = await askOnce(content, order)
    if (isReadReply(reply, type)) return reply
    throw new Error(`The read thread answered ${reply.type} instead of ${type}`)
  }

  /** Joins an equal request that is running. */
  function askOnce(content: string, order: ReadOrder): Promise<ReadReply> {
    const id = order.type === 'page' ? content + order.source.address : content
    const shared = running.get(id)
    if (shared) return shared
    const asked = read(content, order).finally(() => running.delete(id))
    running.set(id, asked)
    return asked
  }

  async function read(content: string, order: ReadOrder): Promise<ReadReply> {
    const thread = sizeOf(order) > maxQuickBytes ? heavy : quick
    try {
      return await thread.ask(content, order)
    } catch (error) {
      throw refusalOf(content, error) ?? error
    }
  }

  function refusalOf(content: string, error: unknown): Error | null {
    const storageFault = storage.explain(error)
    if (storageFault) return storageFault
    const failure = threadFailureOf(error)
    if (failure !== 'late' && failure !== 'crashed') return null
    refused.remember(content, failure)
    return unreadable(failure)
  }

  return {
    /** Null for a deleted message. */
    digest: async (id: number) => (await ask('digest', { type: 'digest', id })).digest,

    /** Parses a message without a row. */
    parse: async (raw: Uint8Array) => (await ask('digest', { type: 'parse', raw })).digest,

    tree: async (id: number) => (await ask('tree', { type: 'tree', id })).tree,

    htmlToText: async (html: string) => (await ask('text', { type: 'text', html })).text,

    extract: async (readable: Readable) =>
      (await ask('extract', { type: 'extract', readable })).extract,

    page: async (source: PageSource) => (await ask('page', { type: 'page', source })).page,

    facts: async (html: readonly EncodedPart[]) =>
      (await ask('facts', { type: 'facts', html })).facts,

    close: async (): Promise<void> => {
      await Promise.all([quick.close(), heavy.close()])
    },
  }
}

/** The problems of the contents that ended a thread; the oldest are forgotten. */
function createRefusedContents() {
  const problems = new Map<string, ReadingProblem>()
  return {
    problemOf: (content: string): ReadingProblem | undefined => problems.get(content),

    remember(content: string, problem: ReadingProblem): void {
      const [oldest] = problems.keys()
      if (problems.size >= maxRemembered && oldest !== undefined) problems.delete(oldest)
      problems.set(content, problem)
    },
  }
}

function startReadThread(folder: string, clock: Clock, limits: ReadingLimits) {
  const thread = startThread<ReadOrder, ReadReply>(
    import.meta.url,
    'read-worker',
    { folder, identity: fileIdentity(databaseFile(folder)) },
    {
      maxRequestMs: limits.maxMessageMs,
      maxIdleMs,
      // One crash may have a cause outside the message; a second one has not.
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

/** Equal for equal work: a page's address changes only how it looks. */
function contentId(order: ReadOrder): string {
  switch (order.type) {
    case 'digest':
    case 'tree':
      return `${order.type} ${order.id}`
    case 'parse':
      return `parse ${fingerprint(order.raw)}`
    case 'text':
      return `text ${fingerprint(order.html)}`
    case 'extract':
      return `extract ${fingerprint(JSON.stringify(order.readable))}`
    case 'page':
      return `page ${pageId(order.source.html)} ${order.source.highlight}`
    case 'facts':
      return `facts ${pageId(order.html)}`
  }
}

/** The bytes that the order carries. A message with a row is parsed only, which takes little time. */
function sizeOf(order: ReadOrder): number {
  switch (order.type) {
    case 'digest':
    case 'tree':
      return 0
    case 'parse':
      return order.raw.length
    case 'text':
      return order.html.length
    case 'extract':
      return order.readable.text.length + order.readable.html.length
    case 'page':
      return encodedBytes(order.source.html)
    case 'facts':
      return encodedBytes(order.html)
  }
}

/** Hashes each part separately: the same bytes in other parts are another page. */
const pageId = (parts: readonly EncodedPart[]): string =>
  fingerprint(parts.map(({ bytes, format }) => `${format} ${fingerprint(bytes)}`).join())

const fingerprint = (content: string | Uint8Array): string =>
  createHash('sha256').update(content).digest('base64')
