import { request } from '../../app/request.ts'
import { go } from '../../app/router.ts'
import { formatCount } from '../../ui/format.ts'
import { dismissToast, toast, toastFailure } from '../../ui/toasts.tsx'
import { markRows, type Rows, removeRows, restoreRows } from './inbox-rows.ts'
import { currentQuery, loadInbox, loadInboxes, useInbox } from './inbox-store.ts'

const toastId = 'inbox-deleted'
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

/** All that the list shows when it is scrolled to its end, read or unread. */
export async function markAll(read: boolean): Promise<void> {
  const { changed } = await request('PATCH /v1/inbox', { body: { ...currentFilter(), read } })
  if (currentQuery().query || currentQuery().unread) await loadInbox()
  else showMarked(null, read)
  void loadInboxes()
  toast(`${messages(changed)} marked ${read ? 'read' : 'unread'}`)
}

export async function markMessages(ids: readonly string[], read: boolean): Promise<void> {
  const { rows } = useInbox.getState()
  const wanted = new Set(ids)
  const others = rows.filter((row) => wanted.has(row.id) && row.read !== read).map(({ id }) => id)
  showMarked(others, read)
  try {
    for (const chunk of chunksOf(others)) {
      await request('PATCH /v1/inbox', { body: { ids: chunk, read } })
    }
  } catch (cause) {
    showMarked(others, !read)
    toastFailure(cause)
  }
}

/** What the list shows, as the body of a change of many. */
export function currentFilter() {
  const { unread, ...rest } = currentQuery()
  return { ...rest, ...(unread ? { unread: true } : {}) }
}

const maxIds = 1000

/** As many ids as one request may name. */
export function chunksOf(ids: readonly string[]): string[][] {
  return Array.from({ length: Math.ceil(ids.length / maxIds) }, (_, index) =>
    ids.slice(index * maxIds, (index + 1) * maxIds),
  )
}

function messages(count: number): string {
  return count === 1 ? '1 message' : `${formatCount(count)} messages`
}

/** Deletes all that the list shows when it is scrolled to its end. For good: it asks before. */
export async function clearInbox(): Promise<void> {
  await request('DELETE /v1/inbox', { query: currentQuery() })
  removed = []
  dismissToast(toastId)
  go('inbox')
  useInbox.setState({ rows: [], hasMore: false, cursor: null, hidden: new Set() })
  await Promise.all([loadInbox(), loadInboxes()])
}

/** The rows go at once; the relay hears of it when the toast has gone without an undo. */
export function deleteMessages(ids: readonly string[]): void {
  const wanted = new Set(ids)
  const going = useInbox.getState().rows.filter(({ id }) => wanted.has(id))
  if (going.length === 0) return
  removed = [...removed, ...going]
  useInbox.setState((state) => {
    const hidden = new Set([...state.hidden, ...wanted])
    return { hidden, rows: removeRows(state.rows, hidden) }
  })
  countAway(going, -1)
  toast(removed.length === 1 ? 'Message deleted' : `${messages(removed.length)} deleted`, {
    id: toastId,
    action: { label: 'Undo', run: undoDelete },
    onGone: () => void sendDeletes(false),
  })
}

function undoDelete(): void {
  const back = removed
  removed = []
  dismissToast(toastId)
  const ids = new Set(back.map(({ id }) => id))
  useInbox.setState((state) => ({
    hidden: new Set([...state.hidden].filter((id) => !ids.has(id))),
    rows: restoreRows(state.rows, back),
    cursor: back.at(-1)?.id ?? state.cursor,
  }))
  countAway(back, 1)
}

async function sendDeletes(isLeaving: boolean): Promise<void> {
  const going = removed
  removed = []
  if (going.length === 0) return
  const ids = going.map(({ id }) => id)
  try {
    for (const chunk of chunksOf(ids)) {
      const call = request('POST /v1/inbox/delete', { body: { ids: chunk }, keepalive: isLeaving })
      // A window that closes waits for no answer.
      if (isLeaving) call.catch(() => undefined)
      else await call
    }
  } catch (cause) {
    toastFailure(cause)
    useInbox.setState((state) => ({ rows: restoreRows(state.rows, going) }))
    countAway(going, 1)
  }
  const sent = new Set(ids)
  useInbox.setState((state) => ({
    hidden: new Set([...state.hidden].filter((id) => !sent.has(id))),
  }))
}

window.addEventListener('pagehide', () => void sendDeletes(true))

/** Shows what was marked, here or in another window. */
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

function countAway(rows: Rows, sign: 1 | -1): void {
  const unread = rows.filter(({ read }) => !read).length * sign
  useInbox.setState(({ counts, unreadEverywhere }) => ({
    counts: { total: counts.total + rows.length * sign, unread: counts.unread + unread },
    unreadEverywhere: unreadEverywhere + unread,
  }))
}
