import { decodeText } from './charset.ts'

const highBytes = /[\u0080-\u00ff]/

/** What a person reads in a field: raw UTF-8 or latin-1 bytes and encoded words made into text. */
export function headerText(value: string): string {
  return withoutControls(decodeWords(bytesToText(value)))
}

/** Control characters become blanks. Looks first: they are rare, and a replace costs more. */
export function withoutControls(text: string): string {
  for (let position = 0; position < text.length; position++) {
    const code = text.charCodeAt(position)
    if (code < 32 || (code >= 127 && code < 160)) return text.replace(/\p{Cc}+/gu, ' ')
  }
  return text
}

/** Text of a value that holds one character per byte (RFC 6532, else latin-1). */
export function bytesToText(value: string): string {
  return highBytes.test(value) ? decodeText(Buffer.from(value, 'latin1'), null) : value
}

// Lenient where senders are: spaces and question marks inside the word, none between two words.
// The word may not hold the start of another one, which also keeps the search linear.
const encodedWord = /=\?([^?\s]{1,80})\?([bq])\?((?:(?!\?=|=\?[^=]).)*)\?=/gis

/** Decodes RFC 2047 words; bytes of adjacent words are joined first, so split characters survive. */
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

/** Bytes of a text in which `marker` and two hex digits stand for one byte. */
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

/** The byte that two hex digits name, or -1. */
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
