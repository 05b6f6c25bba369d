import { randomUUID } from 'node:crypto'
import type { Clock } from '../base/clock.ts'
import { scanHeader } from '../base/header-scan.ts'
import { timeId } from '../base/ids.ts'
import { compose } from '../base/mime-compose.ts'
import { Fault } from '../contract/faults.ts'
import type { MessageStatus, SendRequest } from '../contract/messages.ts'
import type { CommitQueue } from '../storage/commit-queue.ts'
import type { Database } from '../storage/database.ts'
import { checkEnvelope, checkSender, manyMailboxes, oneMailbox } from './addresses.ts'
import { type Caller, demand, type LiveCaller, type TestCaller } from './caller.ts'
import type { Deliveries } from './deliveries.ts'
import type { Limits } from './limits.ts'

export type Messages = ReturnType<typeof createMessages>

/** The SMTP envelope (RFC 5321 §2.3.1), kept apart from what the headers say. */
export type Envelope = { readonly mailFrom: string; readonly rcptTo: readonly string[] }

export type Door = 'http' | 'smtp'

export type Message = {
  readonly id: number
  readonly publicId: string
  readonly status: MessageStatus
  readonly createdAt: number
}

export type MessageOptions = {
  readonly tags?: readonly string[] | undefined
  readonly metadata?: Readonly<Record<string, unknown>> | undefined
}

export const largestMessageBytes = 25 * 1024 * 1024
/** Over all connections: beyond this a sender is asked to come back, so that memory stays bounded. */
const mostBytesInFlight = 256 * 1024 * 1024

type MessageDeps = {
  readonly database: Database
  readonly queue: CommitQueue
  readonly clock: Clock
  readonly limits: Limits
  readonly deliveries: Deliveries
}

/** The one way in: both doors and every dialect end in `accept`. */
export function createMessages({ database, queue, clock, limits, deliveries }: MessageDeps) {
  const insertMessage = database.prepare(`
    INSERT INTO messages (
      public_id, mode, status, key_id, tenant_id, inbox, door, mail_from, rcpt_to, header_from,
      header_to, header_cc, subject, message_id, dated_at, size_bytes, received_at, options
    ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  `)
  const insertBody = database.prepare<[number | bigint, Buffer]>(
    'INSERT INTO bodies (message_id, raw) VALUES (?, ?)',
  )
  let bytesInFlight = 0

  /** The row and its bytes; inside a transaction. */
  function insert(
    caller: Caller,
    status: MessageStatus,
    inbox: string | null,
    door: Door,
    envelope: Envelope,
    raw: Buffer,
    options: MessageOptions | undefined,
  ): Message {
    const now = clock.now()
    const publicId = timeId('msg', now)
    const head = scanHeader(raw)
    const { lastInsertRowid } = insertMessage.run(
      publicId,
      caller.mode,
      status,
      caller.keyId,
      caller.tenantId,
      inbox,
      door,
      envelope.mailFrom,
      JSON.stringify(envelope.rcptTo),
      JSON.stringify(head.from ?? { name: null, address: envelope.mailFrom }),
      JSON.stringify(head.to),
      JSON.stringify(head.cc),
      head.subject,
      head.messageId,
      head.date,
      raw.length,
      now,
      options ? JSON.stringify(options) : null,
    )
    insertBody.run(lastInsertRowid, raw)
    return { id: Number(lastInsertRowid), publicId, status, createdAt: now }
  }

  /** A test message goes to an inbox. There is no transport on this path to call. */
  function capture(
    caller: TestCaller,
    inbox: string,
    door: Door,
    envelope: Envelope,
    raw: Buffer,
    options?: MessageOptions,
  ): Promise<Message> {
    return queue.write((transaction) => {
      const message = insert(caller, 'captured', inbox, door, envelope, raw, options)
      transaction.append({
        type: 'captured',
        keyId: caller.keyId,
        tenantId: caller.tenantId,
        messageId: message.id,
        data: { inbox, door, size_bytes: raw.length, recipients: envelope.rcptTo.length },
      })
      return message
    })
  }

  /** A live message is queued, a delivery for each recipient, in the same transaction. */
  async function enqueue(
    caller: LiveCaller,
    door: Door,
    envelope: Envelope,
    raw: Buffer,
    options?: MessageOptions,
  ): Promise<Message> {
    deliveries.demandRelay(caller)
    const message = await queue.write((transaction) => {
      const message = insert(caller, 'queued', null, door, envelope, raw, options)
      deliveries.enqueue(transaction, caller, message.id, envelope.rcptTo)
      transaction.append({
        type: 'queued',
        keyId: caller.keyId,
        tenantId: caller.tenantId,
        messageId: message.id,
        data: { door, size_bytes: raw.length, recipients: envelope.rcptTo.length },
      })
      return message
    })
    deliveries.wake()
    return message
  }

  /**
   * Takes a message for good: when the promise resolves it is on disk. `inbox` overrides the one
   * that the key names. Refuses with a `Fault`: permission, sender, recipients, size, daily limit,
   * no relay, too busy.
   */
  async function accept(
    caller: Caller,
    envelope: Envelope,
    raw: Buffer,
    door: Door,
    options?: MessageOptions & { readonly inbox?: string | undefined },
  ): Promise<Message> {
    demand(caller, 'send')
    checkEnvelope(caller, envelope.mailFrom, envelope.rcptTo)
    checkSize(raw.length)
    if (bytesInFlight + raw.length > mostBytesInFlight) {
      throw new Fault('overloaded', 'Too many large messages at once. Try again in a moment.')
    }
    limits.spendEmail(caller)
    bytesInFlight += raw.length
    try {
      const { inbox, ...kept } = options ?? {}
      const keep = options ? kept : undefined
      return caller.mode === 'test'
        ? await capture(caller, inbox ?? caller.inbox, door, envelope, raw, keep)
        : await enqueue(caller, door, envelope, raw, keep)
    } finally {
      bytesInFlight -= raw.length
    }
  }

  return {
    accept,

    /** Composes what an HTTP request describes and accepts it. */
    async send(caller: Caller, request: SendRequest): Promise<Message> {
      demand(caller, 'send')
      if (request.template_id !== undefined) {
        throw new Fault('template_not_found', `There is no template ${request.template_id}.`)
      }
      if (!request.html && !request.text) {
        throw new Fault(
          'missing_required',
          'The message has no body. Give “html”, “text”, or both.',
          {
            field: 'html',
          },
        )
      }
      if (request.subject === undefined) {
        throw new Fault('missing_required', 'The message has no subject. Give “subject”.', {
          field: 'subject',
        })
      }
      const from = oneMailbox('from', request.from, 'invalid_sender')
      checkSender(caller, from.address)
      const to = manyMailboxes('to', request.to)
      const cc = manyMailboxes('cc', request.cc)
      const bcc = manyMailboxes('bcc', request.bcc)
      const rcptTo = [...new Set([...to, ...cc, ...bcc].map(({ address }) => address))]
      checkEnvelope(caller, from.address, rcptTo)
      const now = clock.now()
      const raw = await compose({
        from,
        to,
        cc,
        replyTo: manyMailboxes('reply_to', request.reply_to),
        subject: request.subject,
        text: request.text,
        html: request.html,
        headers: checkHeaders(request.headers),
        attachments: (request.attachments ?? []).map(decodeAttachment),
        messageId: `<${randomUUID()}@${from.address.slice(from.address.lastIndexOf('@') + 1)}>`,
        date: new Date(now),
      })
      const { tags, metadata } = request
      const options = tags || metadata ? { tags, metadata } : undefined
      return accept(caller, { mailFrom: from.address, rcptTo }, raw, 'http', options)
    },
  }
}

