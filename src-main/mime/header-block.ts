/** A field, unfolded, with one character per byte. */
export interface RawField {
  readonly name: string
  readonly value: string
}

interface HeaderBlock {
  readonly fields: readonly RawField[]
  /** Offset of the body. */
  readonly end: number
}

export const maxHeaderBytes = 256 * 1024
/** Enough for most headers. */
const firstReadBytes = 4096

/**
 * Reads the header block at `start`. It ends at an empty line or, like in Postfix and sendmail,
 * before the first line that is neither a field nor a continuation.
 */
export function readHeaderBlock(raw: Buffer, start = 0, end = raw.length): HeaderBlock {
  const limit = Math.min(end, start + maxHeaderBytes)
  const firstRead = Math.min(limit, start + firstReadBytes)
  const block = readFields(raw.toString('latin1', start, firstRead), start, firstRead === limit)
  return block ?? readFields(raw.toString('latin1', start, limit), start, true) ?? nothing(start)
}

function nothing(start: number): HeaderBlock {
  return { fields: [], end: start }
}

/** Null: `text` ends before the block, and is not all of it. */
function readFields(text: string, offset: number, isAll: boolean): HeaderBlock | null {
  const fields: RawField[] = []
  let position = offset === 0 ? messageStart(text) : skipMailboxLine(text, 0)
  while (position < text.length) {
    let lineEnd = text.indexOf('\n', position)
    if (lineEnd === -1) {
      if (!isAll) return null
      lineEnd = text.length
    }
    const first = text.charCodeAt(position)
    const isEmpty = first === 10 || (first === 13 && lineEnd === position + 1)
    if (isEmpty) return { fields, end: offset + Math.min(lineEnd + 1, text.length) }

    const colon = nameEnd(text, position, lineEnd)
    if (colon === -1) return { fields, end: offset + position }

    let isFolded = false
    while (isBlank(text.charCodeAt(lineEnd + 1))) {
      isFolded = true
      const next = text.indexOf('\n', lineEnd + 1)
      if (next === -1 && !isAll) return null
      lineEnd = next === -1 ? text.length : next
    }
    if (!isAll && lineEnd + 1 >= text.length) return null
    const value = sliceTrimmed(text, colon + 1, lineEnd)
    fields.push({
      name: sliceTrimmed(text, position, colon),
      value: isFolded ? value.replace(/\r?\n/g, '') : value,
    })
    position = lineEnd + 1
  }
  return isAll ? { fields, end: offset + text.length } : null
}

const byteOrderMark = '\u00ef\u00bb\u00bf'

/**
 * Blanks, empty lines and a byte order mark before the first field are no part of a message: a file
 * may begin with them. Where no field follows, the empty line ends a header without fields.
 */
function messageStart(text: string): number {
  const marked = text.startsWith(byteOrderMark) ? byteOrderMark.length : 0
  const first = skipBlanks(text, skipMailboxLine(text, skipBlanks(text, marked)))
  const lineEnd = text.indexOf('\n', first)
  const isField = nameEnd(text, first, lineEnd === -1 ? text.length : lineEnd) !== -1
  return isField ? first : skipMailboxLine(text, 0)
}

function skipBlanks(text: string, start: number): number {
  let position = start
  while (isBlankOrBreak(text.charCodeAt(position))) position++
  return position
}

// A message of an mbox file begins with a separator line.
function skipMailboxLine(text: string, start: number): number {
  if (!text.startsWith('From ', start) && !text.startsWith('>From ', start)) return start
  const lineEnd = text.indexOf('\n', start)
  return lineEnd === -1 ? start : lineEnd + 1
}

/** Offset of the colon of a field; -1: the line is not a field (RFC 5322 §2.2). */
function nameEnd(text: string, start: number, end: number): number {
  let position = start
  while (position < end && isNameCharacter(text.charCodeAt(position))) position++
  const hasName = position > start
  while (position < end && isBlank(text.charCodeAt(position))) position++
  if (!hasName || text.charCodeAt(position) !== 58 || position >= end) return -1
  // A delimiter line may contain a colon; field names do not begin with two dashes.
  return text.startsWith('--', start) ? -1 : position
}

function isNameCharacter(code: number): boolean {
  return code > 32 && code < 127 && code !== 58
}

function isBlank(code: number): boolean {
  return code === 32 || code === 9
}

/** `String.trim` would remove 0xa0, which may be the last byte of a UTF-8 character. */
function sliceTrimmed(text: string, from: number, to: number): string {
  let start = from
  let end = to
  while (start < end && isBlankOrBreak(text.charCodeAt(start))) start++
  while (end > start && isBlankOrBreak(text.charCodeAt(end - 1))) end--
  return text.slice(start, end)
}

function isBlankOrBreak(code: number): boolean {
  return code === 32 || code === 9 || code === 13 || code === 10
}
