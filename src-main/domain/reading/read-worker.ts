import { workerData } from 'node:worker_threads'
import { answerRequests } from '../../base/thread-requests.ts'
import { htmlToText } from '../../html/html-to-text.ts'
import { decodePart } from '../../mime/body.ts'
import { digest } from '../../mime/digest.ts'
import { type MimePart, readStructure } from '../../mime/structure.ts'
import { openReadOnly } from '../../storage/database.ts'
import { extractOf } from './extract.ts'
import type { ReadAnswer, ReadOrder, TreePart } from './reading.ts'
import { viewFacts } from './view-facts.ts'
import { viewPage } from './view-page.ts'

/** The read thread: parses the messages that somebody opens. It writes nothing. */
const { folder, identity } = workerData as {
  readonly folder: string
  readonly identity: string | null
}
const mail = openReadOnly(folder, identity)
const rawOf = mail.prepare<[number], Buffer>('SELECT raw FROM bodies WHERE message_id = ?').pluck()

const nothing: ReadAnswer = {
  digest: null,
  tree: null,
  words: '',
  extract: { links: [], codes: [] },
  page: new Uint8Array(),
  facts: null,
}

/** A multipart before its parts. */
function flatten(raw: Buffer, part: MimePart): TreePart[] {
  const { children, parameters: _, ...rest } = part
  const sizeBytes = children.length > 0 ? part.end - part.start : decodePart(raw, part).length
  return [{ ...rest, sizeBytes }, ...children.flatMap((child) => flatten(raw, child))]
}

answerRequests((order: ReadOrder): ReadAnswer => {
  switch (order.type) {
    case 'digest': {
      const raw = rawOf.get(order.id)
      return { ...nothing, digest: raw ? digest(raw) : null }
    }
    case 'read':
      return { ...nothing, digest: digest(Buffer.from(order.raw)) }
    case 'tree': {
      const raw = rawOf.get(order.id)
      return { ...nothing, tree: raw ? flatten(raw, readStructure(raw)) : null }
    }
    case 'words':
      return { ...nothing, words: htmlToText(order.html) }
    case 'extract':
      return { ...nothing, extract: extractOf(order.readable) }
    case 'page':
      return { ...nothing, page: viewPage(order.source) }
    case 'facts':
      return { ...nothing, facts: viewFacts(order.html) }
  }
})
