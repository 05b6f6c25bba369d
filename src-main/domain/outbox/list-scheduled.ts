import type { OutboxList, OutboxQuery } from '../../contract/outbox.ts'
import type { Reader } from '../../storage/reader.ts'
import type { LiveCaller } from '../auth/caller.ts'
import type { Keys } from '../auth/keys.ts'
import { type ScheduledOutboxRow, toScheduledMessage } from './outbox-rows.ts'

export type ScheduledPage = Pick<OutboxList, 'scheduled' | 'next_scheduled'>

export const noScheduled: ScheduledPage = { scheduled: [], next_scheduled: null }

const maxScheduled = 200
const headBytes = 65_536

/** Scheduled messages, and cancelled or failed ones that were never sent; the next due first. */
export async function listScheduled(
  { reader, keys }: { readonly reader: Reader; readonly keys: Keys },
  caller: LiveCaller,
  query: OutboxQuery,
): Promise<ScheduledPage> {
  const status = query.status ?? 'scheduled'
  if (status !== 'scheduled' && status !== 'cancelled' && status !== 'failed') return noScheduled
  const rows = await reader.all<ScheduledOutboxRow>(
    `SELECT public_id, status, key_id, due_at, mail_from, rcpt_to,
       substr(raw, 1, ${headBytes}) AS head, error, created_at
     FROM scheduled
     WHERE mode = 'live' AND status = ? AND (? IS NULL OR tenant_id = ?)
       AND (? IS NULL OR key_id = ?)
       AND (due_at, public_id) > (?, ?)
     ORDER BY due_at, public_id LIMIT ${maxScheduled + 1}`,
    status,
    caller.tenantId,
    caller.tenantId,
    query.key_id ?? null,
    query.key_id ? (keys.idOf(query.key_id) ?? -1) : null,
    ...parseCursor(query.scheduled_after),
  )
  const text = query.query?.toLowerCase()
  const page = rows.slice(0, maxScheduled)
  const scheduled = page
    .map((row) => toScheduledMessage(keys, row))
    .filter(
      ({ subject, from, to }) =>
        !text || [subject, from, ...to].some((value) => value.toLowerCase().includes(text)),
    )
  const last = rows.length > page.length ? page.at(-1) : undefined
  return { scheduled, next_scheduled: last ? cursorOf(last) : null }
}

/** A position in the order, not a message: the message may be sent before the next page is read. */
function cursorOf(row: ScheduledOutboxRow): string {
  return `${row.due_at}.${row.public_id}`
}

function parseCursor(cursor = '-1.'): readonly [dueAt: number, publicId: string] {
  const [dueAt, publicId = ''] = cursor.split('.')
  return [Number(dueAt), publicId]
}
