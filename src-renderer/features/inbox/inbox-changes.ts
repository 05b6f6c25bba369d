import { go } from '../../place.ts'
import { request } from '../../request.ts'
import { dismissToast, toast, toastFailure } from '../../ui/toasts.tsx'
import { markRows, type Rows, removeRows, restoreRows } from './inbox-rows.ts'
import { loadInbox, loadInboxes, useInbox } from './inbox-store.ts'

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

export async function markAllRead(): Promise<void> {
  const { inbox } = useInbox.getState()
  const { changed } = await request('PATCH /v1/inbox', {
    body: { read: true, ...(inbox ? { inbox } : {}) },
  })
  showMarked(null, true)
  void loadInboxes()
  toast(changed === 1 ? '1 message marked read' : `${changed} messages marked read`)
}

export async function clearInbox(): Promise<void> {
  const { inbox } = useInbox.getState()
  await request('DELETE /v1/inbox', { query: inbox ? { inbox } : {} })
  removed = []
  dismissToast(toastId)
  go('inbox')
  useInbox.setState({ rows: [], hasMore: false, cursor: null, hidden: new Set() })
  await Promise.all([loadInbox(), loadInboxes()])
}

/** The row goes at once; the relay hears of it when the toast has gone without an undo. */
export function deleteMessage(id: string): void {
  const row = useInbox.getState().rows.find((one) => one.id === id)
  if (!row) return
  removed = [...removed, row]
  useInbox.setState((state) => {
    const hidden = new Set([...state.hidden, id])
    return { hidden, rows: removeRows(state.rows, hidden) }
  })
  countAway([row], -1)
  toast(removed.length === 1 ? 'Message deleted' : `${removed.length} messages deleted`, {
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
    await request('POST /v1/inbox/delete', { body: { ids }, keepalive: isLeaving })
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
