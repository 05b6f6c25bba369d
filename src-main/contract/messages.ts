import { z } from 'zod'
import { KeyMode } from './keys.ts'
import { operators } from './search.ts'
import { TemplateData } from './templates.ts'
import {
  Address,
  Flag,
  InboxName,
  jsonObject,
  Limit,
  maxContentCharacters,
  Page,
  Pagination,
  Timestamp,
  trimmed,
} from './wire.ts'

export const messageStatuses = [
  'queued',
  'sending',
  'delivered',
  'bounced',
  'failed',
  'scheduled',
  'captured',
  'cancelled',
] as const
export const MessageStatus = z.enum(messageStatuses)
export type MessageStatus = z.infer<typeof MessageStatus>

export const DeliveryStatus = z.enum([
  'queued',
  'sending',
  'deferred',
  'delivered',
  'bounced',
  'failed',
  'cancelled',
])
export type DeliveryStatus = z.infer<typeof DeliveryStatus>

/** Room for 1000 addresses with names. */
const maxRecipientsCharacters = 256 * 1024
const Mailboxes = (max: number) => z.string().max(max).meta({ format: 'mailboxes' })
const Recipients = z.union([
  Mailboxes(maxRecipientsCharacters),
  z.array(Mailboxes(9980)).min(1).max(1000),
])
const Mailbox = z.string().max(998).meta({ format: 'mailbox' })

const fieldName = /^[!-9;-~]+$/
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it refuses
const fieldValue = /^[^\x00-\x08\x0a-\x1f\x7f]*$/
/** Base64 with any line breaks, in either alphabet (RFC 4648). */
export const base64 = /^[A-Za-z0-9+/_\s-]*(=\s*){0,2}$/

const maxHeaderFields = 100
const HeaderFields = z
  .record(
    z.string().max(998).regex(fieldName, 'must be a header name: printable ASCII without a colon'),
    z.string().max(9980).regex(fieldValue, 'must not hold line breaks or control characters'),
  )
  .refine((fields) => Object.keys(fields).length <= maxHeaderFields, {
    message: `may have at most ${maxHeaderFields} header fields`,
  })
  .meta({ maxProperties: maxHeaderFields })

const maxMetadataBytes = 8 * 1024

/** Rules about several fields, for the OpenAPI document only. */
const sendRules = {
  anyOf: [
    { required: ['template_id'] },
    { required: ['subject', 'html'], properties: { html: { minLength: 1 } } },
    { required: ['subject', 'text'], properties: { text: { minLength: 1 } } },
  ],
}

export const SendRequest = z
  .object({
    from: Mailbox,
    to: Recipients,
    cc: Recipients.optional(),
    bcc: Recipients.optional(),
    reply_to: Recipients.optional(),
    subject: z.string().max(998).optional(),
    html: z.string().max(maxContentCharacters).optional(),
    text: z.string().max(maxContentCharacters).optional(),
    headers: HeaderFields.optional(),
    attachments: z
      .array(
        z.object({
          filename: z.string().max(255).optional(),
          content: z
            .string()
            .max(maxContentCharacters)
            .regex(base64, 'must be base64')
            .describe('Base64'),
          content_type: z.string().max(255).optional(),
          content_id: z.string().max(255).optional(),
        }),
      )
      .max(100)
      .optional(),
    template_id: z.string().max(255).optional(),
    template_data: TemplateData.optional(),
    tags: z.array(z.string().max(255)).max(50).optional(),
    metadata: jsonObject(maxMetadataBytes)
      .optional()
      .describe('At most 8 KiB of JSON, kept with the message'),
    scheduled_at: Timestamp.optional().describe('Send then, at most a year from now'),
  })
  .meta(sendRules)
export type SendRequest = z.infer<typeof SendRequest>

export const Sent = z.object({
  id: z.string().meta({ example: 'msg_06bqz0f7h3k2p9x4' }),
  status: MessageStatus,
  created_at: Timestamp,
})

export const Email = z
  .object({
    id: z.string(),
    status: MessageStatus,
    mode: KeyMode,
    from: z.string(),
    to: z.array(z.string()),
    subject: z.string(),
    key_id: z.string().nullable(),
    created_at: Timestamp,
    delivered_at: Timestamp.nullable(),
  })
  .meta({ id: 'Email' })
