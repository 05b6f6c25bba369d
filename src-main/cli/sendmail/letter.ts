import { randomUUID } from 'node:crypto'
import { scanHeader } from '../../mime/header-scan.ts'
import { withHost } from './local-names.ts'
import { recipientsIn } from './recipients.ts'

type LetterOptions = {
  readonly takesRecipients: boolean
  readonly endsAtDot: boolean
  readonly sender: string | undefined
  readonly fullName: string | undefined
  readonly defaultSender: string
  /** The domain of local names. */
  readonly host: string
}

export type Letter = {
  readonly raw: Buffer
  readonly sender: string
  readonly recipients: readonly string[]
}

/** Completes a message that a program wrote to sendmail (RFC 5322 §3.6). */
export function readLetter(input: Buffer, options: LetterOptions): Letter {
  // Latin-1 keeps every byte as one character.
  const text = input.toString('latin1').replace(/\r\n/g, '\n')
  const written = options.endsAtDot ? untilDot(text) : text
  const { fields: asWritten, body } = split(written)
  const fields = asWritten.map((field) => completed(field, options.host))
  const scan = scanHeader(Buffer.from(`${fields.join('\n')}\n\n`, 'latin1'))
  const given = options.sender === undefined ? undefined : withHost(options.sender, options.host)
  const sender = given ?? scan.from?.address ?? options.defaultSender
  const kept = fields.filter((field) => !isNamed(field, 'bcc'))
  const missing = [
    ...(scan.from ? [] : [`From: ${named(options.fullName, sender || options.defaultSender)}`]),
    ...(kept.some((field) => isNamed(field, 'date')) ? [] : [`Date: ${mailDate(new Date())}`]),
    ...(scan.messageId ? [] : [`Message-ID: <${randomUUID()}@mailsage.local>`]),
  ]
  const head = [...kept, ...missing].join('\n')
  return {
    raw: Buffer.from(`${head}\n\n${body}`.replace(/\n/g, '\r\n'), 'latin1'),
    sender: sender.replace(/^<(.*)>$/, '$1'),
    recipients: options.takesRecipients ? recipientsOf(fields, options.host) : [],
  }
}

function untilDot(text: string): string {
  const end = /^\.$/m.exec(text)
  return end ? text.slice(0, end.index) : text
}

/** Header fields with their continuation lines; text without any is all body. */
function split(text: string): { fields: string[]; body: string } {
  const lines = text.split('\n')
  const fields: string[] = []
  let at = 0
  for (; at < lines.length; at++) {
    const line = lines[at] ?? ''
    if (/^[ \t]/.test(line) && fields.length > 0) {
      fields.push(`${fields.pop()}\n${line}`)
    } else if (/^[!-9;-~]+[ \t]*:/.test(line)) fields.push(line)
    // The separator line of an mbox file is not a header field.
    else if (at > 0 || !line.startsWith('From ')) break
  }
  if (lines[at] === '') at += 1
  return { fields, body: lines.slice(at).join('\n') }
}

const isNamed = (field: string, name: string): boolean =>
  field.slice(0, field.indexOf(':')).trim().toLowerCase() === name

function recipientsOf(fields: readonly string[], host: string): string[] {
  return fields
    .filter((field) => ['to', 'cc', 'bcc'].some((name) => isNamed(field, name)))
    .flatMap((field) => recipientsIn(utf8(textOf(field)), host))
}

const addressFields = ['from', 'sender', 'reply-to', 'to', 'cc', 'bcc']

/** Local names get the host name (RFC 6409 §8.7, as other mail servers do). */
function completed(field: string, host: string): string {
  const value = utf8(textOf(field))
  const isReadable = !value.includes('\ufffd')
  if (!isReadable || !addressFields.some((name) => isNamed(field, name))) return field
  const whole = Buffer.from(withHost(value, host), 'utf8').toString('latin1')
  return field.slice(0, field.indexOf(':') + 1) + whole
}

const textOf = (field: string): string => field.slice(field.indexOf(':') + 1)

const utf8 = (latin1: string): string => Buffer.from(latin1, 'latin1').toString('utf8')

function named(name: string | undefined, address: string): string {
  if (!name) return address
  const quoted = Buffer.from(name, 'utf8').toString('base64')
  return /^[ -~]*$/.test(name)
    ? `"${name.replace(/["\\]/g, '\\$&')}" <${address}>`
    : `=?UTF-8?B?${quoted}?= <${address}>`
}

const mailDate = (date: Date): string => date.toUTCString().replace('GMT', '+0000')
