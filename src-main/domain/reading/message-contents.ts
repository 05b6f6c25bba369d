import { Fault } from '../../contract/faults.ts'
import type { Attachment } from '../../contract/messages.ts'
import type { BodyRange } from '../../mime/digest.ts'
import {
  decodedBytes,
  decodedPage,
  decodedText,
  type EncodedPart,
  type FormattedRange,
  inForm,
} from '../../mime/encoded-part.ts'
import { maxHeaderBytes } from '../../mime/header-block.ts'
import { readHeaders } from '../../mime/header-scan.ts'
import type { Database } from '../../storage/database.ts'
import type { Reader } from '../../storage/reader.ts'
import type { MessageParts } from './index-orders.ts'
import type { IndexedMessage } from './indexed-messages.ts'
import type { Indexing } from './indexing.ts'
import { unreadable } from './problems.ts'

export type MessageContents = ReturnType<typeof createMessageContents>

/** The content of one message. The caller has checked the permission to read it. */
export type StoredContent = ReturnType<typeof contentOf>

type Source = {
  readonly indexed: () => Promise<IndexedMessage>
  /** Bytes of the raw message from `start` to `end`. */
  readonly bytes: (start: number, end: number) => Promise<Buffer>
}

/** SQLite's own limit; older versions return nothing from a `substr` beyond it. */
const maxBlobBytes = 2_147_483_647

/** HTML is slow to convert: an upper bound against hostile input. */
const maxConvertedBytes = 4_000_000

/** Without an ending, no program opens an attached message, which rarely has a name. */
const endingOf = (contentType: string): string =>
  /^message\/(?:rfc822|global)$/.test(contentType) ? '.eml' : ''

type ContentsDeps = {
  readonly database: Database
  readonly reader: Reader
  readonly indexing: Indexing
}

/** Content of captured, live and scheduled messages. */
export function createMessageContents({ database, reader, indexing }: ContentsDeps) {
  const rowIdOf = database
    .prepare<[string], number>('SELECT id FROM messages WHERE public_id = ?')
    .pluck()
  const scheduledRaw = database
    .prepare<[string], Buffer>('SELECT raw FROM scheduled WHERE public_id = ?')
    .pluck()

  function ofRow(id: number): StoredContent {
    return contentOf(indexing, {
      indexed: async () => requireFound(await indexing.messages.ofRow(id)),
      bytes: async (start, end) => {
        const row = await reader.first<{ part: Uint8Array }>(
          // SQLite's substr returns NULL for an empty message.
          "SELECT coalesce(substr(raw, ?, ?), x'') AS part FROM bodies WHERE message_id = ?",
          start + 1,
          end - start,
          id,
        )
        const { part } = requireFound(row ?? null)
        return Buffer.from(part.buffer, part.byteOffset, part.byteLength)
      },
    })
  }

  function ofRaw(raw: Buffer): StoredContent {
    return contentOf(indexing, {
      indexed: () => indexing.messages.ofRaw(raw),
      bytes: async (start, end) => raw.subarray(start, end),
    })
  }

  return {
    ofRow,

    /** For a scheduled message, which has no row yet. */
    ofRaw,

    /** For a signed URL, which carries its own permission. */
    ofPublicId(publicId: string): StoredContent {
      const id = rowIdOf.get(publicId)
      if (id !== undefined) return ofRow(id)
      const raw = scheduledRaw.get(publicId)
      if (raw) return ofRaw(raw)
      throw new Fault('not_found', 'The message was deleted.')
    },
  }
}

function contentOf({ htmlToText }: Indexing, source: Source) {
  const { indexed, bytes } = source
  const page = (): Promise<readonly EncodedPart[]> => pageOf(source)

  return {
    /** The parse result, with the problem of a message that could not be parsed. */
    indexed,

    /** Refuses a message that could not be parsed. */
    parts: (): Promise<MessageParts> => partsOf(source),

    decoded: (range: BodyRange): Promise<Buffer> => decode(source, range),

    raw: (): Promise<Buffer> => bytes(0, maxBlobBytes),

    headers: async () => readHeaders(await bytes(0, maxHeaderBytes)),

    html: async (): Promise<string> => decodedPage(await page()),

    /** The parts that the HTML of the message consists of. */
    page,

    /** The text of each body, or the text of its HTML. */
    async text(): Promise<string> {
      const { bodies } = await partsOf(source)
      return textOf(await readParts(source, inForm(bodies, 'text')), htmlToText)
    },

    /** The HTML, and the attachments that its `cid:` links name. */
    async viewSource() {
      const { hasHtml, attachments } = await partsOf(source)
      return { html: hasHtml ? await page() : [], attachments }
    },

    async attachment(index: number) {
      const { attachments } = await partsOf(source)
      const part = attachments.find((attachment) => attachment.index === index)
      if (!part) throw new Fault('not_found', `The message has no attachment ${index}.`)
      return {
        contentType: part.contentType,
        filename: part.filename ?? `attachment-${index}${endingOf(part.contentType)}`,
        bytes: await decode(source, part),
      }
    },
  }
}

async function partsOf({ indexed }: Source): Promise<MessageParts> {
  const message = await indexed()
  if (message.problem) throw unreadable(message.problem)
  return message.parts
}

async function decode(
  { bytes }: Source,
  { start, end, encoding, charset }: BodyRange,
): Promise<Buffer> {
  return decodedBytes({ bytes: await bytes(start, end), encoding, charset })
}

async function pageOf(source: Source): Promise<readonly EncodedPart[]> {
  const { bodies, hasHtml } = await partsOf(source)
  if (hasHtml) return readParts(source, inForm(bodies, 'html'))
  throw new Fault('not_found', 'The message has no HTML part. Read its text instead.')
}

/** One read for all parts: a read for each part would load a long message many times. */
async function readParts(
  { bytes }: Source,
  ranges: readonly FormattedRange[],
): Promise<EncodedPart[]> {
  const start = Math.min(...ranges.map((range) => range.start))
  const end = Math.max(...ranges.map((range) => range.end))
  const all = ranges.length > 0 ? await bytes(start, end) : Buffer.alloc(0)
  return ranges.map(({ encoding, charset, format, ...range }) => ({
    // A copy: with a view, the thread would get the whole buffer.
    bytes: Uint8Array.prototype.slice.call(all, range.start - start, range.end - start),
    encoding,
    charset,
    format,
  }))
}

async function textOf(
  parts: readonly EncodedPart[],
  htmlToText: Indexing['htmlToText'],
): Promise<string> {
  const texts: string[] = []
  let htmlBytes = 0
  for (const part of parts) {
    if (part.format === 'html') htmlBytes += part.bytes.length
    if (htmlBytes > maxConvertedBytes && texts.length > 0) break
    const text = decodedText(part)
    texts.push(part.format === 'html' ? await htmlToText(text) : text)
  }
  return texts.join('\n')
}

/** The parts of a message in wire format. */
export function summaryOf({ hasHtml, hasText, attachments }: MessageParts) {
  return {
    has_html: hasHtml,
    has_text: hasText,
    attachment_list: attachments.map(
      (part): Attachment => ({
        index: part.index,
        filename: part.filename,
        content_type: part.contentType,
        content_id: part.contentId,
        inline: part.inline,
        size_bytes: part.sizeBytes,
      }),
    ),
  }
}

export function requireFound<T>(found: T | null): T {
  if (found !== null) return found
  throw new Fault('not_found', 'The message was deleted in the meantime.')
}
