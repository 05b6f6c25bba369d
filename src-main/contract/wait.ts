import { z } from 'zod'
import { InboxMessageDetail } from './messages.ts'
import { InboxName } from './wire.ts'

export const WaitQuery = z.object({
  inbox: InboxName.optional().describe('Default: all inboxes'),
  to: z
    .string()
    .trim()
    .min(1)
    .max(254)
    .optional()
    .describe('A recipient of the envelope: a whole address, or a part of one (`@example.com`)')
    .meta({ example: 'ann@example.com' }),
  subject: z.string().max(500).optional().describe('Part of the subject, in any case'),
  query: z.string().max(500).optional().describe('Words, as in `GET /v1/inbox`'),
  after: z
    .union([z.iso.datetime({ offset: true }), z.string().max(64)])
    .optional()
    .describe(
      'Only messages newer than this id, or received at or after this time. Default: 10 seconds ago, so that a test may send first and wait second',
    ),
  timeout: z.coerce
    .number()
    .min(0)
    .max(240)
    .default(30)
    .describe('Seconds to wait; 0 checks once. Many HTTP clients give up after 300'),
})
export type WaitQuery = z.infer<typeof WaitQuery>

export const Link = z.object({
  url: z.string(),
  text: z.string().nullable().describe('The text of the link; null for a URL in plain text'),
})
export type Link = z.infer<typeof Link>

export const Extract = z
  .object({
    links: z.array(Link).describe('In the order of the message, each URL once'),
    codes: z.array(z.string()).describe('One-time codes, the most likely first'),
  })
  .meta({ id: 'Extract', example: { links: [], codes: ['482913'] } })
export type Extract = z.infer<typeof Extract>

export const WaitedMessage = InboxMessageDetail.extend(Extract.shape).meta({ id: 'WaitedMessage' })
export type WaitedMessage = z.infer<typeof WaitedMessage>