export function checkSize(sizeBytes: number): void {
  if (sizeBytes <= largestMessageBytes) return
  throw new Fault(
    'message_too_large',
    `The message has ${(sizeBytes / 1_048_576).toFixed(1)} MiB; ${largestMessageBytes / 1_048_576} MiB is the most. Send large files as links.`,
    { size_bytes: sizeBytes, limit_bytes: largestMessageBytes },
  )
}

/** Header fields that the message is given by other means, or that a sender has no business to set. */
const reserved = new Set([
  'from',
  'to',
  'cc',
  'bcc',
  'sender',
  'reply-to',
  'subject',
  'date',
  'message-id',
  'mime-version',
  'content-type',
  'content-transfer-encoding',
  'content-disposition',
  'return-path',
  'received',
  'dkim-signature',
])

// RFC 5322 §2.2: printable US-ASCII without colon and space.
const fieldName = /^[!-9;-~]+$/
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it refuses
const controls = /[\x00-\x08\x0a-\x1f\x7f]/

function checkHeaders(
  headers: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  for (const [name, value] of Object.entries(headers)) {
    const field = `headers.${name}`
    if (!fieldName.test(name)) {
      throw new Fault('invalid_parameter', `“${name}” is not a header name (RFC 5322 §2.2).`, {
        field,
      })
    }
    if (reserved.has(name.toLowerCase())) {
      throw new Fault(
        'invalid_parameter',
        `The header ${name} is set by MailSage. Use the field for it, or leave it out.`,
        { field },
      )
    }
    if (controls.test(value)) {
      throw new Fault(
        'invalid_parameter',
        `The header ${name} may not hold line breaks or control characters.`,
        { field },
      )
    }
  }
  return headers
}

type AttachmentRequest = NonNullable<SendRequest['attachments']>[number]

const base64 = /^[A-Za-z0-9+/_-]*={0,2}$/

function decodeAttachment(attachment: AttachmentRequest, index: number) {
  const folded = attachment.content.replace(/\s+/g, '')
  if (!base64.test(folded)) {
    throw new Fault(
      'invalid_parameter',
      `“attachments[${index}].content” is not base64. Encode the file's bytes as base64.`,
      { field: `attachments[${index}].content` },
    )
  }
  return {
    filename: attachment.filename,
    content: Buffer.from(folded, 'base64'),
    contentType: attachment.content_type,
    contentId: attachment.content_id,
  }
}
