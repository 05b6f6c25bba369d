import { isAddress, normalAddress } from '../../contract/addresses.ts'
import { Fault } from '../../contract/faults.ts'
import type { Envelope } from '../../mime/envelope.ts'
import { scanHeader } from '../../mime/header-scan.ts'
import type { Caller, TestCaller } from '../auth/caller.ts'
import type { Messages } from '../messages/accept.ts'
import { maxRecipients } from '../messages/addresses.ts'

export type Imports = ReturnType<typeof createImports>

const importInbox = 'imports'

/** Placeholder for a file without recipients. RFC 2606 reserves the domain. */
const noRecipients = 'undisclosed@recipients.invalid'

/** Imports message files. They are captured like test mail, whatever key imports them. */
export function createImports({ messages }: { readonly messages: Messages }) {
  return {
    async file(caller: Caller, bytes: Uint8Array, inbox = importInbox, requestId?: string) {
      const raw = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      const envelope = envelopeOf(raw)
      const { publicId } = await messages.accept({
        caller: asTest(caller),
        envelope,
        raw,
        protocol: 'http',
        inbox,
        requestId,
      })
      return { id: publicId, inbox }
    },
  }
}

/** An imported file must never be sent, and a test caller cannot reach a transport. */
function asTest(caller: Caller): TestCaller {
  return { ...caller, mode: 'test', permissions: ['send'], allowedSenders: [] }
}

/** A file has no envelope, so the headers supply one. */
function envelopeOf(raw: Buffer): Envelope {
  const { from, to, cc, subject, date, messageId } = scanHeader(raw)
  if (!from && to.length === 0 && subject === '' && date === null && messageId === null) {
    throw new Fault(
      'invalid_request',
      'This is not an email message: From, To, Subject, Date and Message-ID are all missing.',
    )
  }
  const addresses = [...to, ...cc].map(({ address }) => normalAddress(address)).filter(isAddress)
  const recipients = [...new Set(addresses)].slice(0, maxRecipients)
  return {
    mailFrom: from && isAddress(from.address) ? from.address : '',
    rcptTo: recipients.length > 0 ? recipients : [noRecipients],
  }
}
