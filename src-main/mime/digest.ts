import { hasRemoteContent, referencedContentIds } from '../html/body.ts'
import { htmlToText } from '../html/html-to-text.ts'
import { decodePart } from './body.ts'
import { decodeText } from './charset.ts'
import { readHeaderBlock } from './header-block.ts'
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

/** The values of a message that the index stores. */
export interface MimeDigest {
  readonly text: string
  readonly snippet: string
  readonly hasText: boolean
  readonly hasHtml: boolean
  /** The HTML would fetch remote content. */
  readonly remoteContent: boolean
  readonly textPart: BodyRange | null
  readonly htmlPart: BodyRange | null
  readonly attachments: readonly AttachmentEntry[]
  /** Names of the attachments, one per line, for the search. */
  readonly fileNames: string
}

const maxTextLength = 200_000
/** Enough for the longest text in the least compact encoding. */
const maxTextBytes = 2_500_000
/** Lower for its cost: HTML is slow to read, and may have no text. */
const maxHtmlBytes = 4_000_000

export function digest(raw: Buffer): MimeDigest {
  try {
    return digestStructure(raw)
  } catch {
    return digestPlainly(raw)
  }
}

function digestStructure(raw: Buffer): MimeDigest {
  const root = readStructure(raw)
  const { bodies, others } = sortLeaves(root)
  const main = bodies[0]
  const htmlLeaf = bodies.find((body) => body.html !== null)?.html ?? null
  const textLeaf = main?.text[0] ?? null
  const html = htmlLeaf === null ? '' : readText(raw, htmlLeaf)
  const shown = referencedContentIds(html)
  const text = textOf(raw, bodies, htmlLeaf, html)

  const extra = bodies
    .flatMap((body) => [...body.text, ...(body.html === null ? [] : [body.html])])
    .filter((leaf) => leaf !== textLeaf && leaf !== htmlLeaf && !isBlank(raw, leaf))
  const attachments = [...extra, ...others]
    .toSorted((one, other) => one.start - other.start)
    .map((leaf, index) => attachmentEntry(raw, leaf, index, shown))
  return {
    text,
    snippet: snippetOf(text),
    hasText: textLeaf !== null,
    hasHtml: htmlLeaf !== null,
    remoteContent: hasRemoteContent(html),
    textPart: bodyRange(textLeaf),
    htmlPart: bodyRange(htmlLeaf),
    attachments,
    fileNames: attachments.flatMap(({ filename }) => filename ?? []).join('\n'),
  }
}

/** The parts of a multipart/alternative, or a single text part. */
interface Body {
  readonly text: MimePart[]
  html: MimePart | null
}

function sortLeaves(root: MimePart): { bodies: Body[]; others: MimePart[] } {
  const bodies: Body[] = []
  const others: MimePart[] = []
  const visit = (part: MimePart, alternative: Body | null): void => {
    if (part.children.length > 0) {
      const isAlternative = part.contentType === 'multipart/alternative'
      const inner: Body | null = isAlternative ? { text: [], html: null } : alternative
      for (const child of part.children) visit(child, inner)
      return
    }
    const kind = bodyKind(part, part === root, bodies.length > 0)
    const body = alternative ?? { text: [], html: null }
    if (kind === null || (kind === 'html' && body.html !== null)) {
      others.push(part)
      return
    }
    if (kind === 'text') body.text.push(part)
    else body.html = part
    if (!bodies.includes(body)) bodies.push(body)
  }
  visit(root, null)
  return { bodies, others }
}

function bodyKind(part: MimePart, isRoot: boolean, hasBody: boolean): 'text' | 'html' | null {
  if (part.disposition === 'attachment') return null
  if (part.filename !== null && hasBody) return null
  if (part.contentType === 'text/html') return 'html'
  if (part.contentType === 'text/plain') return 'text'
  return isRoot && part.contentType.startsWith('text/') ? 'text' : null
}

/** The text of all bodies, up to the limits. */
function textOf(
  raw: Buffer,
  bodies: readonly Body[],
  htmlLeaf: MimePart | null,
  html: string,
): string {
  const texts: string[] = []
  let length = 0
  let htmlBytes = 0
  for (const body of bodies) {
    if (length > maxTextLength || htmlBytes > maxHtmlBytes) break
    const text = bodyText(raw, body, htmlLeaf, html)
    texts.push(text)
    length += text.length
    htmlBytes += body.html ? body.html.end - body.html.start : 0
  }
  return texts.join('\n').slice(0, maxTextLength)
}

function bodyText(raw: Buffer, body: Body, htmlLeaf: MimePart | null, html: string): string {
  const text = body.text.map((leaf) => readText(raw, leaf, maxTextBytes)).join('\n')
  if (text.trim() !== '' || body.html === null) return text
  return htmlToText(body.html === htmlLeaf ? html : readText(raw, body.html))
}

function readText(raw: Buffer, part: BodyRange, limitBytes = raw.length): string {
  const end = Math.min(part.end, part.start + limitBytes)
  const bytes = decodePart(raw, { start: part.start, end, encoding: part.encoding })
  return decodeText(bytes, part.charset).replace(/\r\n/g, '\n')
}

function isBlank(raw: Buffer, part: BodyRange): boolean {
  return readText(raw, part).trim() === ''
}

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

function bodyRange(part: MimePart | null): BodyRange | null {
  if (part === null) return null
  const { start, end, encoding, charset } = part
  return { start, end, encoding, charset }
}

function digestPlainly(raw: Buffer): MimeDigest {
  const { end: start } = readHeaderBlock(raw)
  const textPart = { start, end: raw.length, encoding: '8bit', charset: null }
  const text = readText(raw, textPart, maxTextBytes).slice(0, maxTextLength)
  return {
    text,
    snippet: snippetOf(text),
    hasText: true,
    hasHtml: false,
    remoteContent: false,
    textPart,
    htmlPart: null,
    attachments: [],
    fileNames: '',
  }
}
