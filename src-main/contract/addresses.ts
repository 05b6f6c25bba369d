/** RFC 5321 §4.5.3.1: a path of 256 bytes with its angle brackets, a local part, a domain. */
export const maxAddressBytes = 254
const maxLocalPartBytes = 64
const maxDomainCharacters = 253

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it refuses
const unsafe = /[\x00-\x20\x7f-\x9f<>()[\]\\,;:"\u200b\u2028\u2029\u2060\ufeff]/
const quotedLocalPart = /^"([^"\\\p{Cc}]|\\[\x20-\x7e])*"$/u
const label = /^[\p{L}\p{N}_]([\p{L}\p{N}\p{M}_-]*[\p{L}\p{N}\p{M}_])?$/u
const domainLiteral = /^\[(IPv6:[0-9a-f:.]+|[0-9.]+)\]$/i
/** Stands for bytes that were no UTF-8: nobody can say which mailbox they name. */
const unreadable = '\ufffd'

const bytesOf = (text: string): number => new TextEncoder().encode(text).length

/** RFC 5321 §4.1.2; RFC 6531 letters beyond ASCII are welcome. */
export function isAddress(address: string): boolean {
  return addressProblem(address) === null
}

/** Why a text is not the address of one mailbox, as a clause; null: it is one. */
export function addressProblem(address: string): string | null {
  const at = address.lastIndexOf('@')
  if (address === '') return 'it is empty'
  if (at === -1) return 'it has no “@”'
  const local = address.slice(0, at)
  const domain = address.slice(at + 1)
  if (address.includes(unreadable)) return 'it has a character that is not readable (U+FFFD)'
  if (local === '') return 'it has nothing before the “@”'
  if (domain === '') return 'it has nothing after the “@”'
  const localBytes = bytesOf(local)
  if (localBytes > maxLocalPartBytes)
    return `it has ${localBytes} bytes before the “@”, and ${maxLocalPartBytes} are the limit`
  const bytes = bytesOf(address)
  if (bytes > maxAddressBytes) return `it has ${bytes} bytes, and ${maxAddressBytes} are the limit`
  if (!isLocalPart(local)) return `“${shown(local)}” may not stand before the “@”`
  return isDomain(domain) ? null : `“${shown(domain)}” is not a domain`
}

function isLocalPart(local: string): boolean {
  if (quotedLocalPart.test(local)) return true
  if (unsafe.test(local) || local.includes('@')) return false
  return !local.startsWith('.') && !local.endsWith('.') && !local.includes('..')
}

export function isDomain(domain: string): boolean {
  if (domainLiteral.test(domain)) return true
  if (domain === '' || domain.length > maxDomainCharacters) return false
  return domain.split('.').every((part) => part.length <= 63 && label.test(part))
}

const maxShownLength = 60

/** As much of a text as a sentence holds, with its control characters written out. */
export function shown(text: string): string {
  const cut = text.length > maxShownLength ? `${text.slice(0, maxShownLength)}…` : text
  return cut.replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/gu, ' ')
}
