import { z } from 'zod'

/** One part of a captured message. A multipart precedes its own parts. */
export const MessagePart = z
  .object({
    path: z.string().describe('`1` is the whole message, `1.2` its second part'),
    content_type: z.string(),
    charset: z.string().nullable(),
    encoding: z.string(),
    disposition: z.enum(['attachment', 'inline']).nullable(),
    filename: z.string().nullable(),
    content_id: z.string().nullable(),
    size_bytes: z.int().describe('After decoding'),
    encoded_bytes: z.int().describe('Encoded, in the message'),
  })
  .meta({ id: 'MessagePart' })
export type MessagePart = z.infer<typeof MessagePart>

export const MessageStructure = z.object({
  data: z.array(MessagePart).describe('In the order of the message'),
})
