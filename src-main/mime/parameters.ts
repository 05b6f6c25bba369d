import { decodeText } from './charset.ts'
import { bytesToText, decodeWords, unescapeBytes } from './encoded-words.ts'

export interface ParameterizedValue {
  /** Lower-case, without comments. */
  readonly value: string
  /** By lower-case name: one character per byte, RFC 2231 not decoded yet. */
  readonly written: ReadonlyMap<string, string>
}

const maxParameters = 200

/** The charset of a Content-Type value, in lower case. */
export const charsetOf = (contentType: string): string | null =>
  decodeParameters(readParameterized(contentType).written).get('charset')?.toLowerCase() || null

/** Reads a Content-Type or Content-Disposition value, tolerant of common errors. */
export function readParameterized(text: string): ParameterizedValue {
  const written = new Map<string, string>()
  let position = text.indexOf(';')
  const value = readValue(position === -1 ? text : text.slice(0, position))
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

/** Some programs encode the value as if it were text (RFC 2047 §5 forbids it). */
const readValue = (text: string): string => withoutComments(decodeWords(text)).trim().toLowerCase()

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

const sectionName = /^([^*]+)\*(?:(\d{1,4})(\*)?)?$/

/** Decodes parameters: RFC 2231 sections, RFC 2047 words and UTF-8. */
export function decodeParameters(written: ReadonlyMap<string, string>): Map<string, string> {
  const decoded = new Map<string, string>()
  for (const [name, text] of written) {
    if (!sectionName.test(name)) decoded.set(name, decodeWords(bytesToText(text)))
  }
  for (const [name, list] of readSections(written)) {
    const { bytes, charset } = joinSections(list)
    const text = decodeText(bytes, charset === '' ? null : charset)
    decoded.set(name, charset === null ? decodeWords(text) : text)
  }
  return decoded
}

/** A parameter that is compared with bytes, such as a boundary: one character per byte. */
export function parameterBytes(written: ReadonlyMap<string, string>, name: string): string | null {
  const sections = readSections(written).get(name)
  if (sections === undefined) return written.get(name) ?? null
  return joinSections(sections).bytes.toString('latin1')
}

function readSections(written: ReadonlyMap<string, string>): Map<string, Section[]> {
  const sections = new Map<string, Section[]>()
  for (const [key, text] of written) {
    const match = sectionName.exec(key)
    if (match === null) continue
    const [, name = '', order, star] = match
    const isEscaped = order === undefined || star === '*'
    const section = { order: Number(order ?? 0), isEscaped, text }
    const known = sections.get(name)
    if (known === undefined) sections.set(name, [section])
    else known.push(section)
  }
  return sections
}

/** Sections are joined before decoding, because a character may be split. */
function joinSections(list: readonly Section[]): { bytes: Buffer; charset: string | null } {
  const ordered = list.toSorted((one, other) => one.order - other.order)
  const first = ordered[0]
  const extended = first?.isEscaped === true ? /^([^']*)'[^']*'/.exec(first.text) : null
  const pieces = ordered.map((section) => {
    const text =
      section === first && extended !== null ? section.text.slice(extended[0].length) : section.text
    const latin1 = section.isEscaped ? unescapeBytes(text, 0x25).toString('latin1') : text
    return Buffer.from(latin1, 'latin1')
  })
  return { bytes: Buffer.concat(pieces), charset: extended === null ? null : (extended[1] ?? '') }
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
