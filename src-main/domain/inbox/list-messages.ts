import type { InboxQuery } from '../../contract/messages.ts'
import type { Caller } from '../auth/caller.ts'
import { inboxColumns, type ListRow, toInboxMessage } from './rows.ts'
import type { InboxDeps } from './store.ts'

/** A page of the inbox, newest first, with the counters of the inboxes in view. */
export async function listMessages(
  { store, selection, keys }: InboxDeps,
  caller: Caller,
  query: InboxQuery,
  signal?: AbortSignal,
) {
  const between = {
    ...(query.before ? { before: store.rowId(query.before) } : {}),
    ...(query.after ? { after: store.rowId(query.after) } : {}),
  }
  const rows = await selection.newest<ListRow>(
    caller,
    query,
    between,
    `${inboxColumns}, snippet, attachments`,
    query.limit + 1,
    signal,
  )
  const counted = store.inboxes(caller).filter(({ name }) => !query.inbox || name === query.inbox)
  return {
    data: rows.slice(0, query.limit).map((row) => toInboxMessage(row, keys)),
    counts: {
      total: counted.reduce((sum, { total }) => sum + total, 0),
      unread: counted.reduce((sum, { unread }) => sum + unread, 0),
    },
    has_more: rows.length > query.limit,
  }
}
