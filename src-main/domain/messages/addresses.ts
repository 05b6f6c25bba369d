import { readAddresses, readMailbox } from '../../contract/address-list.ts'
import { isAddress, shown } from '../../contract/addresses.ts'
import { Fault, type FaultCode } from '../../contract/faults.ts'
import { decodeWords, withoutControls } from '../../mime/encoded-words.ts'
import type { Mailbox } from '../../mime/mailboxes.ts'
import type { Caller } from '../auth/caller.ts'
import { checkSender } from '../auth/senders.ts'

export const maxRecipients = 1000

/** One mailbox of a field such as `from`, or a refusal that names the field. */
export function oneMailbox(field: string, text: string, code: FaultCode): Mailbox {
  const read = readMailbox(text)
  if (typeof read !== 'string') return named(read)
  throw new Fault(
    code,
    `“${field}” must be one email address such as ann@example.com or Ann <ann@example.com>. ${read}`,
    { field, value: shown(text) },
  )
}

/** All mailboxes of a field such as `to`: a text, or a list of texts. */
export function manyMailboxes(
  field: string,
  value: string | readonly string[] | undefined,
): Mailbox[] {
  const texts = value === undefined ? [] : typeof value === 'string' ? [value] : value
  const mailboxes: Mailbox[] = []
  for (const text of texts) {
    const reading = readAddresses(text, maxRecipients - mailboxes.length)
    if (reading.type === 'refused') throw notAddresses(field, text, reading.problem)
    if (reading.mailboxes.length === 0) throw notAddresses(field, text, 'It contains no address.')
    mailboxes.push(...reading.mailboxes.map(named))
    if (mailboxes.length > maxRecipients) throw tooManyRecipients()
  }
  return mailboxes
}

function notAddresses(field: string, text: string, problem: string): Fault {
  return new Fault(
    'invalid_recipient',
    `“${field}” must contain email addresses such as ann@example.com or Ann <ann@example.com>, separated by commas. ${problem}`,
    { field, value: shown(text) },
  )
}

function named({ name, address }: Mailbox): Mailbox {
  const readable = name === null ? '' : withoutControls(decodeWords(name)).trim()
  return { name: readable === '' ? null : readable, address }
}

function tooManyRecipients(): Fault {
  return new Fault(
    'too_many_recipients',
    `A message may have at most ${maxRecipients} recipients. Split it into several messages.`,
  )
}

/** Refuses an invalid envelope, and a sender that this key may not use. */
export function checkEnvelope(caller: Caller, mailFrom: string, rcptTo: readonly string[]): void {
  if (rcptTo.length === 0) {
    throw new Fault('missing_required', 'The message has no recipient. Set at least one in “to”.', {
      field: 'to',
    })
  }
  if (rcptTo.length > maxRecipients) throw tooManyRecipients()
  if (caller.mode === 'live') requireAddresses(mailFrom, rcptTo)
  checkSender(caller, mailFrom)
}

/** The last check of an envelope before it is sent, for HTTP and SMTP. */
function requireAddresses(mailFrom: string, rcptTo: readonly string[]): void {
  if (mailFrom !== '' && !isAddress(mailFrom)) {
    throw new Fault('invalid_sender', `The sender ${shown(mailFrom)} is not a valid address.`)
  }
  const wrong = rcptTo.find((address) => !isAddress(address))
  if (wrong === undefined) return
  throw new Fault('invalid_recipient', `The recipient ${shown(wrong)} is not a valid address.`)
}
