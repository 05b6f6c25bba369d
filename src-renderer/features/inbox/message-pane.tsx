import { MousePointerClick } from 'lucide-react'
import { Tabs } from 'radix-ui'
import type { InboxMessageDetail } from '../../../src-main/contract/messages.ts'
import { Empty, Failure } from '../../ui/notice.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { AttachmentsView } from './message/attachments-view.tsx'
import { DeliveryView } from './message/delivery-view.tsx'
import { ExtractStrip } from './message/extract-strip.tsx'
import { HeadersView } from './message/headers-view.tsx'
import { HtmlView } from './message/html-view.tsx'
import { LinksView } from './message/links-view.tsx'
import { useMessageActions } from './message/message-commands.ts'
import { MessageHeader } from './message/message-header.tsx'
import { MessageToolbar } from './message/message-toolbar.tsx'
import { ReleaseDialog } from './message/release-dialog.tsx'
import { SourceView } from './message/source-view.tsx'
import { StructureView } from './message/structure-view.tsx'
import { TabBar } from './message/tab-bar.tsx'
import { TextView } from './message/text-view.tsx'
import { retryMessage, showTab, type Tab, useMessage } from './message-store.ts'

export function MessagePane({ onDelete }: { onDelete: (id: string) => void }) {
  const { id, detail } = useMessage()
  if (id === null) {
    return (
      <Empty icon={MousePointerClick} title="No message open">
        Choose one from the list, or move with the arrow keys and press Enter.
      </Empty>
    )
  }
  if (detail.status === 'failed') return <Failure failure={detail.failure} onRetry={retryMessage} />
  const message = detail.status === 'ready' ? detail.value : null
  return (
    <article aria-label="Message" className="flex h-full min-w-0 flex-col">
      <MessageToolbar id={id} message={message} onDelete={onDelete} />
      {message ? <Body message={message} onDelete={onDelete} /> : <HeaderSkeleton />}
      <ReleaseDialog />
    </article>
  )
}

type BodyProps = { message: InboxMessageDetail; onDelete: (id: string) => void }

function Body({ message, onDelete }: BodyProps) {
  const tab = useMessage((state) => state.tab)
  const extract = useMessage((state) => state.extract)
  useMessageActions(message, onDelete)
  const counts = {
    attachments: message.attachment_list.length,
    links: extract.status === 'ready' ? extract.value.links.length : 0,
  }
  return (
    <>
      <MessageHeader message={message} />
      <ExtractStrip />
      <Tabs.Root
        value={tab}
        // Radix speaks strings; the triggers of the bar are the only values there are.
        onValueChange={(next) => showTab(next as Tab)}
        className="flex min-h-0 flex-1 flex-col"
      >
        <TabBar tab={tab} counts={counts} />
        <Tabs.Content value={tab} className="min-h-0 flex-1 outline-none" tabIndex={-1}>
          <TabBody tab={tab} message={message} />
        </Tabs.Content>
      </Tabs.Root>
    </>
  )
}

function TabBody({ tab, message }: { tab: Tab; message: InboxMessageDetail }) {
  switch (tab) {
    case 'html':
      return <HtmlView message={message} />
    case 'text':
      return <TextView />
    case 'source':
      return <SourceView id={message.id} />
    case 'headers':
      return <HeadersView />
    case 'attachments':
      return <AttachmentsView key={message.id} message={message} />
    case 'links':
      return <LinksView />
    case 'structure':
      return <StructureView key={message.id} id={message.id} />
    case 'delivery':
      return <DeliveryView message={message} />
  }
}

function HeaderSkeleton() {
  return (
    <div role="status" aria-label="Loading message" className="space-y-3 px-5 py-4">
      <Skeleton className="h-4 w-3/5" />
      <Skeleton className="h-3 w-2/5" />
      <Skeleton className="h-3 w-1/3" />
    </div>
  )
}
