import { z } from 'zod'

export const ReleaseRequest = z.object({
  to: z
    .array(z.string().max(998).meta({ format: 'mailboxes' }))
    .min(1)
    .max(1000)
    .optional()
    .describe('Who gets it. Default: the recipients of the envelope it came with'),
  from: z
    .string()
    .max(998)
    .meta({ format: 'mailbox' })
    .optional()
    .describe('The sender of the envelope (MAIL FROM); the header stays as it is'),
  relay_id: z.string().max(64).optional().describe('Default: the first relay'),
})
export type ReleaseRequest = z.infer<typeof ReleaseRequest>
