import './inbox-live.ts'
import { MailSearch, MailX } from 'lucide-react'
import { useEffect } from 'react'
import { go, usePlace } from '../../place.ts'
import { useHotkeys } from '../../ui/hotkeys.ts'
import { Empty, Failure } from '../../ui/notice.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { Split } from '../../ui/split.tsx'
import { deleteMessage, markMessage } from './inbox-changes.ts'
import { InboxList } from './inbox-list.tsx'
import { rowHeight } from './inbox-row.tsx'
import { neighbourOf } from './inbox-rows.ts'
import { focusSearch } from './inbox-search.tsx'
import { loadInbox, loadInboxes, useInbox } from './inbox-store.ts'
import { InboxToolbar } from './inbox-toolbar.tsx'
import { MessagePane } from './message-pane.tsx'
import { openMessage, useMessage } from './message-store.ts'
import { Welcome } from './welcome.tsx'

export function InboxScreen() {
  const { status, counts, query, unreadOnly } = useInbox()
  const openId = usePlace((place) => place.id)

  useEffect(() => {
    if (useInbox.getState().status === 'ready') return
    void loadInbox()
    void loadInboxes().catch(() => undefined)
  }, [])
  useEffect(() => {
    if (useMessage.getState().id !== openId) void openMessage(openId)
    if (openId) useInbox.setState({ cursor: openId })
  }, [openId])
  useInboxKeys(openId)

  const isFresh = status === 'ready' && counts.total === 0 && !query && !unreadOnly
  if (isFresh && !openId) return <Welcome />
  return (
    <Split
      name="inbox"
      label="Width of the list"
      initial={380}
      min={280}
      max={640}
      left={
        <section aria-label="Message list" className="flex h-full flex-col">
          <InboxToolbar onLeaveSearch={() => step(0, null)} />
          <ListBody openId={openId} />
        </section>
      }
      right={<MessagePane onDelete={remove} />}
    />
  )
}

function ListBody({ openId }: { openId: string | null }) {
  const { status, failure, rows, query, unreadOnly } = useInbox()
  if (status === 'failed' && failure) return <Failure failure={failure} onRetry={loadInbox} />
  if (status === 'loading') return <SkeletonRows count={9} height={rowHeight} />
  if (rows.length > 0) return <InboxList openId={openId} onOpen={(id) => go('inbox', id)} />
  if (query) {
    return (
      <Empty icon={MailSearch} title="Nothing found">
        No message has “{query}” in its subject, addresses or text.
      </Empty>
    )
  }
  return <Empty icon={MailX} title={unreadOnly ? 'Nothing unread' : 'No messages here'} />
}

function useInboxKeys(openId: string | null): void {
  const next = () => step(1, openId)
  const previous = () => step(-1, openId)
  const removeCursor = () => {
    const { cursor } = useInbox.getState()
    if (cursor) remove(cursor)
  }
  useHotkeys({
    '/': focusSearch,
    j: next,
    arrowdown: next,
    k: previous,
    arrowup: previous,
    enter: () => {
      const { cursor, rows } = useInbox.getState()
      const id = cursor ?? rows[0]?.id
      if (id) go('inbox', id)
    },
    u: () => {
      const { cursor, rows } = useInbox.getState()
      const row = rows.find(({ id }) => id === cursor)
      if (row) void markMessage(row.id, !row.read)
    },
    delete: removeCursor,
    backspace: removeCursor,
    escape: () => go('inbox'),
  })
}

/** Moves the cursor; while a message is open, the next one opens in its place. */
function step(by: number, openId: string | null): void {
  const { rows, cursor } = useInbox.getState()
  const at = rows.findIndex(({ id }) => id === cursor)
  const row = at < 0 ? rows[0] : rows[Math.min(rows.length - 1, Math.max(0, at + by))]
  if (!row) return
  if (openId) go('inbox', row.id, true)
  else useInbox.setState({ cursor: row.id })
  requestAnimationFrame(() => {
    document.querySelector<HTMLElement>(`[data-row="${row.id}"]`)?.focus({ preventScroll: true })
  })
}

function remove(id: string): void {
  const { rows } = useInbox.getState()
  const next = neighbourOf(rows, id)
  const isOpen = usePlace.getState().id === id
  deleteMessage(id)
  useInbox.setState({ cursor: next })
  if (isOpen) go('inbox', next, true)
}
