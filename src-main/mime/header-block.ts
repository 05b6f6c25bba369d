/** One field as it stands in the message: unfolded, and still one character per byte. */
interface RawField {
  readonly name: string
  readonly value: string
}

interface HeaderBlock {
  readonly fields: readonly RawField[]
  /** Where the body begins. */
  readonly end: number
}

export const headerLimitBytes = 256 * 1024
const firstLookBytes = 4096

/**
 * Reads the header block at `start`. It ends at an empty line or, as Postfix and sendmail have it,
 * before the first line that is neither a field nor the continuation of one.
 */
export function readHeaderBlock(raw: Buffer, start = 0, end = raw.length): HeaderBlock {
  const limit = Math.min(end, start + headerLimitBytes)
  const firstLook = Math.min(limit, start + firstLookBytes)
  const block = readFields(raw.toString('latin1', start, firstLook), start, firstLook === limit)
  return block ?? readFields(raw.toString('latin1', start, limit), start, true) ?? nothing(start)
}

function nothing(start: number): HeaderBlock {
  return { fields: [], end: start }
}

/** Null when the text breaks off before the block does, and more can be had. */
function readFields(text: string, offset: number, isAll: boolean): HeaderBlock | null {
  const fields: RawField[] = []
  let position = skipMailboxLine(text)
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

// A message out of an mbox file begins with a line that is no field.
function skipMailboxLine(text: string): number {
  if (!text.startsWith('From ') && !text.startsWith('>From ')) return 0
  return text.indexOf('\n') + 1
}

/** Where the colon of a field stands; -1 when the line is no field (RFC 5322, 2.2). */
function nameEnd(text: string, start: number, end: number): number {
  let position = start
  while (position < end && isNameCharacter(text.charCodeAt(position))) position++
  const hasName = position > start
  while (position < end && isBlank(text.charCodeAt(position))) position++
  if (!hasName || text.charCodeAt(position) !== 58 || position >= end) return -1
  // A boundary may hold a colon; a field name never begins with two dashes.
  return text.startsWith('--', start) ? -1 : position
}

function isNameCharacter(code: number): boolean {
  return code > 32 && code < 127 && code !== 58
}

function isBlank(code: number): boolean {
  return code === 32 || code === 9
}

/** String.trim would also take 0xa0, which can be the last byte of a UTF-8 character. */
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
