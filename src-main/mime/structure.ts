import { expectBoundaries, maxBoundaryLength, nextDelimiter } from './delimiter.ts'
import { bytesToText } from './encoded-words.ts'
import { readHeaderBlock } from './header-block.ts'
import {
  decodeParameters,
  type ParameterizedValue,
  parameterBytes,
  readParameterized,
  safeFileName,
} from './parameters.ts'

/** A part of a message; `start` and `end` are offsets of its body in the raw bytes. */
export interface MimePart {
  /** `1` is the message, `1.2` its second part. */
  readonly path: string
  /** Lower-case `type/subtype`. A multipart without children was beyond the limits. */
  readonly contentType: string
  readonly parameters: Readonly<Record<string, string>>
  readonly charset: string | null
  readonly encoding: string
  readonly disposition: 'attachment' | 'inline' | null
  readonly filename: string | null
  /** Without its angle brackets. */
  readonly contentId: string | null
  readonly start: number
  readonly end: number
  readonly children: readonly MimePart[]
}

interface OpenPart extends MimePart {
  contentType: string
  end: number
  readonly children: OpenPart[]
  /** One character per byte; null: the part has no usable boundary. */
  readonly boundary: string | null
  /** A multipart beyond `maxDepth` or `maxParts`. */
  isOpaque: boolean
}

const maxDepth = 50
const maxParts = 1000

/** The tree of parts, for every input, in linear time. */
export function readStructure(raw: Buffer): MimePart {
  const root = readPart(raw, 0, '1', 'text/plain')
  if (root.boundary !== null) divide(raw, root)
  return finish(root)
}

function divide(raw: Buffer, root: OpenPart): void {
  // The open multiparts, outermost first.
  const open: OpenPart[] = [root]
  let leaf: OpenPart | null = null
  let parts = 1
  let position = root.start - 1
  while (open.length > 0) {
    const boundaries = expectBoundaries(open.map(({ boundary }) => boundary ?? ''))
    const delimiter = nextDelimiter(raw, position, boundaries)
    const parent = open[delimiter?.level ?? -1]
    if (delimiter === null || parent === undefined) return
    const { level, isClose, lineBreak, end, next } = delimiter
    const contentEnd = raw[lineBreak - 1] === 13 ? lineBreak - 1 : lineBreak
    if (leaf !== null) close(leaf, contentEnd)
    for (const part of open.slice(level + 1).reverse()) close(part, contentEnd)
    leaf = null
    position = next - 1
    open.length = isClose ? level : level + 1
    if (isClose) {
      if (parent !== root) close(parent, end)
      continue
    }
    const path = `${parent.path}.${parent.children.length + 1}`
    const part = readPart(raw, next, path, childType(parent))
    parent.children.push(part)
    parts++
    part.isOpaque = parts === maxParts || open.length === maxDepth
    if (parts === maxParts) return
    if (part.boundary === null || part.isOpaque) leaf = part
    else open.push(part)
    position = part.start - 1
  }
}

/** A part without a body starts after the line break that belongs to its delimiter. */
function close(part: OpenPart, end: number): void {
  part.end = Math.max(part.start, part.children.at(-1)?.end ?? 0, end)
}

function childType(parent: OpenPart): string {
  return parent.contentType === 'multipart/digest' ? 'message/rfc822' : 'text/plain'
}

const wellFormedType = /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+$/

function readPart(raw: Buffer, start: number, path: string, defaultType: string): OpenPart {
  const block = readHeaderBlock(raw, start)
  const fields = new Map<string, string>()
  for (const { name, value } of block.fields) {
    if (name.length < 10 || name.length > 25) continue
    const key = name.toLowerCase()
    if (key.startsWith('content-') && !fields.has(key)) fields.set(key, value)
  }
  const type = readParameterized(fields.get('content-type') ?? defaultType)
  const disposition = readParameterized(fields.get('content-disposition') ?? '')
  const parameters = decodeParameters(type.written)
  // RFC 2045 §5.2: an invalid type is plain text.
  const contentType = wellFormedType.test(type.value) ? type.value : plainTypeOf(type)
  const boundary = contentType.startsWith('multipart/') ? readBoundary(type.written) : ''
  return {
    path,
    contentType,
    parameters: Object.fromEntries(parameters),
    charset: parameters.get('charset')?.toLowerCase() || null,
    encoding: readParameterized(fields.get('content-transfer-encoding') ?? '7bit').value,
    disposition: readDisposition(disposition.value),
    filename:
      safeFileName(decodeParameters(disposition.written).get('filename')) ??
      safeFileName(parameters.get('name')),
    contentId: readContentId(fields.get('content-id')),
    start: block.end,
    end: raw.length,
    children: [],
    boundary: boundary === '' || boundary.length > maxBoundaryLength ? null : boundary,
    isOpaque: false,
  }
}

/** A multipart with a boundary is divided, whatever its subtype. */
function plainTypeOf({ value, written }: ParameterizedValue): string {
  const isDivided = value.startsWith('multipart/') && readBoundary(written) !== ''
  return isDivided ? 'multipart/mixed' : 'text/plain'
}

/** RFC 2046 §5.1.1: a boundary does not end in blanks; those of its lines were added in transit. */
function readBoundary(written: ReadonlyMap<string, string>): string {
  return (parameterBytes(written, 'boundary') ?? '').trimEnd()
}

// RFC 2183 §2.8: an unknown disposition is an attachment.
function readDisposition(value: string): 'attachment' | 'inline' | null {
  if (value === '') return null
  return value === 'inline' ? 'inline' : 'attachment'
}

function readContentId(value: string | undefined): string | null {
  const id = bytesToText(value ?? '')
    .replace(/^\s*<|>\s*$/g, '')
    .trim()
  return id === '' ? null : id
}

/** A multipart without a usable boundary or without parts is text (RFC 2045 §5.2). */
function finish(part: OpenPart): MimePart {
  const { boundary: _, isOpaque, children, ...rest } = part
  const isEmpty = rest.contentType.startsWith('multipart/') && children.length === 0
  const contentType = isEmpty && !isOpaque ? 'text/plain' : rest.contentType
  return { ...rest, contentType, children: children.map(finish) }
}
