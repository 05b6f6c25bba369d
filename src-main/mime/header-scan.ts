import { maxAddresses, parseAddresses } from './addresses.ts'
import { parseDate } from './dates.ts'
import { bytesToText, headerText } from './encoded-words.ts'
import { readHeaderBlock } from './header-block.ts'
import type { Mailbox } from './mailboxes.ts'

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
        if (lower === 'to') to = appendAddresses(to, value)
        else if (lower === 'cc') cc = appendAddresses(cc, value)
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
    from: from === null ? null : (parseAddresses(bytesToText(from))[0] ?? null),
    to,
    cc,
    subject:
      subject === null ? '' : clip(headerText(subject.slice(0, maxRawLength)), maxSubjectLength),
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
  return readHeaderBlock(raw, start, end).fields.map(({ name, value }) => ({
    name,
    value: headerText(value),
  }))
}

// Some senders repeat a field that is allowed once; all its addresses count.
function appendAddresses(before: Mailbox[], value: string): Mailbox[] {
  if (before.length >= maxAddresses) return before
  const found = parseAddresses(bytesToText(value))
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
