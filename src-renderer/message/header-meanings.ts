/** What a header is for, in a sentence; null for one that is not in any book. */
export function headerMeaning(name: string): string | null {
  const lower = name.toLowerCase()
  const known = meanings[lower]
  if (known) return known
  if (lower.startsWith('arc-')) return 'A seal by which a forwarder vouches for what it saw.'
  if (lower.startsWith('resent-')) return 'Added by somebody who sent the message on.'
  if (lower.startsWith('list-')) return 'Added by a mailing list about itself.'
  if (lower.startsWith('content-')) return 'Describes the content of this part.'
  return lower.startsWith('x-')
    ? 'A private header; what it means is up to whoever wrote it.'
    : null
}

const meanings: Readonly<Record<string, string>> = {
  from: 'Who wrote the message, as readers see it. The envelope may say otherwise.',
  sender: 'Who sent it on behalf of the author, when that is somebody else.',
  'reply-to': 'Where an answer goes instead of to From.',
  to: 'The recipients readers see. Who really gets it is in the envelope.',
  cc: 'Recipients of a copy, seen by everybody.',
  bcc: 'Hidden recipients. This header should never leave the sender: everybody can read it here.',
  subject: 'The line that readers see in their list.',
  date: 'When the author finished the message, by the sending machine’s clock.',
  'message-id': 'A name for this message that no other has. Answers refer to it.',
  'in-reply-to': 'The Message-ID of the message this one answers.',
  references: 'The Message-IDs of the conversation so far, oldest first.',
  'mime-version': 'Says that the message is built of MIME parts. It is always 1.0.',
  'content-type': 'What the body is, and for a multipart the line that divides its parts.',
  'content-transfer-encoding': 'How the body is written so that every mail server lets it through.',
  'content-disposition': 'Whether the part is shown in place or offered as a file, and its name.',
  'content-id': 'The name by which the HTML refers to this part with cid:.',
  'content-language': 'The language the content is written in.',
  received: 'The stamp of a server that took the message. The newest is on top.',
  'return-path': 'Where bounces go: the sender of the envelope, noted at the last stop.',
  'delivered-to': 'The mailbox it was put into. Servers use it to notice loops.',
  'x-original-to': 'The address it was sent to before aliases were looked up.',
  'authentication-results': 'What the receiving server found when it checked SPF, DKIM and DMARC.',
  'received-spf': 'Whether the sending server may send for the domain of the envelope.',
  'dkim-signature':
    'A signature by which the signing domain vouches for the text and these headers.',
  'list-unsubscribe': 'Where a mail program unsubscribes. Large providers ask for it in bulk mail.',
  'list-unsubscribe-post':
    'Lets the mail program unsubscribe with one click (RFC 8058), without a page in between.',
  'list-id': 'Names the mailing list; people filter by it.',
  'list-post': 'Where to write to the list.',
  'list-help': 'Where to find help about the list.',
  precedence: 'An old way to say that this is bulk mail, so that nobody answers automatically.',
  'auto-submitted': 'Says that a program wrote this, so that no other program answers.',
  'x-auto-response-suppress': 'Asks Exchange to send no automatic answers.',
  'feedback-id': 'Groups mail for the complaint figures of large providers.',
  importance: 'How urgent the sender thinks it is.',
  priority: 'How urgent the sender thinks it is.',
  'x-priority': 'How urgent the sender thinks it is: 1 is highest, 5 lowest.',
  'x-mailer': 'The program that made the message.',
  'user-agent': 'The program that made the message.',
  organization: 'Where the author says to work.',
  'x-spam-status': 'What a spam filter decided, and by which rules.',
  'x-spam-score': 'The points a spam filter gave; more is worse.',
  'disposition-notification-to': 'Asks for a note when the message is opened.',
  autocrypt: 'The sender’s public key, for encrypted answers.',
  'thread-topic': 'The subject of the conversation, as Outlook keeps it.',
  'thread-index': 'The place in the conversation, as Outlook keeps it.',
}
