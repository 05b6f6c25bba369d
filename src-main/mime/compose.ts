import MailComposer from 'nodemailer/lib/mail-composer'
import { isAddress } from '../contract/addresses.ts'
import { composePlain } from './compose-plain.ts'
import type { Mailbox } from './mailboxes.ts'
import type { CustomHeader, OutgoingAttachment, OutgoingMessage } from './outgoing-message.ts'

/** Composes the bytes of a message, without a Bcc field: those recipients are in the envelope only. */
export async function compose(content: OutgoingMessage): Promise<Buffer> {
  const headers = customHeaders(content.headers ?? {})
  return composePlain(content, headers) ?? composeAnything(content, headers)
}

export function composeAnything(
  content: OutgoingMessage,
  headers: readonly CustomHeader[],
): Promise<Buffer> {
  const composer = new MailComposer({
    from: mailbox(content.from),
    to: content.to.map(mailbox),
    cc: (content.cc ?? []).map(mailbox),
    replyTo: (content.replyTo ?? []).map(mailbox),
    subject: oneLine(content.subject),
    messageId: oneLine(content.messageId),
    date: content.date,
    headers: [...headers],
    attachments: (content.attachments ?? []).map(attachment),
    ...(content.text === undefined ? {} : { text: content.text }),
    ...(content.html === undefined ? {} : { html: content.html }),
    newline: 'windows',
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return composer.compile().build()
}

/** Fields that the composer writes; custom fields must not contradict them. */
export const ownHeaders = new Set([
  'from',
  'to',
  'cc',
  'bcc',
  'resent-bcc',
  'subject',
  'date',
  'message-id',
  'mime-version',
  'content-type',
  'content-transfer-encoding',
  'content-disposition',
  'content-id',
])

// RFC 5322 §2.2: printable ASCII without the colon.
const fieldName = /^[!-9;-~]+$/

function customHeaders(headers: Readonly<Record<string, string>>): readonly CustomHeader[] {
  const custom: CustomHeader[] = []
  for (const [name, value] of Object.entries(headers)) {
    if (!isHeaderName(name)) throw new Error('A header name has a character that is not allowed')
    if (!ownHeaders.has(name.toLowerCase())) custom.push({ key: name, value: oneLine(value) })
  }
  return custom
}

export function isHeaderName(name: string): boolean {
  return fieldName.test(name)
}

function mailbox({ name, address }: Mailbox): { name: string; address: string } {
  if (!isAddress(address)) throw new Error('A message to be composed holds an invalid address')
  return { name: oneLine(name ?? ''), address }
}

function attachment({ filename, content, contentType, contentId }: OutgoingAttachment) {
  return {
    content,
    filename: filename === undefined ? false : oneLine(filename),
    ...(contentType === undefined ? {} : { contentType: oneLine(contentType) }),
    ...(contentId === undefined ? {} : { cid: oneLine(contentId) }),
  } as const
}

/** A line break in a value would start another field. */
function oneLine(value: string): string {
  return value.replace(/\p{Cc}+/gu, ' ').trim()
}
