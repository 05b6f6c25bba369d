import { addressLimit, parseAddresses } from './addresses.ts'
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
  /** With its angle brackets, as other messages refer to it. */
  readonly messageId: string | null
  /** Where the body begins. */
  readonly headerEnd: number
}

const subjectLimit = 998
/** Enough bytes for the limit in the most wasteful encoding. */
const rawLimit = 16 * subjectLimit

/** The accept path's only look at a message: bounded, and it never throws. */
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
    subject: subject === null ? '' : clip(headerText(subject.slice(0, rawLimit)), subjectLimit),
    date: date === null ? null : parseDate(date),
    messageId: messageId === null ? null : readMessageId(messageId),
    headerEnd: end,
  }
}

/** Every field of a header block in order, readable. */
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

// A field that should stand once is sometimes written several times; nobody is left out.
function appendAddresses(before: Mailbox[], value: string): Mailbox[] {
  if (before.length >= addressLimit) return before
  const found = parseAddresses(bytesToText(value))
  return before.length === 0 ? found : [...before, ...found].slice(0, addressLimit)
}

function readMessageId(value: string): string | null {
  const open = value.indexOf('<')
  const close = value.indexOf('>', open)
  const id = open !== -1 && close !== -1 ? value.slice(open, close + 1) : value
  return id === '' ? null : clip(headerText(id.slice(0, rawLimit)), subjectLimit)
}

/** Cuts without leaving half of a surrogate pair. */
function clip(text: string, length: number): string {
  if (text.length <= length) return text
  const last = text.charCodeAt(length - 1)
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? length - 1 : length)
}