export type Email = z.infer<typeof Email>

export const Delivery = z.object({
  recipient: z.string(),
  status: DeliveryStatus,
  attempts: z.int(),
  relay: z.string().nullable(),
  last_reply: z.string().nullable().describe('The last SMTP reply or connection error'),
  next_attempt_at: Timestamp.nullable(),
  delivered_at: Timestamp.nullable(),
})
export type Delivery = z.infer<typeof Delivery>

export const EmailDetail = Email.extend({
  cc: z.array(z.string()),
  deliveries: z.array(Delivery),
  tags: z.array(z.string()),
  metadata: z.record(z.string(), z.unknown()),
  scheduled_at: Timestamp.nullable(),
  error: z.string().nullable().describe('Why it could not be sent at its scheduled time'),
}).meta({ id: 'EmailDetail' })
export type EmailDetail = z.infer<typeof EmailDetail>

export const Reschedule = z.object({ scheduled_at: Timestamp })

export const EmailQuery = z.object({
  page: Page,
  limit: Limit,
  status: MessageStatus.optional(),
  from: z.string().max(254).optional(),
  to: z.string().max(254).optional(),
  before: z.string().max(64).optional().describe('Only emails older than this id'),
  after: z.string().max(64).optional().describe('Only emails newer than this id'),
})
export type EmailQuery = z.infer<typeof EmailQuery>

export const EmailList = z.object({ data: z.array(Email), pagination: Pagination })

/** One row of the inbox. `snippet` is null until the message has been indexed. */
export const InboxMessage = z
  .object({
    id: z.string(),
    inbox: z.string(),
    from: Address,
    to: z.array(Address),
    subject: z.string(),
    snippet: z.string().nullable(),
    received_at: Timestamp,
    size_bytes: z.int(),
    attachments: z.int(),
    read: z.boolean(),
    key_id: z.string().nullable(),
    door: z.enum(['http', 'smtp']),
    tags: z.array(z.string()),
  })
  .meta({ id: 'InboxMessage' })
export type InboxMessage = z.infer<typeof InboxMessage>

export const InboxCounts = z.object({ total: z.int(), unread: z.int() })
export type InboxCounts = z.infer<typeof InboxCounts>

export const InboxList = z.object({
  data: z.array(InboxMessage),
  counts: InboxCounts.describe('Of the whole inbox, without the query'),
  has_more: z.boolean().describe('True when older messages match too'),
})

/** Filter of captured messages, for lists and for bulk changes. */
export const InboxFilter = z.object({
  inbox: InboxName.optional(),
  query: z
    .string()
    .max(500)
    .optional()
    .describe(
      `Words, the last may be a prefix; "exact words"; -not; OR between two terms; ${Object.keys(operators).join(': ')}:`,
    ),
  unread: Flag.optional(),
})
export type InboxFilter = z.infer<typeof InboxFilter>

export const InboxQuery = InboxFilter.extend({
  limit: Limit,
  before: z.string().max(64).optional().describe('Only messages older than this id'),
  after: z.string().max(64).optional().describe('Only messages newer than this id'),
})
export type InboxQuery = z.infer<typeof InboxQuery>

export const Inboxes = z.object({
  data: z.array(InboxCounts.extend({ name: z.string() })),
})

const Attachment = z.object({
  index: z.int().describe('`n` of `/attachments/{n}`'),
  filename: z.string().nullable(),
  content_type: z.string(),
  content_id: z.string().nullable(),
  inline: z.boolean(),
  size_bytes: z.int(),
})
export type Attachment = z.infer<typeof Attachment>

/** The parts of a message that can be opened. */
export const MessageContent = z.object({
  has_html: z.boolean(),
  has_text: z.boolean(),
  attachment_list: z.array(Attachment),
})
export type MessageContent = z.infer<typeof MessageContent>

export const InboxMessageDetail = InboxMessage.extend({
  cc: z.array(Address),
  reply_to: z.array(Address),
  envelope: z.object({ mail_from: z.string(), rcpt_to: z.array(z.string()) }),
  bcc: z.array(z.string()).describe('Envelope recipients that are in no header field'),
  date: Timestamp.nullable(),
  message_id: z.string().nullable(),
  ...MessageContent.shape,
  problem: z
    .string()
    .nullable()
    .describe('Why its parts cannot be read; raw source and headers are still available'),
}).meta({ id: 'InboxMessageDetail' })
export type InboxMessageDetail = z.infer<typeof InboxMessageDetail>

