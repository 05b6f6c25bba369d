/** One sentence about a header; null for an unknown one. */
export function headerMeaning(name: string): string | null {
  const lower = name.toLowerCase()
  const known = meanings[lower]
  if (known) return known
  if (lower.startsWith('arc-')) return 'Signed by a forwarder: the authentication results it saw.'
  if (lower.startsWith('resent-')) return 'Added when the message was resent.'
  if (lower.startsWith('list-')) return 'Added by a mailing list.'
  if (lower.startsWith('content-')) return 'Describes the content of this part.'
  return lower.startsWith('x-') ? 'A private header; its meaning depends on the sender.' : null
}

const meanings: Readonly<Record<string, string>> = {
  from: 'The author, as readers see it. The envelope sender may differ.',
  sender: 'The person or system that sent the message for the author.',
  'reply-to': 'Replies go to this address instead of From.',
  to: 'The recipients that readers see. The envelope holds the actual recipients.',
  cc: 'Recipients of a copy, visible to all readers.',
  bcc: 'Hidden recipients. A sender should remove this header: here every reader can see it.',
  subject: 'The subject line in the reader’s message list.',
  date: 'The time of writing, by the sender’s clock.',
  'message-id': 'The unique id of this message. Replies refer to it.',
  'in-reply-to': 'The Message-ID of the message that this one replies to.',
  references: 'The Message-IDs of the thread, oldest first.',
  'mime-version': 'Marks a MIME message. The value is always 1.0.',
  'content-type': 'The media type of the body and, for multipart, the boundary between parts.',
  'content-transfer-encoding': 'The encoding of the body for transport.',
  'content-disposition': 'Inline or attachment, with the file name.',
  'content-id': 'The id that the HTML uses in cid: references to this part.',
  'content-language': 'The language of the content.',
  received: 'Added by each server that received the message. The newest is on top.',
  'return-path': 'The envelope sender, added at final delivery. Bounces go to this address.',
  'delivered-to': 'The mailbox of the final delivery. Servers use it to detect loops.',
  'x-original-to': 'The recipient address before alias expansion.',
  'authentication-results': 'The receiving server’s results for SPF, DKIM and DMARC.',
  'received-spf': 'The SPF result: whether the sending server may send for the envelope domain.',
  'dkim-signature': 'A signature of the signing domain over the body and these headers.',
  'list-unsubscribe': 'The unsubscribe address. Large providers require it for bulk mail.',
  'list-unsubscribe-post': 'Enables one-click unsubscribe in mail clients (RFC 8058).',
  'list-id': 'The id of the mailing list, for filters.',
  'list-post': 'The address for posts to the list.',
  'list-help': 'The help page of the list.',
  precedence: 'Marks bulk mail, so that autoresponders do not reply. Obsolete.',
  'auto-submitted': 'Marks an automatic message, so that autoresponders do not reply.',
  'x-auto-response-suppress': 'Tells Exchange to send no automatic replies.',
  'feedback-id': 'Groups messages for the complaint reports of large providers.',
  importance: 'The urgency set by the sender.',
  priority: 'The urgency set by the sender.',
  'x-priority': 'The urgency set by the sender: 1 is highest, 5 is lowest.',
  'x-mailer': 'The software that created the message.',
  'user-agent': 'The software that created the message.',
  organization: 'The author’s organization.',
  'x-spam-status': 'The verdict of a spam filter, with the rules that matched.',
  'x-spam-score': 'The score of a spam filter; a higher score is worse.',
  'disposition-notification-to': 'Requests a read receipt.',
  autocrypt: 'The sender’s public key, for encrypted replies.',
  'thread-topic': 'The subject of the thread, set by Outlook.',
  'thread-index': 'The position in the thread, set by Outlook.',
}
