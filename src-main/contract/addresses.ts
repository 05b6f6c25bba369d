/** RFC 5321 §4.5.3.1: a path of 256 bytes with its angle brackets, a local part, a domain. */
export const maxAddressBytes = 254
const maxLocalPartBytes = 64
const maxDomainCharacters = 253

/** Characters that nobody sees, or that change the order in which the others are shown. */
const unseen = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\u200b\u2060\ufeff]/u
const specials = /[\p{Z}<>()[\]\\,;:"@]/u
/** Quoted, even angle brackets are allowed by RFC 5321, but few programs read them so. */
const quotedLocalPart = /^"(?:[^"\\<>]|\\[ -;=?-~])*"$/u
const label = /^[\p{L}\p{N}_]([\p{L}\p{N}\p{M}_-]*[\p{L}\p{N}\p{M}_])?$/u
/** Letters, to a pattern, that a domain name loses on its way (RFC 5892, UTS 46). */
const ignored = /\p{Default_Ignorable_Code_Point}/u
const ascii = /^[\x20-\x7e]*$/
const domainLiteral = /^\[(IPv6:[0-9a-f:.]+|[0-9.]+)\]$/i
/** Replaces bytes that are not UTF-8, so the mailbox is unknown. */
const unreadable = '\ufffd'

const bytesOf = (text: string): number => new TextEncoder().encode(text).length

/**
 * The form in which an address is stored: its domain in NFKC, as the DNS will read it, so that two
 * spellings of one domain are one. Addresses are put into this form where they enter.
 */
export function normalAddress(address: string): string {
  if (ascii.test(address)) return address
  const at = address.lastIndexOf('@') + 1
  return address.slice(0, at) + address.slice(at).normalize('NFKC')
}

/** An address or a domain as it is compared: letters beyond ASCII are alike in domains only. */
export function comparedAddress(address: string): string {
  const at = address.lastIndexOf('@') + 1
  const local = address.slice(0, at).replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
  return local + address.slice(at).normalize('NFKC').toLowerCase()
}

/** RFC 5321 §4.1.2, with the letters of RFC 6531. */
export function isAddress(address: string): boolean {
  return addressProblem(address) === null
}

/** A sender of captured mail: also a name of the host, or VERP with a longer local part. */
export function isCapturedSender(address: string): boolean {
  return isLocalName(address) || problemWithin(address, maxAddressBytes) === null
}

/** A recipient of captured mail: also a name of the host, such as root or Postmaster (§4.5.1). */
export function isCapturedRecipient(address: string): boolean {
  return isAddress(address) || isLocalName(address)
}

function isLocalName(name: string): boolean {
  const isBounded = name !== '' && bytesOf(name) <= maxLocalPartBytes
  return isBounded && !name.includes(unreadable) && isLocalPart(name)
}

/** The problem with an address as a clause; null: it is valid. */
export function addressProblem(address: string): string | null {
  return problemWithin(address, maxLocalPartBytes)
}

function problemWithin(address: string, maxLocalBytes: number): string | null {
  const at = address.lastIndexOf('@')
  if (address === '') return 'it is empty'
  if (at === -1) return 'it has no “@”'
  const local = address.slice(0, at)
  const domain = address.slice(at + 1)
  if (address.includes(unreadable)) return 'it has a character that is not readable (U+FFFD)'
  if (local === '') return 'it has nothing before the “@”'
  if (domain === '') return 'it has nothing after the “@”'
  const localBytes = bytesOf(local)
  if (localBytes > maxLocalBytes)
    return `it has ${localBytes} bytes before the “@”; the limit is ${maxLocalBytes}`
  const bytes = bytesOf(address)
  if (bytes > maxAddressBytes) return `it has ${bytes} bytes; the limit is ${maxAddressBytes}`
  if (!isLocalPart(local)) return `“${shown(local)}” may not stand before the “@”`
  return isDomain(domain) ? null : `“${shown(domain)}” is not a domain`
}

function isLocalPart(local: string): boolean {
  if (unseen.test(local)) return false
  if (quotedLocalPart.test(local)) return true
  if (specials.test(local)) return false
  return !local.startsWith('.') && !local.endsWith('.') && !local.includes('..')
}

export function isDomain(domain: string): boolean {
  if (domainLiteral.test(domain)) return true
  if (domain === '' || domain.length > maxDomainCharacters) return false
  if (!ascii.test(domain) && !isInternationalDomain(domain)) return false
  return domain.split('.').every((part) => part.length <= 63 && label.test(part))
}

function isInternationalDomain(domain: string): boolean {
  const isNormal = domain.normalize('NFKC') === domain
  return isNormal && !ignored.test(domain) && URL.canParse(`http://${domain}/`)
}

const maxShownLength = 60

/** The beginning of a text for a sentence, without control characters. */
export function shown(text: string): string {
  const cut = text.length > maxShownLength ? `${text.slice(0, maxShownLength)}…` : text
  return cut.replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\p{Bidi_Control}]/gu, ' ')
}
