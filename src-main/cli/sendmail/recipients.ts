import { readAddresses } from '../../contract/address-list.ts'
import { isAddress } from '../../contract/addresses.ts'

/** A local user name, as cron writes it. The server decides whether the mailbox exists. */
const localName = /^[^\s<>"(),:;@\\\p{Cc}]+$/u

/** The addresses of an argument or header field; throws a sentence that names the problem. */
export function recipientsIn(text: string): string[] {
  const line = text.replace(/\s+/g, ' ').trim()
  const pieces = line.split(',').map((piece) => piece.trim().replace(/^<([^<>]*)>$/, '$1'))
  const names = pieces.filter(Boolean)
  if (names.every((name) => localName.test(name) || isAddress(name))) return names
  const reading = readAddresses(line)
  if (reading.type === 'read') return reading.mailboxes.map(({ address }) => address)
  throw new WrongRecipient(`The recipients cannot be read. ${reading.problem}`)
}

export class WrongRecipient extends Error {
  override readonly name = 'WrongRecipient'
}
