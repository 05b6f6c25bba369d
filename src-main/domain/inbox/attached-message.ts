import { isoOrNull } from '../../base/clock.ts'
import { Fault } from '../../contract/faults.ts'
import type { AttachedMessage } from '../../contract/messages.ts'
import { scanHeader } from '../../mime/header-scan.ts'
import type { Caller } from '../auth/caller.ts'
import { summaryOf } from '../reading/message-contents.ts'
import type { InboxDeps } from './store.ts'

/** RFC 2046 §5.2.1, RFC 6532 §3.7. */
const messageType = /^message\/(?:rfc822|global)$/

/** Reads a message that is an attachment of a captured one. */
export async function readAttachedMessage(
  { store, contents }: Pick<InboxDeps, 'store' | 'contents'>,
  caller: Caller,
  publicId: string,
  index: number,
): Promise<AttachedMessage> {
  const file = await contents.ofRow(store.find(caller, publicId).id).attachment(index)
  if (!messageType.test(file.contentType)) {
    throw new Fault(
      'not_found',
      `Attachment ${index} is ${file.contentType}, not a message. Read it without “/message”.`,
    )
  }
  const content = contents.ofRaw(file.bytes)
  const parts = await content.parts()
  const { from, to, cc, subject, date, messageId } = scanHeader(file.bytes)
  return {
    from,
    to: [...to],
    cc: [...cc],
    subject,
    date: isoOrNull(date),
    message_id: messageId,
    text: await content.text(),
    html: parts.hasHtml ? await content.html() : null,
    ...summaryOf(parts),
  }
}
