import { domainToASCII } from 'node:url'

const notAscii = /[^\0-\x7f]/

/**
 * An address as relays take it: a domain in other scripts becomes ASCII (RFC 5891), since few relays
 * offer SMTPUTF8. With a local part in other scripts it stays, because that needs SMTPUTF8 anyway.
 */
export function toWireAddress(address: string): string {
  const at = address.lastIndexOf('@')
  const [local, domain] = [address.slice(0, at), address.slice(at + 1)]
  if (at < 0 || notAscii.test(local) || !notAscii.test(domain)) return address
  return `${local}@${domainToASCII(domain) || domain}`
}
