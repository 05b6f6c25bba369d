import { isUtf8 } from 'node:buffer'
import { decodeText } from './charset.ts'

/** WHATWG HTML §13.2.3.2 looks into the first 1024 bytes; mail programs write long comments first. */
const maxSearchBytes = 4096
// Both forms: `<meta charset="x">` and `<meta content="text/html; charset=x">`.
const metaCharset = /<meta\b[^<>]*?\bcharset[\s=]{1,5}["']?([\w:.-]{1,40})/i

/** The text of an HTML part. Without a declared charset, that of its byte order mark or `<meta>`. */
export function decodeHtml(bytes: Uint8Array, charset: string | null): string {
  const isDeclared = charset !== null && !/^(?:us-)?ascii$/i.test(charset.trim())
  return decodeText(bytes, isDeclared ? charset : writtenCharset(bytes))
}

function writtenCharset(bytes: Uint8Array): string | null {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, maxSearchBytes))
  const mark = markedCharset(start)
  if (mark !== null) return mark
  const [, named] = metaCharset.exec(start.toString('latin1')) ?? []
  if (named === undefined) return null
  // A page that can be searched for its charset is not in UTF-16; the standard reads it as UTF-8.
  if (/^utf-16/i.test(named)) return null
  // A program that changes the bytes to UTF-8 may leave the name of the charset as it was. Text of
  // ISO-2022-JP is valid UTF-8 too, as it has no high bytes.
  return /^(?:cs)?iso-?2022/i.test(named) || !isUtf8(bytes) ? named : null
}

function markedCharset(start: Buffer): string | null {
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le'
  if (start[0] === 0xfe && start[1] === 0xff) return 'utf-16be'
  return null
}
