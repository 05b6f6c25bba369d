import { createHash } from 'node:crypto'
import { fileIdentity } from '../../base/file-identity.ts'
import { startThread } from '../../base/thread.ts'
import { threadFailureOf } from '../../base/thread-failure.ts'
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
const maxRemembered = 1000

/**
 * Reads messages for callers that wait, on a thread apart from the index, which works in batches. A
 * message that the thread cannot read is refused, and refused at once when it is asked for again.
 */
export function startReading(folder: string, storage: StorageState, limits: ReadingLimits) {
  const thread = startThread<ReadOrder, ReadAnswer>(
    import.meta.url,
    'read-worker',
    { folder, identity: fileIdentity(databaseFile(folder)) },
    {
      maxRequestMs: limits.maxMessageMs,
      maxWaiting,
      // A thread may crash for a reason of its own; that it does so twice is the message's.
      maxCrashes: 2,
      resourceLimits: { maxOldGenerationSizeMb: limits.maxMemoryMb },
    },
  )
  const problems = new Map<string, ReadingProblem>()

  async function ask(order: ReadOrder): Promise<ReadAnswer> {
    const known = problems.size > 0 ? problems.get(nameOf(order)) : undefined
    if (known) throw unreadable(known)
    try {
      return await thread.ask(order)
    } catch (error) {
      const refusal = storage.explain(error)
      if (refusal) throw refusal
      const kind = threadFailureOf(error)
      if (kind !== 'late' && kind !== 'crashed') throw error
      remember(nameOf(order), kind)
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

    close: thread.close,
  }
}

/** The same for the same question. */
function nameOf(order: ReadOrder): string {
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

const fingerprint = (content: string | Uint8Array): string =>
  createHash('sha256').update(content).digest('base64')
