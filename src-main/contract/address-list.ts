import { type AddressToken, nextToken } from './address-tokens.ts'
import { addressProblem, normalAddress, shown } from './addresses.ts'

/** A mailbox of an address list; the name as it is written, encoded words and all. */
export type ReadMailbox = { readonly name: string | null; readonly address: string }

export type AddressReading =
  | { readonly type: 'read'; readonly mailboxes: readonly ReadMailbox[] }
  /** `problem` is a whole sentence. */
  | { readonly type: 'refused'; readonly problem: string }

/** A name and an address fit in one line of a header (RFC 5322 §2.1.1). */
const maxMailboxCharacters = 998

type Reading = {
  /** A word without “@” is an address too, as in mail of this machine: “root”. */
  readonly localNames?: boolean
}

/**
 * Reads the address list (RFC 5322 §3.4) of a send. A text
 * that can be read in two ways is refused; the reader of received mail has to guess instead.
 * Reading stops after `max + 1` mailboxes, so a longer list costs no more.
 */
export function readAddresses(
  text: string,
  max = Number.POSITIVE_INFINITY,
  how: Reading = {},
): AddressReading {
  const problem = controlProblem(text)
  if (problem !== null) return { type: 'refused', problem }
  const mailboxes = readList(text, max, how)
  if (typeof mailboxes === 'string') return { type: 'refused', problem: mailboxes }
  return { type: 'read', mailboxes }
}

/** The one mailbox of a text, or the problem as a sentence. */
export function readMailbox(text: string): ReadMailbox | string {
  const reading = readAddresses(text)
  if (reading.type === 'refused') return reading.problem
  const [first, second] = reading.mailboxes
  if (!first) return 'It holds no address.'
  if (!second) return first
  const count = reading.mailboxes.length
  return `It holds ${count} addresses, “${shown(first.address)}” and “${shown(second.address)}”${count > 2 ? ' among them' : ''}.`
}

const controls = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/u
const controlNames: Readonly<Record<string, string>> = {
  '\r': 'a line break',
  '\n': 'a line break',
  '\t': 'a tab',
}

function controlProblem(text: string): string | null {
  const at = text.search(controls)
  if (at === -1) return null
  const code = text.charCodeAt(at).toString(16).toUpperCase().padStart(4, '0')
  const name = controlNames[text.charAt(at)] ?? 'a control character'
  const before = at === 0 ? 'at its start' : `after “${shown(text.slice(0, at))}”`
  return `It has ${name} (U+${code}) ${before}.`
}

/** A group (“Team: ann@example.com, bob@example.com;”) is its members. */
function readList(text: string, max: number, how: Reading): ReadMailbox[] | string {
  const mailboxes: ReadMailbox[] = []
  let item: AddressToken[] = []
  let isInAngle = false
  let isInGroup = false
  let isAfterAt = false
  let at = 0

  function endItem(): string | null {
    if (item.every(({ type }) => type === 'comment')) return null
    const mailbox = mailboxOf(item, how)
    if (typeof mailbox === 'string') return mailbox
    mailboxes.push(mailbox)
    return null
  }

  while (mailboxes.length <= max) {
    const token = nextToken(text, at, isAfterAt)
    if (typeof token === 'string') return token
    if (token === null)
      return endItem() ?? (isInGroup ? 'A “:” begins a group, and no “;” ends it.' : mailboxes)
    at = token.end
    if (token.type !== 'comment') isAfterAt = token.text === '@'
    const mark = token.type === 'special' ? token.text : ''
    const separates = !isInAngle && (mark === ',' || mark === ';' || mark === ':')
    if (mark === '<') isInAngle = true
    if (mark === '>') isInAngle = false
    if (!separates) {
      item.push(token)
      if (token.end - (item[0]?.start ?? 0) > maxMailboxCharacters) return tooLong(item)
      continue
    }
    const problem = mark === ':' ? groupProblem(item, isInGroup) : endItem()
    if (problem !== null) return problem
    if (mark !== ',') isInGroup = mark === ':'
    item = []
  }
  return mailboxes
}

const tooLong = ([first]: readonly AddressToken[]): string =>
  `The name and address that begin with “${shown(first?.text ?? '')}” have more than ${maxMailboxCharacters} characters.`

/** A colon must follow the name of a group. */
function groupProblem(item: readonly AddressToken[], isInGroup: boolean): string | null {
  if (isInGroup) return 'A group (“name: addresses;”) may not hold another group.'
  if (item.some(({ type, text }) => type === 'special' && text !== '@')) return behind(item, ':')
  if (!item.some(isAt)) return item.length > 0 ? null : 'A “:” follows no group name.'
  const mailbox = mailboxOf(item)
  return typeof mailbox === 'string' ? mailbox : `“:” follows the address “${mailbox.address}”.`
}

function behind(item: readonly AddressToken[], mark: string): string {
  const mailbox = mailboxOf(item)
  if (typeof mailbox === 'string') return mailbox
  return `“${mark}” follows the address “${mailbox.address}”.`
}

