import { inboxLabels } from './labels.ts'
import './inbox-live.ts'
import { useEffect } from 'react'
import { go, useRoute } from '../../app/router.ts'
import { Failure } from '../../ui/notice.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { Split } from '../../ui/split.tsx'
import { useInboxCommands } from './inbox-commands.ts'
import { InboxEmpty } from './inbox-empty.tsx'
import { removeMessage, step, useInboxKeys } from './inbox-keys.ts'
import { InboxList } from './inbox-list.tsx'
import { rowHeight } from './inbox-row.tsx'
import { SaveDialog } from './inbox-save-dialog.tsx'
import { useSelection } from './inbox-selection.ts'
import { SelectionBar } from './inbox-selection-bar.tsx'
import { InboxSidebar } from './inbox-sidebar.tsx'
import { useInboxSidebar } from './inbox-sidebar-state.ts'
import { loadInbox, loadInboxes, useInbox } from './inbox-store.ts'
import { TagPicker } from './inbox-tag-picker.tsx'
import { InboxToolbar } from './inbox-toolbar.tsx'
import { openMessage } from './message-opening.ts'
import { MessagePane } from './message-pane.tsx'
import { Welcome } from './welcome.tsx'

export function InboxScreen() {
  const { status, counts, inbox, text, unreadOnly } = useInbox()
  const openId = useRoute((route) => route.id)
  const isSidebarShown = useInboxSidebar((state) => state.isShown)

  useEffect(() => {
    if (useInbox.getState().status === 'ready') return
    void loadInbox()
    void loadInboxes().catch(() => undefined)
  }, [])
  useEffect(() => {
    void openMessage(openId)
    if (openId) useInbox.setState({ cursor: openId })
  }, [openId])
  useInboxKeys(openId)
  useInboxCommands()

  const isUnfiltered = inbox === null && !text && !unreadOnly
  const isNeverUsed = status === 'ready' && counts.total === 0 && isUnfiltered
  if (isNeverUsed && !openId) return <Welcome />
  const mail = (
    <Split
      name="inbox"
      label={inboxLabels.listWidth}
      initial={380}
      min={280}
      max={640}
      left={<ListPane openId={openId} />}
      right={<MessagePane onDelete={removeMessage} />}
    />
  )
  return (
    <>
      <Split
        name="places"
        label={inboxLabels.sidebarWidth}
        initial={176}
        min={136}
        max={320}
        left={isSidebarShown ? <InboxSidebar /> : null}
        right={mail}
      />
      <TagPicker />
      <SaveDialog />
    </>
  )
}

function ListPane({ openId }: { openId: string | null }) {
  const isSelecting = useSelection(({ ids }) => ids.size > 0)
  return (
    <section aria-label={inboxLabels.messageList} className="flex h-full flex-col">
      <h1 className="sr-only">{inboxLabels.inbox}</h1>
      {isSelecting ? <SelectionBar /> : <InboxToolbar onLeaveSearch={() => step(0, null)} />}
      <ListBody openId={openId} />
    </section>
  )
}

function ListBody({ openId }: { openId: string | null }) {
  const { status, failure, rows } = useInbox()
  if (status === 'failed' && failure) return <Failure failure={failure} onRetry={loadInbox} />
  if (status === 'loading') return <SkeletonRows count={9} height={rowHeight} />
  if (rows.length === 0) return <InboxEmpty />
  return <InboxList openId={openId} onOpen={openRow} />
}

const openRow = (id: string): void => go('inbox', id)
