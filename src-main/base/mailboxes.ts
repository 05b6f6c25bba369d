/** A mailbox of RFC 5322 §3.4: an address and perhaps a display name. */
export type Mailbox = { readonly name: string | null; readonly address: string }

const longestAddressBytes = 254
const longestLocalPartBytes = 64
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it refuses
const unsafe = /[\x00-\x20\x7f-\x9f<>()[\]\\,;:"\u200b\u2060\ufeff]/
const label = /^[\p{L}\p{N}_]([\p{L}\p{N}\p{M}_-]*[\p{L}\p{N}\p{M}_])?$/u
/** Stands for bytes that were no UTF-8: whose mailbox they name, nobody can say. */
const unreadable = '\ufffd'
const domainLiteral = /^\[(IPv6:[0-9a-f:.]+|[0-9.]+)\]$/i

/** RFC 5321 §4.1.2 with the sizes of §4.5.3.1; RFC 6531 letters beyond ASCII are welcome. */
export function isAddress(address: string): boolean {
  if (Buffer.byteLength(address) > longestAddressBytes || address.includes(unreadable)) return false
  const at = address.lastIndexOf('@')
  return isLocalPart(address.slice(0, Math.max(0, at))) && isDomain(address.slice(at + 1))
}

function isLocalPart(local: string): boolean {
  if (local === '' || Buffer.byteLength(local) > longestLocalPartBytes) return false
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it refuses
  if (/^"([^"\\\x00-\x1f\x7f]|\\[\x20-\x7e])*"$/.test(local)) return true
  if (unsafe.test(local) || local.includes('@')) return false
  return !local.startsWith('.') && !local.endsWith('.') && !local.includes('..')
}

function isDomain(domain: string): boolean {
  if (domainLiteral.test(domain)) return true
  if (domain === '' || domain.length > 253) return false
  return domain.split('.').every((part) => part.length <= 63 && label.test(part))
}
