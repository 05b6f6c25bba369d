import { request } from '../../app/request.ts'
import { go } from '../../app/router.ts'
import { formatCount } from '../../ui/format.ts'
import { dismissToast, toast, toastFailure } from '../../ui/toasts.tsx'
import { markRows, type Rows, removeRows, restoreRows } from './inbox-rows.ts'
import { currentQuery, loadInbox, loadInboxes, useInbox } from './inbox-store.ts'
import { inboxLabels } from './labels.ts'

const toastId = 'inbox-deleted'
/** Deleted rows that can still be restored; the server still has them. */
let removed: Rows = []

export async function markMessage(id: string, read: boolean): Promise<void> {
  const row = useInbox.getState().rows.find((one) => one.id === id)
  if (row?.read === read) return
  showMarked([id], read)
  try {
    await request('PATCH /v1/inbox/{id}', { params: { id }, body: { read } })
  } catch (cause) {
    showMarked([id], !read)
    toastFailure(cause)
  }
}

/** Marks every message of the current list, including rows that are not loaded. */
export async function markAll(read: boolean): Promise<void> {
  const { changed } = await request('PATCH /v1/inbox', { body: { ...currentFilter(), read } })
  if (currentQuery().query || currentQuery().unread) await loadInbox()
  else showMarked(null, read)
  void loadInboxes()
  toast(inboxLabels.marked(changed, formatCount(changed), read))
}

export async function markMessages(ids: readonly string[], read: boolean): Promise<void> {
  const { rows } = useInbox.getState()
  const wanted = new Set(ids)
  const changedIds = rows
    .filter((row) => wanted.has(row.id) && row.read !== read)
    .map(({ id }) => id)
  showMarked(changedIds, read)
  try {
    for (const chunk of chunksOf(changedIds)) {
      await request('PATCH /v1/inbox', { body: { ids: chunk, read } })
    }
  } catch (cause) {
    showMarked(changedIds, !read)
    toastFailure(cause)
  }
}

/** The filter of the current list, as the body of a bulk request. */
export function currentFilter() {
  const { unread, ...rest } = currentQuery()
  return { ...rest, ...(unread ? { unread: true } : {}) }
}

const maxIds = 1000

/** Splits ids into requests of the maximum size. */
export function chunksOf(ids: readonly string[]): string[][] {
  return Array.from({ length: Math.ceil(ids.length / maxIds) }, (_, index) =>
    ids.slice(index * maxIds, (index + 1) * maxIds),
  )
}

/** Permanently deletes every message of the current list. Callers must confirm first. */
export async function clearInbox(): Promise<void> {
  await request('DELETE /v1/inbox', { query: currentQuery() })
  removed = []
  dismissToast(toastId)
  go('inbox')
  useInbox.setState({ rows: [], hasMore: false, cursor: null, hidden: new Set() })
  await Promise.all([loadInbox(), loadInboxes()])
}

/** Hides the rows at once. The server deletes them when the undo toast ends. */
export function deleteMessages(ids: readonly string[]): void {
  const wanted = new Set(ids)
  const deleted = useInbox.getState().rows.filter(({ id }) => wanted.has(id))
  if (deleted.length === 0) return
  removed = [...removed, ...deleted]
  useInbox.setState((state) => {
    const hidden = new Set([...state.hidden, ...wanted])
    return { hidden, rows: removeRows(state.rows, hidden) }
  })
  adjustCounts(deleted, -1)
  toast(inboxLabels.deleted(removed.length, formatCount(removed.length)), {
    id: toastId,
    action: { label: inboxLabels.undo, run: undoDelete },
    onGone: () => void sendDeletes(false),
  })
}

function undoDelete(): void {
  const restored = removed
  removed = []
  dismissToast(toastId)
  const ids = new Set(restored.map(({ id }) => id))
  useInbox.setState((state) => ({
    hidden: new Set([...state.hidden].filter((id) => !ids.has(id))),
    rows: restoreRows(state.rows, restored),
    cursor: restored.at(-1)?.id ?? state.cursor,
  }))
  adjustCounts(restored, 1)
}

async function sendDeletes(isPageClosing: boolean): Promise<void> {
  const deleted = removed
  removed = []
  if (deleted.length === 0) return
  const ids = deleted.map(({ id }) => id)
  try {
    for (const chunk of chunksOf(ids)) {
      const call = request('POST /v1/inbox/delete', {
        body: { ids: chunk },
        keepalive: isPageClosing,
      })
      // A closing page cannot wait for the response.
      if (isPageClosing) call.catch(() => undefined)
      else await call
    }
  } catch (cause) {
    toastFailure(cause)
    useInbox.setState((state) => ({ rows: restoreRows(state.rows, deleted) }))
    adjustCounts(deleted, 1)
  }
  const sent = new Set(ids)
  useInbox.setState((state) => ({
    hidden: new Set([...state.hidden].filter((id) => !sent.has(id))),
  }))
}

window.addEventListener('pagehide', () => void sendDeletes(true))

/** Updates rows and counts after a change here or in another window. */
export function showMarked(ids: readonly string[] | null, read: boolean): void {
  const before = useInbox.getState().rows
  const rows = markRows(before, ids, read)
  const changed = rows.filter((row, index) => row !== before[index]).length
  const step = read ? -changed : changed
  useInbox.setState(({ counts, unreadEverywhere }) => ({
    rows,
    counts: { ...counts, unread: ids === null && read ? 0 : Math.max(0, counts.unread + step) },
    unreadEverywhere: Math.max(0, unreadEverywhere + step),
  }))
}

function adjustCounts(rows: Rows, sign: 1 | -1): void {
  const unread = rows.filter(({ read }) => !read).length * sign
  useInbox.setState(({ counts, unreadEverywhere }) => ({
    counts: { total: counts.total + rows.length * sign, unread: counts.unread + unread },
    unreadEverywhere: unreadEverywhere + unread,
  }))
}
