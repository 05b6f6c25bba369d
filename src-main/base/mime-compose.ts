import MailComposer from 'nodemailer/lib/mail-composer'
import type { Mailbox } from './mailboxes.ts'
import { composePlain } from './mime-compose-plain.ts'

interface ComposedAttachment {
  readonly filename?: string | undefined
  readonly content: Buffer
  readonly contentType?: string | undefined
  /** Without its angle brackets. */
  readonly contentId?: string | undefined
}

export interface MessageContent {
  readonly from: Mailbox
  readonly to: readonly Mailbox[]
  readonly cc?: readonly Mailbox[] | undefined
  readonly replyTo?: readonly Mailbox[] | undefined
  readonly subject: string
  readonly text?: string | undefined
  readonly html?: string | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly attachments?: readonly ComposedAttachment[] | undefined
  readonly messageId: string
  readonly date: Date
}

/** Builds the bytes of a message. There is no Bcc: such recipients stand in the envelope alone. */
export async function compose(content: MessageContent): Promise<Buffer> {
  const headers = customHeaders(content.headers ?? {})
  return composePlain(content, headers) ?? composeAnything(content, headers)
}

export function composeAnything(
  content: MessageContent,
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

// The message's own fields, which custom ones must not contradict.
const ownHeaders = new Set([
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

export type CustomHeader = { readonly key: string; readonly value: string }

// RFC 5322, 2.2: printable ASCII but the colon.
const fieldName = /^[!-9;-~]+$/

function customHeaders(headers: Readonly<Record<string, string>>): readonly CustomHeader[] {
  const custom: CustomHeader[] = []
  for (const [name, value] of Object.entries(headers)) {
    if (!isHeaderName(name)) throw new Error('A header name holds a character that is not allowed.')
    if (!ownHeaders.has(name.toLowerCase())) custom.push({ key: name, value: oneLine(value) })
  }
  return custom
}

export function isHeaderName(name: string): boolean {
  return fieldName.test(name)
}

function checkAddress(address: string): void {
  if (!/[\p{Cc}<>]/u.test(address)) return
  throw new Error('An address holds a character that is not allowed.')
}

function mailbox({ name, address }: Mailbox): { name: string; address: string } {
  checkAddress(address)
  return { name: oneLine(name ?? ''), address }
}

function attachment({ filename, content, contentType, contentId }: ComposedAttachment) {
  return {
    content,
    filename: filename === undefined ? false : oneLine(filename),
    ...(contentType === undefined ? {} : { contentType: oneLine(contentType) }),
    ...(contentId === undefined ? {} : { cid: oneLine(contentId) }),
  } as const
}

/** A line break in a value would begin another field. */
function oneLine(value: string): string {
  return value.replace(/\p{Cc}+/gu, ' ').trim()
}
