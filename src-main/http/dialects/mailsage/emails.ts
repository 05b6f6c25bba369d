import { z } from 'zod'
import { Fault } from '../../../contract/faults.ts'
import { jsonObject, maxContentCharacters } from '../../../contract/wire.ts'
import type { Caller } from '../../../domain/auth/caller.ts'
import type { Domain } from '../../../domain/domain.ts'
import { maxJobRecipients } from '../../../domain/jobs/jobs.ts'
import type { JobContent, JobTicket } from '../../../domain/jobs/store.ts'
import { route } from '../../route.ts'

const Recipient = z.object({
  email: z.string().max(998).meta({ format: 'mailbox' }),
  variables: jsonObject(16 * 1024).optional(),
})

const Reference = z.union([z.string().max(255), z.int()])

const content = {
  subject: z.string().max(998).optional(),
  body: z
    .string()
    .max(maxContentCharacters)
    .optional()
    .describe('HTML or text, with optional `{{ variables }}`'),
  template_id: Reference.nullish().describe('Instead of `body`'),
  smtp_id: Reference.nullish().describe('Default: the first relay'),
  campaign_id: Reference.nullish().describe('Stored with the job'),
}

/** For the OpenAPI document only: the content and the recipient of a send. */
const contentRules = {
  anyOf: [
    { required: ['template_id'], properties: { template_id: { type: ['string', 'integer'] } } },
    { required: ['subject', 'body'], properties: { body: { minLength: 1 } } },
  ],
}
const recipientRules = { anyOf: [{ required: ['recipient'] }, { required: ['to'] }] }

const Send = z
  .object({
    recipient: Recipient.optional(),
    to: z
      .string()
      .max(998)
      .meta({ format: 'mailbox' })
      .optional()
      .describe('The short form of `recipient`'),
    ...content,
  })
  .meta({ allOf: [contentRules, recipientRules] })

const Batch = z
  .object({
    recipients: z.array(Recipient).min(1).max(maxJobRecipients),
    ...content,
  })
  .meta(contentRules)

const Accepted = z.object({
  message: z.string(),
  job_id: z.string(),
  task_id: z.string(),
  tracking_id: z.string(),
  status: z.literal('queued'),
})

const faults = [
  'smtp_not_found',
  'template_not_found',
  'template_variable_error',
  'template_error',
  'invalid_template',
  'daily_limit_exceeded',
  'relay_not_configured',
  'conflict',
] as const

const batch = route({
  summary: 'Send to many recipients as one job; one invalid address refuses the whole batch',
  permission: 'send',
  mode: 'both',
  body: Batch,
  jsonLimits: { maxValues: 25 * maxJobRecipients, maxPlainBytes: 8 * 1024 * 1024 },
  reply: Accepted.extend({ recipient_count: z.int() }),
  status: 202,
  faults,
  handle: async ({ body, caller, domain, exchange }) => {
    const { recipients } = body
    const name = exchange.header('idempotency-key')
    const ticket = await domain.jobs.sendBatch(
      caller,
      toContent(body, caller, domain),
      recipients,
      name,
      exchange.requestId,
    )
    return {
      ...accepted('Batch email queued successfully', ticket),
      recipient_count: recipients.length,
    }
  },
})

/** Routes that send, in MailSage's format. */
export const emailRoutes = {
  'POST /api/v1/emails/send': route({
    summary: 'Send one email',
    permission: 'send',
    mode: 'both',
    body: Send,
    reply: Accepted,
    status: 202,
    faults,
    handle: async ({ body, caller, domain, exchange }) => {
      const name = exchange.header('idempotency-key')
      const recipient = toRecipient(body)
      const ticket = await domain.jobs.sendOne(
        caller,
        toContent(body, caller, domain),
        recipient,
        name,
        exchange.requestId,
      )
      return accepted('Email queued successfully', ticket)
    },
  }),
  'POST /api/v1/emails/batch': batch,
  'POST /api/v1/emails/send/batch': batch,
}

function accepted(message: string, { id, taskId, trackingId }: JobTicket) {
  return {
    message,
    job_id: String(id),
    task_id: taskId,
    tracking_id: trackingId,
    status: 'queued' as const,
  }
}

function toRecipient(
  body: z.output<typeof Send>,
): z.output<typeof Recipient> & { readonly field: string } {
  if (body.recipient) return { ...body.recipient, field: 'recipient.email' }
  if (body.to !== undefined) return { email: body.to, field: 'to' }
  throw new Fault(
    'missing_required',
    'The message has no recipient. Give “recipient”: {"email": …}.',
    { field: 'recipient' },
  )
}

type Content = Pick<z.output<typeof Send>, keyof typeof content>

/** The sender is the relay's `from_email`; a message that is only captured needs none. */
function toContent(body: Content, caller: Caller, domain: Domain): JobContent {
  const {
    body: text = '',
    subject,
    template_id: template,
    smtp_id: smtp,
    campaign_id: campaign,
  } = body
  if (template == null && text === '') {
    throw new Fault(
      'missing_required',
      'The message has no content. Give “body” or “template_id”.',
      {
        field: 'body',
      },
    )
  }
  const relay = smtp == null ? null : domain.relays.chosen(caller, String(smtp))
  return {
    from: relay?.from ?? domain.relays.defaultSender(caller.tenantId) ?? 'noreply@mailsage.local',
    subject,
    ...(looksLikeHtml.test(text) ? { html: text } : { text }),
    template: template == null ? undefined : String(template),
    relayId: relay?.id,
    campaignId: campaign == null ? undefined : String(campaign),
  }
}

const looksLikeHtml = /<(!doctype|[a-z][a-z0-9]*)(\s[^<>]*)?\/?>/i
