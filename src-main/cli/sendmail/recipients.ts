import { readAddresses } from '../../contract/address-list.ts'
import { withHost } from './local-names.ts'

/** The addresses of an argument or header field; throws a sentence that names the problem. */
export function recipientsIn(text: string, host: string): string[] {
  const line = withHost(text.replace(/\s+/g, ' ').trim(), host)
  const reading = readAddresses(line)
  if (reading.type === 'read') return reading.mailboxes.map(({ address }) => address)
  throw new WrongRecipient(`The recipients cannot be read. ${reading.problem}`)
}

export class WrongRecipient extends Error {
  override readonly name = 'WrongRecipient'
}
