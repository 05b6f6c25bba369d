import type { MimeDigest } from '../../mime/digest.ts'
import { emptyDigest } from '../../mime/empty-digest.ts'
import type { Reader } from '../../storage/reader.ts'
import type { MessageParts } from './index-orders.ts'
import { problemOf, problemOfFault, type ReadingProblem } from './problems.ts'
import type { Reading } from './reading.ts'

/** The parse result of a message. With a problem, `parts` is empty. */
export type IndexedMessage = {
  readonly snippet: string
  readonly parts: MessageParts
  readonly problem: ReadingProblem | null
}

type DigestRow = {
  readonly snippet: string
  readonly parts: string
  readonly problem: string | null
}

/** Parse results from the index; a message that is not indexed yet is parsed on request. */
export function createIndexedMessages(reader: Reader, reading: Reading) {
  return {
    /** Null for a deleted message. */
    async ofRow(id: number): Promise<IndexedMessage | null> {
      const row = await reader.first<DigestRow>(
        'SELECT snippet, parts, problem FROM search.digests WHERE message_id = ?',
        id,
      )
      const parts = row && readParts(row.parts)
      if (row && parts) return { snippet: row.snippet, parts, problem: problemOf(row.problem) }
      return parseNow(() => reading.digest(id))
    },

    /** For a message without a row. */
    async ofRaw(raw: Uint8Array): Promise<IndexedMessage> {
      const indexed = await parseNow(() => reading.parse(raw))
      if (!indexed) throw new Error('The read thread returned no digest')
      return indexed
    },
  }
}

async function parseNow(parse: () => Promise<MimeDigest | null>): Promise<IndexedMessage | null> {
  try {
    const digest = await parse()
    return digest && { snippet: digest.snippet, parts: digest, problem: null }
  } catch (error) {
    const problem = problemOfFault(error)
    if (problem === null) throw error
    return { snippet: '', parts: emptyDigest, problem }
  }
}

/** Null for the text of a damaged index; the caller parses the message instead. */
function readParts(text: string): MessageParts | null {
  try {
    return JSON.parse(text) as MessageParts
  } catch {
    return null
  }
}