/** A message that another one has as an attachment. */
export const AttachedMessage = z
  .object({
    from: Address.nullable(),
    to: z.array(Address),
    cc: z.array(Address),
    subject: z.string(),
    date: Timestamp.nullable(),
    message_id: z.string().nullable(),
    text: z.string().describe('The text; without a text part, the HTML as text'),
    html: z
      .string()
      .nullable()
      .describe('The HTML as the sender wrote it; null without an HTML part'),
    ...MessageContent.shape,
  })
  .meta({ id: 'AttachedMessage' })
export type AttachedMessage = z.infer<typeof AttachedMessage>

/** The bytes of a message (RFC 5322). */
export const MessageFile = z.instanceof(Uint8Array)

export const Imported = z.object({ id: z.string(), inbox: z.string() })

export const MessageHeaders = z.object({
  data: z.array(z.object({ name: z.string(), value: z.string() })),
})

export const MessageView = z.object({
  url: z.string().describe('URL of the rendered HTML, valid for five minutes, without scripts'),
  remote_content: z.boolean().describe('True when the message has remote images or fonts'),
  remote_count: z.int().describe('Number of remote resources'),
  remote_hosts: z.array(z.string()).describe('Hosts of the remote resources, at most 50'),
  dark_styles: z.boolean().describe('True when the message has styles for dark mode'),
})
export type MessageView = z.infer<typeof MessageView>

export const MessageDownload = z.object({
  url: z.string().describe('Valid for five minutes, for this message, without a key'),
})

export const ViewRequest = z.object({
  remote_content: z.boolean().default(false),
  scheme: z
    .enum(['light', 'dark', 'forced'])
    .default('light')
    .describe('`dark`: the message’s own dark styles; `forced`: inverted, except images'),
  highlight: InboxFilter.shape.query.describe(
    'A search as in `GET /v1/inbox`: its words are marked, and the page scrolls to the first',
  ),
})
export type ViewRequest = z.infer<typeof ViewRequest>

export const Tag = trimmed(64)

export const MessageChange = z
  .object({
    read: z.boolean().optional(),
    tags: z.array(Tag).max(50).optional().describe('Replaces the tags'),
  })
  .refine(({ read, tags }) => read !== undefined || tags !== undefined, {
    message: 'must name the change: read or tags',
  })
  .meta({ anyOf: [{ required: ['read'] }, { required: ['tags'] }] })
export type MessageChange = z.infer<typeof MessageChange>

export const MessageChanges = z
  .object({
    ids: z.array(z.string().max(64)).min(1).max(1000).optional().describe('Default: all'),
    inbox: InboxName.optional(),
    query: z.string().max(500).optional().describe('As in `GET /v1/inbox`'),
    unread: z.boolean().optional(),
    read: z.boolean().optional(),
    add_tags: z.array(Tag).max(50).optional(),
    remove_tags: z.array(Tag).max(50).optional(),
  })
  .refine(
    ({ read, add_tags: added, remove_tags: removed }) =>
      read !== undefined || added !== undefined || removed !== undefined,
    { message: 'must name the change: read, add_tags or remove_tags' },
  )
  .meta({
    anyOf: [{ required: ['read'] }, { required: ['add_tags'] }, { required: ['remove_tags'] }],
  })
export type MessageChanges = z.infer<typeof MessageChanges>

export const MessageCount = z.object({ count: z.int() })

/** Tags of captured messages with their counts. */
export const Tags = z.object({ data: z.array(z.object({ name: z.string(), total: z.int() })) })

export const SavedSearch = z
  .object({ id: z.string(), name: z.string(), query: z.string(), created_at: Timestamp })
  .meta({ id: 'SavedSearch' })
export type SavedSearch = z.infer<typeof SavedSearch>

export const SavedSearches = z.object({ data: z.array(SavedSearch) })

export const NewSearch = z.object({
  name: trimmed(60),
  query: trimmed(500),
})
export type NewSearch = z.infer<typeof NewSearch>

export const SearchChange = NewSearch.partial()
export type SearchChange = z.infer<typeof SearchChange>

export const MessageIds = z.object({ ids: z.array(z.string().max(64)).min(1).max(1000) })