const isSpecial =
  (mark: string) =>
  ({ type, text }: AddressToken): boolean =>
    type === 'special' && text === mark
const isAt = isSpecial('@')

function mailboxOf(item: readonly AddressToken[], how: Reading = {}): ReadMailbox | string {
  const parts = item.filter(({ type }) => type !== 'comment')
  const open = parts.findIndex(isSpecial('<'))
  if (open === -1) {
    const address = readAddress(parts, how)
    return 'problem' in address ? address.problem : { name: commentBehind(item), ...address }
  }
  const close = parts.findIndex((token, index) => index > open && isSpecial('>')(token))
  if (close === -1) return 'A “<” has no “>”.'
  const inside = readAddress(withoutRoute(parts.slice(open + 1, close)), how)
  if ('problem' in inside) return inside.problem
  const rest = parts.slice(close + 1)
  if (rest.length > 0) return followsAddress(rest, inside.address)
  const named = parts.slice(0, open)
  if (named.every(({ type }) => type !== 'special')) return { name: nameOf(named), ...inside }
  // Some programs write the address as the name, without quotes.
  const before = readAddress(named)
  if ('problem' in before) return `The name “${shown(sourceOf(named))}” must stand in quotes.`
  if (before.address.toLowerCase() === inside.address.toLowerCase())
    return { name: null, ...inside }
  return followsAddress(parts.slice(open), before.address)
}

type Address = { readonly address: string } | { readonly problem: string }

function readAddress(parts: readonly AddressToken[], { localNames }: Reading = {}): Address {
  const [first] = parts
  if (first === undefined) return { problem: 'It has “<>” without an address.' }
  const at = parts.findIndex(isAt)
  if (localNames && parts.length > 1) return readAddress(withJoinedDots(parts))
  const isLocal = parts.length === 1 && first.type === 'word' && !first.text.startsWith('=?')
  if (localNames && isLocal) return { address: first.text }
  const source = shown(sourceOf(parts))
  if (at === -1) return { problem: `“${source}” has no “@”.` }
  const address = normalAddress(`${parts[at - 1]?.text ?? ''}@${parts[at + 1]?.text ?? ''}`)
  const problem = addressProblem(address)
  if (problem !== null) return { problem: `“${source}” is not an address: ${problem}.` }
  if (at > 1) {
    const before = shown(sourceOf(parts.slice(0, at - 1)))
    return { problem: `“${before}” precedes the address “${shown(address)}”.` }
  }
  const rest = parts.slice(at + 2)
  return rest.length > 0 ? { problem: followsAddress(rest, address) } : { address }
}

/** Blanks and comments may stand around the dots of an address (RFC 5322 §4.4). */
function withJoinedDots(parts: readonly AddressToken[]): readonly AddressToken[] {
  const joined: AddressToken[] = []
  for (const part of parts) {
    const last = joined.at(-1)
    const isJoint = last?.type === 'word' && part.type === 'word'
    if (isJoint && (last.text.endsWith('.') || part.text.startsWith('.')))
      joined[joined.length - 1] = { ...last, text: last.text + part.text, end: part.end }
    else joined.push(part)
  }
  return joined
}

const followsAddress = (rest: readonly AddressToken[], address: string): string =>
  `“${shown(sourceOf(rest))}” follows the address “${shown(address)}”. Put a comma between two addresses.`

/** A source route (RFC 5322 §4.4) is not part of the address. */
function withoutRoute(parts: readonly AddressToken[]): readonly AddressToken[] {
  const [first] = parts
  const end = parts.findIndex(isSpecial(':'))
  const route = parts.slice(0, Math.max(0, end))
  const isRoute =
    first !== undefined &&
    isAt(first) &&
    route.every((token) => token.type === 'word' || isAt(token) || isSpecial(',')(token))
  return isRoute && end > 0 ? parts.slice(end + 1) : parts
}

/** The name of the old form `ann@example.com (Ann)`. */
function commentBehind(item: readonly AddressToken[]): string | null {
  const last = item.at(-1)
  if (last?.type !== 'comment' || item.filter(({ type }) => type === 'comment').length > 1)
    return null
  const name = last.text.slice(1, -1).replace(/\\(.)/gsu, '$1').trim()
  return name === '' ? null : name
}

function nameOf(parts: readonly AddressToken[]): string | null {
  const name = sourceOf(
    parts.map((part) =>
      part.type === 'quoted'
        ? { ...part, text: part.text.slice(1, -1).replace(/\\(.)/gsu, '$1') }
        : part,
    ),
  ).trim()
  return name === '' ? null : name
}

/** The source of tokens, with one space for each run of spaces and comments. */
function sourceOf(parts: readonly AddressToken[]): string {
  let source = ''
  let end = parts[0]?.start ?? 0
  for (const part of parts) {
    source += part.start > end ? ` ${part.text}` : part.text
    end = part.end
  }
  return source
}
