import type { InboxFilter, MessageChanges } from '../../contract/messages.ts'
import type { CommitQueue } from '../../storage/commit-queue.ts'
import type { Caller } from '../auth/caller.ts'
import type { InboxDeps } from './store.ts'
import { type TagChange, tagChange } from './tags.ts'

/** Messages per transaction, so that new mail is accepted between two of them. */
const chunkSize = 500

export type Changed = { readonly changed: number }

type MessageUpdate = {
  readonly read?: boolean | undefined
  readonly tags?: TagChange | undefined
}

/** Changes the messages of `ids`, or those that `filter` matches when there are no ids. */
export async function updateMessages(
  { store, queue, selection }: InboxDeps,
  caller: Caller,
  { read, tags }: MessageUpdate,
  ids: readonly string[] | undefined,
  filter: InboxFilter = {},
): Promise<Changed> {
  const rows = await selection.ids(caller, ids, filter)
  if (rows.length === 0) return { changed: 0 }
  const changed = await writeInChunks(queue, rows, (id) => {
    const isMarked = read !== undefined && store.setRead(id, read)
    const isTagged = tags !== undefined && store.changeTags(id, tags)
    return isMarked || isTagged
  })
  const scope = scopeOf(ids, filter)
  if (read !== undefined) {
    await appendChange(queue, caller, { change: read ? 'read' : 'unread', ...scope })
  }
  if (tags) await appendChange(queue, caller, { change: 'tagged', ...scope })
  return { changed }
}

export function changeMany(
  deps: InboxDeps,
  caller: Caller,
  changes: MessageChanges,
): Promise<Changed> {
  const { ids, inbox, query, unread, read, add_tags: added, remove_tags: removed } = changes
  const update = { read, tags: tagChange(added, removed) }
  return updateMessages(deps, caller, update, ids, { inbox, query, unread })
}

/** Deletes the messages of `ids`, or those that `filter` matches when there are no ids. */
export async function removeMessages(
  { store, queue, selection, indexing }: InboxDeps,
  caller: Caller,
  ids: readonly string[] | undefined,
  filter: InboxFilter = {},
): Promise<Changed> {
  const rows = await selection.ids(caller, ids, filter)
  if (rows.length === 0) return { changed: 0 }
  const changed = await writeInChunks(queue, rows, store.remove)
  indexing.forget(rows)
  await appendChange(queue, caller, { change: 'deleted', ...scopeOf(ids, filter) })
  return { changed }
}

async function writeInChunks(
  queue: CommitQueue,
  ids: readonly number[],
  write: (id: number) => boolean,
): Promise<number> {
  let changed = 0
  for (let start = 0; start < ids.length; start += chunkSize) {
    const chunk = ids.slice(start, start + chunkSize)
    changed += await queue.write(() => chunk.filter(write).length)
  }
  return changed
}

function appendChange(
  queue: CommitQueue,
  caller: Caller,
  change: Readonly<Record<string, unknown>>,
): Promise<void> {
  return queue.write((transaction) =>
    transaction.append({ type: 'inbox.changed', tenantId: caller.tenantId, data: change }),
  )
}

/** `part` says that a filter matched only some messages of the inbox. */
function scopeOf(ids: readonly string[] | undefined, { inbox, query, unread }: InboxFilter) {
  if (ids) return { ids }
  const isPart = Boolean(query) || unread !== undefined
  return { ...(inbox ? { inbox } : {}), ...(isPart ? { part: true } : {}) }
}
