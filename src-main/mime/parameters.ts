import { decodeText } from './charset.ts'
import { bytesToText, decodeWords, unescapeBytes } from './encoded-words.ts'

interface ParameterizedValue {
  /** Lower-case, without comments. */
  readonly value: string
  /** By lower-case name: one character per byte, RFC 2231 not decoded yet. */
  readonly written: ReadonlyMap<string, string>
}

const maxParameters = 200

/** Reads a Content-Type or Content-Disposition value, tolerant of common errors. */
export function readParameterized(text: string): ParameterizedValue {
  const written = new Map<string, string>()
  let position = text.indexOf(';')
  const value = withoutComments(position === -1 ? text : text.slice(0, position)).toLowerCase()
  while (position !== -1 && written.size < maxParameters) {
    const equals = text.indexOf('=', position + 1)
    if (equals === -1) break
    const nameStart = text.lastIndexOf(';', equals) + 1
    const name = withoutComments(text.slice(nameStart, equals)).toLowerCase()
    const start = skipBlanks(text, equals + 1)
    const isQuoted = text.charCodeAt(start) === 34
    const found = isQuoted ? readQuoted(text, start + 1) : readToken(text, start, name)
    // The first of two counts, as with fields, so that all readers agree.
    if (name !== '' && !written.has(name)) written.set(name, found.value)
    position = text.indexOf(';', found.end)
  }
  return { value, written }
}

function readQuoted(text: string, start: number): { value: string; end: number } {
  let end = start
  while (end < text.length && text.charCodeAt(end) !== 34) {
    end += text.charCodeAt(end) === 92 ? 2 : 1
  }
  return { value: text.slice(start, end).replace(/\\(.)/gs, '$1'), end: Math.min(end, text.length) }
}

function readToken(text: string, start: number, name: string): { value: string; end: number } {
  const semicolon = text.indexOf(';', start)
  const end = semicolon === -1 ? text.length : semicolon
  const token = text.slice(start, end)
  // An unquoted `report (1).pdf` has no comment.
  const isFileName = name.startsWith('filename') || name.startsWith('name')
  return { value: isFileName ? token.trimEnd() : withoutComments(token), end }
}

function withoutComments(text: string): string {
  if (!text.includes('(')) return text.trim()
  let result = ''
  let depth = 0
  for (const character of text) {
    if (character === '(') depth++
    else if (character === ')' && depth > 0) depth--
    else if (depth === 0) result += character
  }
  return result.trim()
}

function skipBlanks(text: string, start: number): number {
  let position = start
  while (text[position] === ' ' || text[position] === '\t') position++
  return position
}

interface Section {
  readonly order: number
  readonly isEscaped: boolean
  readonly text: string
}

/** Decodes parameters: RFC 2231 sections, RFC 2047 words and UTF-8. */
export function decodeParameters(written: ReadonlyMap<string, string>): Map<string, string> {
  const decoded = new Map<string, string>()
  const sections = new Map<string, Section[]>()
  for (const [key, text] of written) {
    const match = /^([^*]+)\*(?:(\d{1,4})(\*)?)?$/.exec(key)
    if (match === null) {
      decoded.set(key, decodeWords(bytesToText(text)))
      continue
    }
    const [, name = '', order, star] = match
    const section = {
      order: Number(order ?? 0),
      isEscaped: order === undefined || star === '*',
      text,
    }
    const known = sections.get(name)
    if (known === undefined) sections.set(name, [section])
    else known.push(section)
  }
  for (const [name, list] of sections) decoded.set(name, joinSections(list))
  return decoded
}

function joinSections(list: readonly Section[]): string {
  const ordered = list.toSorted((one, other) => one.order - other.order)
  const first = ordered[0]
  const extended = first?.isEscaped === true ? /^([^']*)'[^']*'/.exec(first.text) : null
  const pieces: Buffer[] = []
  for (const section of ordered) {
    const text =
      section === first && extended !== null ? section.text.slice(extended[0].length) : section.text
    // Sections are joined before decoding, because a character may be split.
    const latin1 = section.isEscaped ? unescapeBytes(text, 0x25).toString('latin1') : text
    pieces.push(Buffer.from(latin1, 'latin1'))
  }
  const charset = extended?.[1] ?? ''
  const text = decodeText(Buffer.concat(pieces), charset === '' ? null : charset)
  return extended === null ? decodeWords(text) : text
}

// Bidirectional controls can show `fdp.exe` as `exe.pdf`.
const unsafeCharacters = /[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/gu
const maxFileNameLength = 200

/** A file name that is safe to show and to save, or null. */
export function safeFileName(name: string | undefined): string | null {
  if (name === undefined) return null
  const safe = name.replace(unsafeCharacters, '').replace(/[\\/]/g, '_').trim()
  if (safe === '') return null
  if (/^\.+$/.test(safe)) return '_'.repeat(safe.length)
  return [...safe].length <= maxFileNameLength ? safe : shorten(safe)
}

// Keeps the extension.
function shorten(name: string): string {
  const dot = name.lastIndexOf('.')
  const ending = dot > 0 && name.length - dot <= 16 ? name.slice(dot) : ''
  return [...name].slice(0, maxFileNameLength - ending.length).join('') + ending
}
