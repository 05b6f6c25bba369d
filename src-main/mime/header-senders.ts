import { isAddress } from '../contract/addresses.ts'
import { bytesToText } from './encoded-words.ts'
import { maxHeaderBytes } from './header-block.ts'

/** A field that names a sender (RFC 5322 §3.6.2, §3.6.6); null: it can be read in several ways. */
export type SenderField = { readonly name: string; readonly addresses: readonly string[] | null }

const names = new Map(
  ['From', 'Sender', 'Resent-From', 'Resent-Sender'].map((name) => [name.toLowerCase(), name]),
)
/** Of all sender fields together, in characters; longer ones are not read. */
const maxSenderText = 16 * 1024

/**
 * Every field that names a sender, for a key with `allowed_senders`. Mail programs differ in where
 * they end a line or the header block, so a field also counts after a bare CR or LF, after a line
 * that is not a field, and when it is repeated. Null: the header block is too long.
 */
export function readSenders(raw: Buffer): readonly SenderField[] | null {
  const text = raw.toString('latin1', 0, maxHeaderBytes).replaceAll('\0', '')
  const end = headerEnd(text, raw.length <= maxHeaderBytes)
  if (end === null) return null
  const fields = senderFields(text.slice(0, end))
  const length = fields.reduce((sum, { value }) => sum + value.length + 1, 0)
  const isReadable = length <= maxSenderText
  return fields.map(({ name, value, isClear }) => ({
    name,
    addresses: isReadable && isClear ? readAddresses(value) : null,
  }))
}

function headerEnd(text: string, isWhole: boolean): number | null {
  const start = /^(?:\u00ef\u00bb\u00bf)?\s*/.exec(text)?.[0].length ?? 0
  const strict = text.indexOf('\r\n\r\n', start)
  if (strict !== -1) return strict
  // In a message with CR LF, a bare LF does not end the block for every program.
  if (!isWhole && text.includes('\r\n')) return null
  const loose = text.indexOf('\n\n', start)
  if (loose !== -1) return loose
  return isWhole ? text.length : null
}

type WrittenField = { readonly name: string; readonly isClear: boolean; value: string }

/**
 * The sender fields, unfolded. A field is not clear when only some programs find its name: after a
 * blank in the first line, a byte order mark or a control character, or with its colon on the next
 * line.
 */
function senderFields(block: string): WrittenField[] {
  const fields: WrittenField[] = []
  let current: WrittenField | null = null
  let isFirst = true
  for (const line of block.split(/\r\n|\r|\n/)) {
    if (line === '') continue
    if (!isFirst && /^[ \t]/.test(line)) {
      if (current) current.value += line
      continue
    }
    isFirst = false
    current = senderField(line)
    if (current) fields.push(current)
  }
  return fields
}

function senderField(line: string): WrittenField | null {
  const colon = line.indexOf(':')
  const written = colon === -1 ? line : line.slice(0, colon)
  const name = names.get(written.replace(/[^!-~]+/g, '').toLowerCase())
  if (name === undefined) return null
  const isClear = colon !== -1 && /^[!-~]+[ \t]*$/.test(written)
  return { name, isClear, value: line.slice(colon + 1) }
}

const address = /^[^\s@<>()[\]:;,"\\]+@[^\s@<>()[\]:;,"\\]+$/

/** Reads unambiguous text only: `a@b`, `Name <a@b>`, lists and groups of these. */
function readAddresses(value: string): readonly string[] | null {
  const bare = withoutWords(bytesToText(value))
  if (bare === null) return null
  const pieces = bare
    .split(/[,;]/)
    .map((piece) => piece.slice(groupNameEnd(piece)).trim())
    .filter((piece) => piece !== '')
  const addresses = pieces.map(addressOf)
  const isClear = addresses.length > 0 && addresses.every((one) => one !== null && isAddress(one))
  return isClear ? addresses.filter((one) => one !== null) : null
}

function groupNameEnd(piece: string): number {
  const colon = piece.indexOf(':')
  return /[@<>]/.test(piece.slice(0, Math.max(0, colon))) ? 0 : colon + 1
}

function addressOf(piece: string): string | null {
  const open = piece.indexOf('<')
  if (open === -1) return address.test(piece) ? piece : null
  const inner = piece.slice(open + 1, -1).trim()
  const isNamed = piece.endsWith('>') && !piece.slice(0, open).includes('@')
  return isNamed && address.test(inner) ? inner : null
}

/** Replaces quoted strings and comments by blanks; null: one of them does not end. */
function withoutWords(text: string): string | null {
  let depth = 0
  let isQuoted = false
  let bare = ''
  for (let at = 0; at < text.length; at += 1) {
    const letter = text.charAt(at)
    if (letter === '\\') {
      if (!isQuoted && depth === 0) return null
      at += 1
    } else if (isQuoted) isQuoted = letter !== '"'
    else if (letter === '(') depth += 1
    else if (letter === ')') {
      if (depth === 0) return null
      depth -= 1
      bare += ' '
    } else if (depth === 0) {
      if (letter === '"') isQuoted = true
      bare += letter === '"' ? ' ' : letter
    }
  }
  return isQuoted || depth > 0 ? null : bare
}
