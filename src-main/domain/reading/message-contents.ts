import { Fault } from '../../contract/faults.ts'
import type { Attachment } from '../../contract/messages.ts'
import type { BodyRange } from '../../mime/digest.ts'
import { decodedBytes, decodedText, type EncodedPart, plainPart } from '../../mime/encoded-part.ts'
import { maxHeaderBytes } from '../../mime/header-block.ts'
import { readHeaders } from '../../mime/header-scan.ts'
import type { Database } from '../../storage/database.ts'
import type { Reader } from '../../storage/reader.ts'
import type { Indexed, Indexing, Parts } from './indexing.ts'
import { unreadable } from './problems.ts'

export type MessageContents = ReturnType<typeof createMessageContents>

/** What a message says, whoever may read it: that is asked before. */
export type MessageContent = ReturnType<typeof contentOf>

type Source = {
  readonly indexed: () => Promise<Indexed>
  /** Bytes of the raw message from `start` to `end`. */
  readonly bytes: (start: number, end: number) => Promise<Buffer>
}

/** SQLite's own limit; older versions answer nothing when `substr` is asked for more. */
const maxBlobBytes = 2_147_483_647

type ContentsDeps = {
  readonly database: Database
  readonly reader: Reader
  readonly indexing: Indexing
}

/** Messages opened: captured ones, live ones, and those that wait for their time. */
export function createMessageContents({ database, reader, indexing }: ContentsDeps) {
  const rowIdOf = database
    .prepare<[string], number>('SELECT id FROM messages WHERE public_id = ?')
    .pluck()
  const scheduledRaw = database
    .prepare<[string], Buffer>('SELECT raw FROM scheduled WHERE public_id = ?')
    .pluck()

  function kept(id: number): MessageContent {
    return contentOf(indexing, {
      indexed: async () => demandThere(await indexing.of(id)),
      bytes: async (start, end) => {
        const row = await reader.first<{ part: Uint8Array }>(
          // SQLite's substr makes NULL of an empty message.
          "SELECT coalesce(substr(raw, ?, ?), x'') AS part FROM bodies WHERE message_id = ?",
          start + 1,
          end - start,
          id,
        )
        const { part } = demandThere(row ?? null)
        return Buffer.from(part.buffer, part.byteOffset, part.byteLength)
      },
    })
  }

  function loose(raw: Buffer): MessageContent {
    return contentOf(indexing, {
      indexed: () => indexing.read(raw),
      bytes: async (start, end) => raw.subarray(start, end),
    })
  }

  return {
    /** A message that was accepted, by its row. */
    kept,

    /** One that waits for its time, and has no row yet. */
    loose,

    /** For an address that is itself the permission. */
    named(publicId: string): MessageContent {
      const id = rowIdOf.get(publicId)
      if (id !== undefined) return kept(id)
      const raw = scheduledRaw.get(publicId)
      if (raw) return loose(raw)
      throw new Fault('not_found', 'The message was deleted.')
    },
  }
}

function contentOf({ words }: Indexing, { indexed, bytes }: Source) {
  const partsOf = async (): Promise<Parts> => {
    const { parts, problem } = await indexed()
    if (problem) throw unreadable(problem)
    return parts
  }

  const encoded = async ({ start, end, encoding, charset }: BodyRange): Promise<EncodedPart> => ({
    bytes: await bytes(start, end),
    encoding,
    charset,
  })

  const decoded = async (part: BodyRange): Promise<Buffer> => decodedBytes(await encoded(part))

  const textOf = async (part: BodyRange): Promise<string> => decodedText(await encoded(part))

  async function htmlPart(): Promise<EncodedPart> {
    const { htmlPart: part } = await partsOf()
    if (part) return encoded(part)
    throw new Fault('not_found', 'The message has no HTML part. Read its text instead.')
  }

  return {
    /** What can be said of it, also of one that could not be read. */
    indexed,

    /** Refuses a message that could not be read. */
    parts: partsOf,

    decoded,

    raw: (): Promise<Buffer> => bytes(0, maxBlobBytes),

    headers: async () => readHeaders(await bytes(0, maxHeaderBytes)),

    html: async (): Promise<string> => decodedText(await htmlPart()),

    htmlPart,

    /** The text part, or what the HTML says in words. */
    async text(): Promise<string> {
      const { textPart, htmlPart } = await partsOf()
      if (textPart) return textOf(textPart)
      return htmlPart ? words(await textOf(htmlPart)) : ''
    },

    /** The HTML part as it came, and what it needs to be shown. */
    async shown() {
      const { htmlPart, attachments } = await partsOf()
      return { html: htmlPart ? await encoded(htmlPart) : plainPart(''), attachments }
    },

    async attachment(index: number) {
      const part = (await partsOf()).attachments.find((attachment) => attachment.index === index)
      if (!part) throw new Fault('not_found', `The message has no attachment ${index}.`)
      return {
        contentType: part.contentType,
        filename: part.filename ?? `attachment-${index}`,
        bytes: await decoded(part),
      }
    },
  }
}

/** What there is to open, as the wire says it. */
export function summaryOf({ hasHtml, hasText, attachments }: Parts) {
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

export function demandThere<T>(found: T | null): T {
  if (found !== null) return found
  throw new Fault('not_found', 'The message was deleted in the meantime.')
}
