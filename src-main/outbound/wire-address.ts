import { domainToASCII } from 'node:url'

const notAscii = /[^\0-\x7f]/

/**
 * The address as relays accept it: an international domain becomes ASCII (RFC 5891), because few
 * relays offer SMTPUTF8. An international local part needs SMTPUTF8, so its domain stays as it is.
 */
export function toWireAddress(address: string): string {
  const at = address.lastIndexOf('@')
  const [local, domain] = [address.slice(0, at), address.slice(at + 1)]
  if (at < 0 || notAscii.test(local) || !notAscii.test(domain)) return address
  return `${local}@${domainToASCII(domain) || domain}`
}
