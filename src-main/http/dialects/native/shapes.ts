import { z } from 'zod'

/** Path parameters and responses shared by several resources. */
export const Id = z.object({ id: z.string().max(64) })
export const Deleted = z.object({ id: z.string(), deleted: z.literal(true) })
export const Changed = z.object({ changed: z.int() })
/** An attachment of a message. */
export const Numbered = Id.extend({ n: z.coerce.number().int().min(0) })
