import { randomUUID } from 'node:crypto'
import type { Clock } from '../../base/clock.ts'
import { Fault } from '../../contract/faults.ts'
import { base64, type SendRequest } from '../../contract/messages.ts'
import type { TemplateEngine } from '../../contract/templates.ts'
import { compose, isHeaderName, ownHeaders } from '../../mime/compose.ts'
import type { Envelope } from '../../mime/envelope.ts'
import { type Caller, requirePermission } from '../auth/caller.ts'
import { checkSender } from '../auth/senders.ts'
import type { TenantRecords } from '../auth/tenant-records.ts'
import type { Renderer } from '../templates/rendering.ts'
import type { TemplateSnapshot } from '../templates/rows.ts'
import type { Templates } from '../templates/templates.ts'
import { checkSize } from './accept.ts'
import { checkEnvelope, manyMailboxes, oneMailbox } from './addresses.ts'

export type Composing = ReturnType<typeof createComposing>

export type Composed = { readonly envelope: Envelope; readonly raw: Buffer }

/** The request of any dialect, in native form. */
export type Draft = Omit<SendRequest, 'scheduled_at' | 'tags' | 'metadata'> & {
  /** The template version that is stored for this message, with its data. */
  readonly snapshot?: {
    readonly template: TemplateSnapshot
    readonly data: Readonly<Record<string, unknown>>
  }
  /** Renders subject and body as templates with this data. */
  readonly inline?: {
    readonly engine: TemplateEngine
    readonly data: Readonly<Record<string, unknown>>
  }
}

type ComposingDeps = {
  readonly templates: Templates
  readonly renderer: Renderer
  readonly clock: Clock
  readonly tenantRecords: TenantRecords
}

/** Turns a request into the envelope and raw bytes for `accept`. */
export function createComposing(deps: ComposingDeps) {
  const { templates, renderer, clock, tenantRecords } = deps

  async function contentOf(caller: Caller, draft: Draft) {
    const { template_id: template, template_data: data = {}, subject, html, text, inline } = draft
    const { snapshot } = draft
    const use = { caller, purpose: 'send' } as const
    if (snapshot) return templates.renderSnapshot(use, snapshot.template, snapshot.data, subject)
    if (template !== undefined) return templates.renderForSend(caller, template, data, subject)
    if (!html && !text) {
      throw new Fault('missing_required', 'The message has no body. Set “html”, “text”, or both.', {
        field: 'html',
      })
    }
    if (subject === undefined) {
      throw new Fault('missing_required', 'The message has no subject. Set “subject”.', {
        field: 'subject',
      })
    }
    const content = { subject, html: html ?? null, text: text ?? null }
    if (!inline || !hasPlaceholder(content)) return content
    return renderer.render(use, inline.engine, content, inline.data)
  }

  return {
    async compose(caller: Caller, draft: Draft): Promise<Composed> {
      requirePermission(caller, 'send')
      checkContentSize(draft)
      const from = oneMailbox('from', draft.from, 'invalid_sender')
      checkSender(caller, from.address)
      const to = manyMailboxes('to', draft.to)
      const cc = manyMailboxes('cc', draft.cc)
      const bcc = manyMailboxes('bcc', draft.bcc)
      const rcptTo = [...new Set([...to, ...cc, ...bcc].map(({ address }) => address))]
      checkEnvelope(caller, from.address, rcptTo)
      const { subject, html, text } = await contentOf(caller, draft)
      const { fromName, replyTo } = tenantRecords.senderOf(caller.tenantId)
      const raw = await compose({
        from: { ...from, name: from.name ?? fromName },
        to,
        cc,
        replyTo: manyMailboxes('reply_to', draft.reply_to ?? replyTo ?? undefined),
        subject: subject ?? '',
        text: text ?? undefined,
        html: html ?? undefined,
        headers: checkHeaders(draft.headers),
        attachments: (draft.attachments ?? []).map(decodeAttachment),
        messageId: `<${randomUUID()}@${from.address.slice(from.address.lastIndexOf('@') + 1)}>`,
        date: new Date(clock.now()),
      })
      checkSize(raw.length)
      return { envelope: { mailFrom: from.address, rcptTo }, raw }
    },
  }
}

/** Refuses content that is too large before it is composed, which only adds to it. */
function checkContentSize({ html = '', text = '', attachments = [] }: Draft): void {
  // An attachment leaves as base64 too.
  const attached = attachments.reduce((sum, { content }) => sum + content.length, 0)
  checkSize(html.length + text.length + attached)
}

function hasPlaceholder(
  content: Readonly<Record<'subject' | 'html' | 'text', string | null>>,
): boolean {
  return Object.values(content).some((part) => part?.includes('{{') || part?.includes('{%'))
}

/** Header fields that MailSage sets, or that a sender may not set. */
const reserved = new Set([
  ...ownHeaders,
  'sender',
  'reply-to',
  'return-path',
  'received',
  'dkim-signature',
])

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it refuses
const controls = /[\x00-\x08\x0a-\x1f\x7f]/

function checkHeaders(
  headers: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  for (const [name, value] of Object.entries(headers)) {
    const field = `headers.${name}`
    if (!isHeaderName(name)) {
      throw new Fault('invalid_parameter', `“${name}” is not a header name (RFC 5322 §2.2).`, {
        field,
      })
    }
    if (reserved.has(name.toLowerCase())) {
      throw new Fault(
        'invalid_parameter',
        `The header ${name} is set by MailSage. Use the field of the request, or omit it.`,
        { field },
      )
    }
    if (controls.test(value)) {
      throw new Fault(
        'invalid_parameter',
        `The header ${name} may not contain line breaks or control characters.`,
        { field },
      )
    }
  }
  return headers
}

type AttachmentRequest = NonNullable<SendRequest['attachments']>[number]

function decodeAttachment(attachment: AttachmentRequest, index: number) {
  if (!base64.test(attachment.content)) {
    throw new Fault(
      'invalid_parameter',
      `“attachments[${index}].content” is not base64. Encode the file's bytes as base64.`,
      { field: `attachments[${index}].content` },
    )
  }
  return {
    filename: attachment.filename,
    content: Buffer.from(attachment.content, 'base64'),
    contentType: attachment.content_type,
    contentId: attachment.content_id,
  }
}
