import { isUtf8 } from 'node:buffer'
import { evenEscapes } from './iso-2022-jp.ts'

// Names that mail programs use and the WHATWG encoding labels lack.
const aliases = new Map([
  ['cp932', 'shift_jis'],
  ['cp936', 'gbk'],
  ['cp949', 'euc-kr'],
  ['cp950', 'big5'],
  ['latin-1', 'windows-1252'],
  ['latin-9', 'iso-8859-15'],
])

// windows-1252 from 0x80 to 0x9f; Node 20 decodes that range as C1 controls.
const windows1252 =
  '\u20ac\u0081\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u008d\u017d\u008f' +
  '\u0090\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u009d\u017e\u0178'

const upperControls = /[\u0080-\u009f]/g

/**
 * Decodes bytes of a declared charset. Undeclared or unknown: UTF-8 if most of its letters are
 * valid, else `hint`, the charset of the text nearby, else windows-1252.
 */
export function decodeText(
  bytes: Uint8Array,
  charset: string | null,
  hint: string | null = null,
): string {
  const declared = isAsciiLabel(charset) ? null : decoderFor(charset)
  if (declared !== null) return decodeWith(declared, bytes)
  if (isUtf8(bytes)) return utf8.decode(bytes)
  const hinted = decoderFor(hint)
  // Every byte is valid in windows-1252, so this hint does not rule out UTF-8.
  if (hinted !== null && hinted.encoding !== 'windows-1252' && hinted.encoding !== 'utf-8')
    return decodeWith(hinted, bytes)
  return decodeMostlyUtf8(bytes) ?? decodeWindows1252(bytes)
}

const utf8 = new TextDecoder('utf-8')

function decodeWith(decoder: TextDecoder, bytes: Uint8Array): string {
  if (decoder.encoding === 'windows-1252') return decodeWindows1252(bytes)
  return decoder.decode(decoder.encoding === 'iso-2022-jp' ? evenEscapes(bytes) : bytes)
}

/** Null if damaged letters outnumber the valid ones: one bad byte must not change the others. */
function decodeMostlyUtf8(bytes: Uint8Array): string | null {
  const text = utf8.decode(bytes)
  let valid = 0
  let damaged = 0
  for (let position = 0; position < text.length; position++) {
    const code = text.charCodeAt(position)
    if (code === 0xfffd) damaged++
    else if (code >= 0x80) valid++
  }
  return valid >= damaged && valid > 0 ? text : null
}

function isAsciiLabel(charset: string | null): boolean {
  return charset !== null && /^(?:us-)?ascii$/i.test(charset.trim())
}

const decoders = new Map<string, TextDecoder | null>()

function decoderFor(charset: string | null): TextDecoder | null {
  if (charset === null) return null
  const label = charset.trim().toLowerCase()
  const known = decoders.get(label)
  if (known !== undefined) return known
  const decoder = createDecoder(aliases.get(label) ?? label.replace(/^cp-?(?=125\d$)/, 'windows-'))
  // Labels are hostile input, so the map is bounded.
  if (decoders.size < 200) decoders.set(label, decoder)
  return decoder
}

function createDecoder(label: string): TextDecoder | null {
  try {
    return new TextDecoder(label)
  } catch {
    return null
  }
}

function decodeWindows1252(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
  return text.replace(upperControls, (character) =>
    windows1252.charAt(character.charCodeAt(0) - 0x80),
  )
}
