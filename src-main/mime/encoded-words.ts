import { decodeText } from './charset.ts'

const highBytes = /[\u0080-\u00ff]/
const eachHighByte = /[\u0080-\u00ff]/g

/** The charset of the text that a field belongs to; a header rarely needs it. */
export type CharsetHint = () => string | null

/** The text of a field: high bytes and encoded words are decoded. */
export function headerText(value: string, hint?: CharsetHint): string {
  return withoutControls(decodeWords(bytesToText(value, hint)))
}

/** Replaces control characters by blanks. Searches first: they are rare, and a replace costs more. */
export function withoutControls(text: string): string {
  for (let position = 0; position < text.length; position++) {
    const code = text.charCodeAt(position)
    if (code < 32 || (code >= 127 && code < 160)) return text.replace(/\p{Cc}+/gu, ' ')
  }
  return text
}

/** The text of a value with one character per byte: UTF-8 by RFC 6532, else the hint, else latin-1. */
export function bytesToText(value: string, hint?: CharsetHint): string {
  if (!highBytes.test(value)) return value
  return decodeText(Buffer.from(escapeWords(value), 'latin1'), null, hint?.() ?? null)
}

/** High bytes inside a word have the charset of the word, not that of the field. */
function escapeWords(value: string): string {
  if (!value.includes('=?')) return value
  return value.replace(encodedWord, (word, _, encoding: string) =>
    encoding === 'b' || encoding === 'B' ? word : word.replace(eachHighByte, escapeByte),
  )
}

function escapeByte(character: string): string {
  return `=${character.charCodeAt(0).toString(16)}`
}

// Lenient, as senders put spaces and question marks inside a word, and no space between two words.
// A word cannot contain the start of another one, which keeps the search linear.
const encodedWord = /=\?([^?\s]{1,80})\?([bq])\?((?:(?!\?=|=\?[^=]).)*)\?=/gis

/** Decodes RFC 2047 words. Adjacent words are joined first, because a character may be split. */
export function decodeWords(text: string): string {
  if (!text.includes('=?')) return text
  let result = ''
  let position = 0
  let charset: string | null = null
  let pending: Buffer[] = []
  const flush = (): void => {
    if (charset !== null) result += decodeText(Buffer.concat(pending), charset)
    charset = null
    pending = []
  }
  for (const match of text.matchAll(encodedWord)) {
    const [word, label = '', encoding = '', content = ''] = match
    const between = text.slice(position, match.index)
    const wordCharset = (label.split('*', 1)[0] ?? '').toLowerCase()
    if (charset === null || wordCharset !== charset || between.trim() !== '') {
      const follows = charset !== null && between.trim() === ''
      flush()
      if (!follows) result += between
    }
    charset = wordCharset
    pending.push(wordBytes(encoding, content))
    position = match.index + word.length
  }
  flush()
  return result + text.slice(position)
}

function wordBytes(encoding: string, content: string): Buffer {
  if (encoding === 'B' || encoding === 'b') return Buffer.from(content, 'base64')
  return unescapeBytes(content.replaceAll('_', ' '), 0x3d)
}

/** The bytes of a text in which `marker` and two hex digits encode one byte. */
export function unescapeBytes(text: string, marker: 0x3d | 0x25): Buffer {
  const bytes = Buffer.from(text, 'utf8')
  let length = 0
  for (let position = 0; position < bytes.length; position++) {
    const byte = bytes[position] ?? 0
    const value = byte === marker ? hexPair(bytes, position + 1) : -1
    bytes[length++] = value === -1 ? byte : value
    if (value !== -1) position += 2
  }
  return bytes.subarray(0, length)
}

/** The byte of two hex digits, or -1. */
export function hexPair(bytes: Uint8Array, position: number): number {
  const high = hexDigit(bytes[position] ?? 0)
  const low = hexDigit(bytes[position + 1] ?? 0)
  return high === -1 || low === -1 ? -1 : high * 16 + low
}

function hexDigit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48
  const letter = code | 32
  return letter >= 97 && letter <= 102 ? letter - 87 : -1
}
