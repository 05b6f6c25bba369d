import { randomBytes } from 'node:crypto'
import type { Mailbox } from './mailboxes.ts'
import type { CustomHeader, OutgoingMessage } from './outgoing-message.ts'

/**
 * Composes the common case: text, HTML or both, with headers that need neither encoding nor folding.
 * Null for anything else. The complete composer takes a hundred times as long, and most mail of apps
 * is plain.
 */
export function composePlain(
  content: OutgoingMessage,
  headers: readonly CustomHeader[],
): Buffer | null {
  const { from, to, cc = [], replyTo = [], subject, text, html } = content
  if ((content.attachments ?? []).length > 0) return null
  const fields: [string, string | null][] = [
    ...headers.map(({ key, value }): [string, string] => [key, value]),
    ['From', mailboxes([from])],
    ['To', mailboxes(to)],
    ...(cc.length > 0 ? [['Cc', mailboxes(cc)] as [string, string | null]] : []),
    ...(replyTo.length > 0 ? [['Reply-To', mailboxes(replyTo)] as [string, string | null]] : []),
    ['Subject', subject],
    ['Message-ID', content.messageId],
    ['Date', content.date.toUTCString().replace('GMT', '+0000')],
    ['MIME-Version', '1.0'],
  ]
  let head = ''
  for (const [name, value] of fields) {
    if (value === null || !isPlainField(name, value)) return null
    head += `${name}: ${value}\r\n`
  }
  const body = bodyOf(text, html)
  return body === null ? null : Buffer.from(head + body, 'latin1')
}

const maxFieldLineLength = 76
const printable = /^[\x20-\x7e]*$/
const atom = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+$/
const plainAddress = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9.-]+$/

function isPlainField(name: string, value: string): boolean {
  return (
    name.length + 2 + value.length <= maxFieldLineLength &&
    printable.test(value) &&
    value === value.trim() &&
    !value.includes('=?')
  )
}

function mailboxes(list: readonly Mailbox[]): string | null {
  let line = ''
  for (const { name, address } of list) {
    if (!plainAddress.test(address) || (name && !atom.test(name))) return null
    line += `${line === '' ? '' : ', '}${name ? `${name} <${address}>` : address}`
  }
  return line
}

function bodyOf(text: string | undefined, html: string | undefined): string | null {
  const parts = [
    ...(text === undefined ? [] : [leaf('text/plain', text)]),
    ...(html === undefined ? [] : [leaf('text/html', html)]),
  ]
  const [first, second] = parts
  if (first === undefined || first === null) return null
  if (second === undefined) return first
  if (second === null) return null
  const boundary = `--_ms_${randomBytes(12).toString('hex')}`
  return (
    `Content-Type: multipart/alternative; boundary="${boundary}"\r\n\r\n` +
    `--${boundary}\r\n${first}\r\n--${boundary}\r\n${second}\r\n--${boundary}--\r\n`
  )
}

/** RFC 5322 §2.1.1; longer lines and other characters than ASCII need an encoding. */
const maxLineLength = 998

function leaf(type: string, content: string): string | null {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the whole of ASCII
  if (!/^[\x09\x0a\x0d\x20-\x7e]*$/.test(content)) return null
  const lines = content.split(/\r\n|\r|\n/)
  if (lines.some((line) => line.length > maxLineLength)) return null
  return (
    `Content-Type: ${type}; charset=utf-8\r\nContent-Transfer-Encoding: 7bit\r\n\r\n` +
    lines.join('\r\n')
  )
}
