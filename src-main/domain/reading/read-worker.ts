import { workerData } from 'node:worker_threads'
import { answerRequests } from '../../base/thread-requests.ts'
import { htmlToText } from '../../html/html-to-text.ts'
import { decodePart } from '../../mime/body.ts'
import { digest } from '../../mime/digest.ts'
import { type MimePart, readStructure } from '../../mime/structure.ts'
import { openReadOnly } from '../../storage/database.ts'
import { extractOf } from './extract.ts'
import type { ReadOrder, ReadReply, TreePart } from './read-orders.ts'
import { viewFacts } from './view-facts.ts'
import { viewPage } from './view-page.ts'

/** The read thread: parses messages on request, and writes nothing. */
const { folder, identity } = workerData as {
  readonly folder: string
  readonly identity: string | null
}
const mail = openReadOnly(folder, identity)
const rawOf = mail.prepare<[number], Buffer>('SELECT raw FROM bodies WHERE message_id = ?').pluck()

answerRequests((order: ReadOrder): ReadReply => {
  switch (order.type) {
    case 'digest': {
      const raw = rawOf.get(order.id)
      return { type: 'digest', digest: raw ? digest(raw) : null }
    }
    case 'parse':
      return { type: 'digest', digest: digest(Buffer.from(order.raw)) }
    case 'tree': {
      const raw = rawOf.get(order.id)
      return { type: 'tree', tree: raw ? flatten(raw, readStructure(raw)) : null }
    }
    case 'text':
      return { type: 'text', text: htmlToText(order.html) }
    case 'extract':
      return { type: 'extract', extract: extractOf(order.readable) }
    case 'page':
      return { type: 'page', page: viewPage(order.source) }
    case 'facts':
      return { type: 'facts', facts: viewFacts(order.html) }
  }
})

/** A multipart before its parts. */
function flatten(raw: Buffer, part: MimePart): TreePart[] {
  const { children, parameters: _, ...rest } = part
  const sizeBytes = children.length > 0 ? part.end - part.start : decodePart(raw, part).length
  return [{ ...rest, sizeBytes }, ...children.flatMap((child) => flatten(raw, child))]
}
