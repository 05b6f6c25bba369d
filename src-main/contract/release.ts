import { z } from 'zod'

export const ReleaseRequest = z.object({
  to: z
    .array(z.string().max(998).meta({ format: 'mailboxes' }))
    .min(1)
    .max(1000)
    .optional()
    .describe('Recipients. Default: those of the original envelope'),
  from: z
    .string()
    .max(998)
    .meta({ format: 'mailbox' })
    .optional()
    .describe('The envelope sender (MAIL FROM); the header is not changed'),
  relay_id: z.string().max(64).optional().describe('Default: the first relay'),
})
export type ReleaseRequest = z.infer<typeof ReleaseRequest>
