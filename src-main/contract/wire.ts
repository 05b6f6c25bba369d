import { z } from 'zod'

/** Shapes that more than one resource of the native dialect uses. */

export const Timestamp = z.iso
  .datetime({ offset: true })
  .max(64)
  .meta({ example: '2026-01-15T10:30:00Z' })

export const Address = z.object({ name: z.string().nullable(), address: z.string() })
export type Address = z.infer<typeof Address>

export const Page = z.coerce.number().int().min(1).max(1_000_000).default(1)
export const Limit = z.coerce.number().int().min(1).max(100).default(20)

export const Pagination = z.object({
  page: z.int(),
  limit: z.int(),
  total: z.int(),
})

/** Query parameters are strings. */
export const Flag = z
  .enum(['true', 'false', '1', '0'])
  .transform((word) => word === 'true' || word === '1')

/** Text without surrounding blanks, not empty. */
export const trimmed = (max: number) => z.string().trim().min(1).max(max).meta({ pattern: '\\S' })

export const InboxName = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
    'must be letters, digits, dots, dashes and underscores, 64 at most',
  )
  .max(64)

/** Longer than any request body, whose bytes are limited as a whole. */
export const maxContentCharacters = 40 * 1024 * 1024

/** A free JSON object of a bounded size. */
export const jsonObject = (maxBytes: number) =>
  z
    .record(z.string(), z.unknown())
    .refine((value) => new TextEncoder().encode(JSON.stringify(value)).length <= maxBytes, {
      message: `may have at most ${maxBytes / 1024} KiB of JSON`,
    })
    .meta({ 'x-maxBytes': maxBytes })
