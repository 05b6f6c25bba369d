import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { Fault } from '../../../../contract/faults.ts'
import { route } from '../../route.ts'

const Recipient = z.object({
  email: z.string().max(254),
  variables: z.record(z.string(), z.unknown()).optional(),
})

const MailsageSend = z.object({
  recipient: Recipient.optional(),
  to: z.string().max(254).optional().describe('The short form of `recipient`'),
  subject: z.string().max(998).optional(),
  body: z.string().optional().describe('HTML or text'),
  template_id: z.union([z.string().max(255), z.int()]).optional(),
  smtp_id: z.union([z.string().max(255), z.int()]).optional(),
})

const Accepted = z.object({
  message: z.string(),
  job_id: z.string(),
  task_id: z.string(),
  tracking_id: z.string(),
  status: z.literal('queued'),
})

export const emailRoutes = {
  'POST /api/v1/emails/send': route({
    summary: 'Send one email',
    permission: 'send',
    body: MailsageSend,
    reply: Accepted,
    status: 202,
    faults: [
      'invalid_recipient',
      'smtp_not_found',
      'template_not_found',
      'daily_limit_exceeded',
      'message_too_large',
      'relay_not_configured',
    ],
    handle: async ({ body, caller, domain }) => {
      const message = await domain.messages.send(
        caller,
        toSend(body, domain.relays.defaultSender(caller.tenantId)),
      )
      return {
        message: 'Email queued successfully',
        job_id: String(message.id),
        task_id: randomUUID(),
        tracking_id: message.publicId,
        status: 'queued' as const,
      }
    },
  }),
}

/** The sender is the relay's `from_email`; a message that is only captured needs none. */
function toSend(body: z.output<typeof MailsageSend>, sender: string | null) {
  const to = body.recipient?.email ?? body.to
  if (to === undefined) {
    throw new Fault(
      'missing_required',
      'The message has no recipient. Give “recipient”: {"email": …}.',
      {
        field: 'recipient',
      },
    )
  }
  if (body.smtp_id !== undefined) {
    throw new Fault('smtp_not_found', `There is no SMTP configuration ${body.smtp_id}.`)
  }
  if (body.template_id === undefined && !body.body) {
    throw new Fault(
      'missing_required',
      'The message has no content. Give “body” or “template_id”.',
      {
        field: 'body',
      },
    )
  }
  const { body: content = '', subject } = body
  return {
    from: sender ?? 'noreply@mailsage.local',
    to,
    ...(subject === undefined ? {} : { subject }),
    ...(looksLikeHtml.test(content) ? { html: content } : { text: content }),
    ...(body.template_id === undefined ? {} : { template_id: String(body.template_id) }),
  }
}

const looksLikeHtml = /<(!doctype|[a-z][a-z0-9]*)(\s[^<>]*)?\/?>/i
