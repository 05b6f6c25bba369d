import { hasRemoteContent, referencedContentIds } from '../html/body.ts'
import { htmlToText } from '../html/html-to-text.ts'
import { type Body, sortLeaves } from './bodies.ts'
import { decodePart } from './body.ts'
import { decodeText } from './charset.ts'
import { readHeaderBlock } from './header-block.ts'
import { decodeHtml } from './html-charset.ts'
import { snippetOf } from './snippet.ts'
import { type MimePart, readStructure } from './structure.ts'

/** The range of a part's body in the raw bytes, and its encoding. */
export interface BodyRange {
  readonly start: number
  readonly end: number
  readonly encoding: string
  readonly charset: string | null
}

export interface AttachmentEntry extends BodyRange {
  readonly index: number
  readonly filename: string | null
  readonly contentType: string
  readonly contentId: string | null
  /** The HTML shows it. */
  readonly inline: boolean
  /** After decoding. */
  readonly sizeBytes: number
}

/** One content in one or two forms; a body without text is shown in its HTML, and the reverse. */
export interface BodyRanges {
  readonly text: readonly BodyRange[]
  readonly html: readonly BodyRange[]
}

/** The values of a message that the index stores. */
export interface MimeDigest {
  readonly text: string
  readonly snippet: string
  readonly hasText: boolean
  readonly hasHtml: boolean
  /** The HTML would fetch remote content. */
  readonly remoteContent: boolean
  /** The shown parts, in their order. */
  readonly bodies: readonly BodyRanges[]
  readonly attachments: readonly AttachmentEntry[]
  /** Names of the attachments, one per line, for the search. */
  readonly fileNames: string
}

const maxTextLength = 200_000
/** Enough for the longest text in the least compact encoding. */
const maxTextBytes = 2_500_000
/** HTML is slow to read, and may have no text. */
const maxHtmlLength = 4_000_000

export function digest(raw: Buffer): MimeDigest {
  try {
    return digestStructure(raw)
  } catch {
    return digestPlainly(raw)
  }
}

function digestStructure(raw: Buffer): MimeDigest {
  const { bodies, attachments: leaves } = sortLeaves(raw, readStructure(raw))
  const read = withoutBlanks(bodies.map((body) => readBody(raw, body)))
  const html = read.flatMap((body) => body.html.map(({ content }) => content)).join('\n')
  const shown = referencedContentIds(html)
  const text = textOf(read)
  const attachments = leaves.map((leaf, index) => attachmentEntry(raw, leaf, index, shown))
  return {
    text,
    snippet: snippetOf(text),
    hasText: read.some((body) => body.text.length > 0),
    hasHtml: read.some((body) => body.html.length > 0),
    remoteContent: hasRemoteContent(html),
    bodies: read.map((body) => ({
      text: body.text.map(({ range }) => range),
      html: body.html.map(({ range }) => range),
    })),
    attachments,
    fileNames: attachments.flatMap(({ filename }) => filename ?? []).join('\n'),
  }
}

interface ReadPart {
  readonly range: BodyRange
  readonly content: string
}

interface ReadBody {
  readonly text: readonly ReadPart[]
  readonly html: readonly ReadPart[]
}

function readBody(raw: Buffer, { text, html }: Body): ReadBody {
  return {
    text: text.map((part) => ({ range: bodyRange(part), content: readText(raw, part) })),
    html: html.map((part) => ({ range: bodyRange(part), content: readHtml(raw, part) })),
  }
}

/** Drops empty parts, which would hide others; a message of empty parts keeps the first one. */
function withoutBlanks(bodies: readonly ReadBody[]): readonly ReadBody[] {
  const written = bodies
    .map(({ text, html }) => ({ text: text.filter(isWritten), html: html.filter(isWritten) }))
    .filter(({ text, html }) => text.length + html.length > 0)
  return written.length > 0 ? written : bodies.slice(0, 1)
}

const isWritten = ({ content, range }: ReadPart): boolean =>
  range.end - range.start > maxTextBytes || content.trim() !== ''

/** The text of all bodies, up to the limits. */
function textOf(bodies: readonly ReadBody[]): string {
  const texts: string[] = []
  let length = 0
  let htmlLength = 0
  for (const { text, html } of bodies) {
    if (length > maxTextLength || htmlLength > maxHtmlLength) break
    const contents = (text.length > 0 ? text : html).map(({ content }) => content)
    if (text.length === 0) htmlLength += contents.reduce((sum, one) => sum + one.length, 0)
    const found = text.length > 0 ? contents : contents.map(htmlToText)
    texts.push(...found)
    length += found.reduce((sum, one) => sum + one.length, 0)
  }
  return texts.join('\n').slice(0, maxTextLength)
}

function readText(raw: Buffer, { start, end, encoding, charset }: BodyRange): string {
  const limit = Math.min(end, start + maxTextBytes)
  return unixLines(decodeText(decodePart(raw, { start, end: limit, encoding }), charset))
}

const readHtml = (raw: Buffer, part: BodyRange): string =>
  unixLines(decodeHtml(decodePart(raw, part), part.charset))

const unixLines = (text: string): string => text.replace(/\r\n/g, '\n')

function attachmentEntry(
  raw: Buffer,
  part: MimePart,
  index: number,
  shown: ReadonlySet<string>,
): AttachmentEntry {
  const { filename, contentType, contentId, start, end, encoding, charset } = part
  const inline = contentId !== null && shown.has(contentId)
  const sizeBytes = decodePart(raw, part).length
  return {
    index,
    filename,
    contentType,
    contentId,
    inline,
    sizeBytes,
    start,
    end,
    encoding,
    charset,
  }
}

function bodyRange({ start, end, encoding, charset }: MimePart): BodyRange {
  return { start, end, encoding, charset }
}

function digestPlainly(raw: Buffer): MimeDigest {
  const { end: start } = readHeaderBlock(raw)
  const textPart = { start, end: raw.length, encoding: '8bit', charset: null }
  const text = readText(raw, textPart).slice(0, maxTextLength)
  return {
    text,
    snippet: snippetOf(text),
    hasText: true,
    hasHtml: false,
    remoteContent: false,
    bodies: [{ text: [textPart], html: [] }],
    attachments: [],
    fileNames: '',
  }
}
