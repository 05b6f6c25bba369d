import { isAddress, normalAddress } from '../../contract/addresses.ts'
import { Fault } from '../../contract/faults.ts'
import type { Envelope } from '../../mime/envelope.ts'
import { scanHeader } from '../../mime/header-scan.ts'
import type { Caller, TestCaller } from '../auth/caller.ts'
import type { Messages } from '../messages/accept.ts'
import { maxRecipients } from '../messages/addresses.ts'

export type Imports = ReturnType<typeof createImports>

const importInbox = 'imports'

/** Stands for the recipients of a file that names none; reserved, so that it is nobody's (RFC 2606). */
const nobody = 'undisclosed@recipients.invalid'

/** Messages from files: captured like any test mail, whatever key asks. */
export function createImports({ messages }: { readonly messages: Messages }) {
  return {
    async file(caller: Caller, bytes: Uint8Array, inbox = importInbox, requestId?: string) {
      const raw = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      const envelope = envelopeOf(raw)
      const { publicId } = await messages.accept(asTest(caller), envelope, raw, 'http', {
        inbox,
        requestId,
      })
      return { id: publicId, inbox }
    },
  }
}

/** A file is only ever caught: nothing that a test caller does can reach a transport. */
function asTest(caller: Caller): TestCaller {
  return { ...caller, mode: 'test', permissions: ['send'], allowedSenders: [] }
}

/** A file has no envelope of its own, so its headers stand in for it. */
function envelopeOf(raw: Buffer): Envelope {
  const { from, to, cc, subject, date, messageId } = scanHeader(raw)
  if (!from && to.length === 0 && subject === '' && date === null && messageId === null) {
    throw new Fault(
      'invalid_request',
      'This is not an email message: it has none of From, To, Subject, Date and Message-ID.',
    )
  }
  const addresses = [...to, ...cc].map(({ address }) => normalAddress(address)).filter(isAddress)
  const recipients = [...new Set(addresses)].slice(0, maxRecipients)
  return {
    mailFrom: from && isAddress(from.address) ? from.address : '',
    rcptTo: recipients.length > 0 ? recipients : [nobody],
  }
}
