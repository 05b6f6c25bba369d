import { maxAddresses, parseAddresses } from './addresses.ts'
import { parseDate } from './dates.ts'
import { bytesToText, type CharsetHint, headerText } from './encoded-words.ts'
import { type RawField, readHeaderBlock } from './header-block.ts'
import type { Mailbox } from './mailboxes.ts'
import { charsetOf } from './parameters.ts'

export interface HeaderScan {
  readonly from: Mailbox | null
  readonly to: readonly Mailbox[]
  readonly cc: readonly Mailbox[]
  readonly subject: string
  /** Milliseconds since the epoch. */
  readonly date: number | null
  /** With its angle brackets. */
  readonly messageId: string | null
  /** Offset of the body. */
  readonly headerEnd: number
}

const maxSubjectLength = 998
/** Enough for the longest subject in the least compact encoding. */
const maxRawLength = 16 * maxSubjectLength

/** Reads the fields that the accept path needs: in bounded time, without errors. */
export function scanHeader(raw: Buffer): HeaderScan {
  const { fields, end } = readHeaderBlock(raw)
  const hint = bodyCharset(fields)
  let from: string | null = null
  let subject: string | null = null
  let date: string | null = null
  let messageId: string | null = null
  let to: Mailbox[] = []
  let cc: Mailbox[] = []
  for (const { name, value } of fields) {
    switch (name.length) {
      case 2: {
        const lower = name.toLowerCase()
        if (lower === 'to') to = appendAddresses(to, value, hint)
        else if (lower === 'cc') cc = appendAddresses(cc, value, hint)
        break
      }
      case 4: {
        const lower = name.toLowerCase()
        if (lower === 'from') from ??= value
        else if (lower === 'date') date ??= value
        break
      }
      case 7:
        if (name.toLowerCase() === 'subject') subject ??= value
        break
      case 10:
        if (name.toLowerCase() === 'message-id') messageId ??= value
        break
    }
  }
  return {
    from: from === null ? null : (parseAddresses(bytesToText(from, hint))[0] ?? null),
    to,
    cc,
    subject:
      subject === null
        ? ''
        : clip(headerText(subject.slice(0, maxRawLength), hint), maxSubjectLength),
    date: date === null ? null : parseDate(date),
    messageId: messageId === null ? null : readMessageId(messageId),
    headerEnd: end,
  }
}

/** All fields of a header block in order, decoded. */
export function readHeaders(
  raw: Buffer,
  start = 0,
  end = raw.length,
): { readonly name: string; readonly value: string }[] {
  const { fields } = readHeaderBlock(raw, start, end)
  const hint = bodyCharset(fields)
  return fields.map(({ name, value }) => ({ name, value: headerText(value, hint) }))
}

/** Programs that write a header without encoded words write it in the charset of the body. */
function bodyCharset(fields: readonly RawField[]): CharsetHint {
  let found: string | null | undefined
  return () => {
    if (found === undefined) {
      const type = fields.find(({ name }) => name.toLowerCase() === 'content-type')
      found = type === undefined ? null : charsetOf(type.value)
    }
    return found
  }
}

// Some senders repeat a field that is allowed once; all its addresses count.
function appendAddresses(before: Mailbox[], value: string, hint: CharsetHint): Mailbox[] {
  if (before.length >= maxAddresses) return before
  const found = parseAddresses(bytesToText(value, hint))
  return before.length === 0 ? found : [...before, ...found].slice(0, maxAddresses)
}

function readMessageId(value: string): string | null {
  const open = value.indexOf('<')
  const close = value.indexOf('>', open)
  const id = open !== -1 && close !== -1 ? value.slice(open, close + 1) : value
  return id === '' ? null : clip(headerText(id.slice(0, maxRawLength)), maxSubjectLength)
}

/** Cuts a text, never inside a surrogate pair. */
function clip(text: string, length: number): string {
  if (text.length <= length) return text
  const last = text.charCodeAt(length - 1)
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? length - 1 : length)
}
