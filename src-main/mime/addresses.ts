import { addressParser } from 'postal-mime'
import { readAddresses } from '../contract/address-list.ts'
import { decodeWords, withoutControls } from './encoded-words.ts'
import type { Mailbox } from './mailboxes.ts'

export const maxAddresses = 1000
/** A longer field takes too much time of the accepting thread; only hostile ones are longer. */
const maxGrammarLength = 16_384
const maxCharacters = 128 * 1024
/** More than addresses, as a name may hold commas. */
const maxSeparators = 4 * maxAddresses

// A name or address without these characters needs no parser.
const specials = /["(),:;<>@\\[\]]/
/** A word alone is an address of this machine, as in mail of cron. An encoded word is a name. */
const localName = /^[^\s"(),:;<>@\\[\]=]+$/
const addressOnly = /^[^\s"(),:;<>@\\[\]=]+@[^\s"(),:;<>@\\[\]=]+$/
const quotedName = /^"[^"\\]*"$/
const blanksAndControls = /[\p{Cc}\s]+/gu
const needsParser = /["(:;\\]/

/** The mailboxes of an address field, groups flattened. `text` is unfolded and not decoded. */
export function parseAddresses(text: string): Mailbox[] {
  const read = beginning(text)
  return plainAddresses(read) ?? parsedAddresses(read)
}

/** The part of a field that the accepting thread reads: more than a thousand mailboxes need. */
function beginning(text: string): string {
  let separators = 0
  for (let at = 0; at < text.length; at++) {
    if (at === maxCharacters) return text.slice(0, text.lastIndexOf(',', at))
    const code = text.charCodeAt(at)
    // Comma, semicolon, colon.
    if (code === 44 || code === 59 || code === 58) separators += 1
    if (separators > maxSeparators) return text.slice(0, at)
  }
  return text
}

function plainAddresses(text: string): Mailbox[] | null {
  if (text === '') return []
  const single = readMailbox(text)
  if (single !== null) return [single]
  if (needsParser.test(text)) return null
  const found: Mailbox[] = []
  for (const piece of text.split(',')) {
    if (found.length === maxAddresses) break
    const trimmed = piece.trim()
    if (trimmed === '') continue
    const mailbox = readMailbox(trimmed)
    if (mailbox === null) return null
    found.push(mailbox)
  }
  return found
}

function readMailbox(text: string): Mailbox | null {
  if (!text.endsWith('>')) return isAddress(text) ? { name: null, address: text } : null
  const open = text.indexOf('<')
  const address = text.slice(open + 1, -1)
  if (open === -1 || !isAddress(address)) return null
  const name = text.slice(0, open).trim()
  if (!specials.test(name)) return named(readName(name), address)
  return quotedName.test(name) ? named(readName(name.slice(1, -1)), address) : null
}

/** Some programs repeat the address as the name. */
function named(name: string | null, address: string): Mailbox {
  return { name: name === address ? null : name, address }
}

/** Neither a route (RFC 5322 §4.4) nor words after an address are part of it. */
function guessed(name: string | null, written: string): Mailbox {
  const [route = ''] = /^@[^:<>]*:/.exec(written) ?? []
  const trimmed = written.slice(route.length).trim()
  const [first = '', ...rest] = trimmed.split(blanksAndControls)
  if (rest.length > 0 && addressOnly.test(first)) return named(name ?? rest.join(' '), first)
  return named(name, trimmed.replace(blanksAndControls, ''))
}

const isAddress = (text: string): boolean => addressOnly.test(text) || localName.test(text)

function readName(name: string): string | null {
  const text = withoutControls(decodeWords(name)).trim()
  return text === '' ? null : text
}

function parsedAddresses(text: string): Mailbox[] {
  const reading =
    text.length > maxGrammarLength ? null : readAddresses(text, maxAddresses, { localNames: true })
  if (reading?.type === 'read') {
    return reading.mailboxes
      .slice(0, maxAddresses)
      .map(({ name, address }) => named(name === null ? null : readName(name), address))
  }
  const found: Mailbox[] = []
  // This parser decodes names, and a decoded word is not an address.
  const hasWords = text.includes('=?')
  for (const { name, address = '' } of addressParser(text, { flatten: true })) {
    if (found.length === maxAddresses) break
    if (address === '' && !hasWords && localName.test(name)) {
      found.push({ name: null, address: name })
      continue
    }
    const readable = readName(name)
    if (address === '' && readable === null) continue
    found.push(guessed(readable, address))
  }
  return found
}
