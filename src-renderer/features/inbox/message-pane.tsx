import { Download, Mail, MailOpen, MousePointerClick, Trash2, X } from 'lucide-react'
import { Tabs } from 'radix-ui'
import type { InboxMessageDetail } from '../../../src-main/contract/messages.ts'
import { go } from '../../place.ts'
import { IconButton } from '../../ui/button.tsx'
import { formatBytes, formatExact, formatMoment } from '../../ui/format.ts'
import { Empty, Failure } from '../../ui/notice.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { Tip } from '../../ui/tip.tsx'
import { toastFailure } from '../../ui/toasts.tsx'
import { markMessage } from './inbox-changes.ts'
import { useInbox } from './inbox-store.ts'
import { AttachmentsView } from './message/attachments-view.tsx'
import { downloadSource } from './message/download-source.ts'
import { HeadersView } from './message/headers-view.tsx'
import { HtmlView } from './message/html-view.tsx'
import { MessageHeader } from './message/message-header.tsx'
import { SourceView } from './message/source-view.tsx'
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
  return (
    <article aria-label="Message" className="flex h-full min-w-0 flex-col">
      <Toolbar
        id={id}
        message={detail.status === 'ready' ? detail.value : null}
        onDelete={onDelete}
      />
      {detail.status === 'ready' ? <Body message={detail.value} /> : <HeaderSkeleton />}
    </article>
  )
}

type ToolbarProps = {
  id: string
  message: InboxMessageDetail | null
  onDelete: (id: string) => void
}

function Toolbar({ id, message, onDelete }: ToolbarProps) {
  const isRead = useInbox(({ rows }) => rows.find((row) => row.id === id)?.read ?? true)
  return (
    <div className="flex h-12 shrink-0 items-center gap-1 border-line border-b px-3">
      <IconButton
        icon={isRead ? Mail : MailOpen}
        label={isRead ? 'Mark unread' : 'Mark read'}
        shortcut="u"
        onClick={() => void markMessage(id, !isRead)}
      />
      <IconButton
        icon={Download}
        label="Download .eml"
        onClick={() => downloadSource(id).catch(toastFailure)}
      />
      <IconButton icon={Trash2} label="Delete" shortcut="Delete" onClick={() => onDelete(id)} />
      <span className="flex-1" />
      {message && (
        <>
          <Tip label={formatExact(message.received_at)}>
            <time dateTime={message.received_at} className="figures text-ink-muted">
              {formatMoment(message.received_at)}
            </time>
          </Tip>
          <span className="figures px-2 text-ink-faint">{formatBytes(message.size_bytes)}</span>
        </>
      )}
      <IconButton icon={X} label="Close message" shortcut="Esc" onClick={() => go('inbox')} />
    </div>
  )
}

const tabNames: Readonly<Record<Tab, string>> = {
  html: 'HTML',
  text: 'Text',
  source: 'Source',
  headers: 'Headers',
  attachments: 'Attachments',
}

function Body({ message }: { message: InboxMessageDetail }) {
  const tab = useMessage((state) => state.tab)
  const count = message.attachment_list.length
  const shown: readonly Tab[] = ['html', 'text', 'source', 'headers', 'attachments']
  return (
    <>
      <MessageHeader message={message} />
      <Tabs.Root
        value={tab}
        // Radix speaks strings; the triggers below are the only values there are.
        onValueChange={(next) => showTab(next as Tab)}
        className="flex min-h-0 flex-1 flex-col"
      >
        <Tabs.List
          aria-label="Parts of the message"
          className="flex h-9 shrink-0 items-stretch gap-1 border-line border-b px-4"
        >
          {shown.map((name) => (
            <Tabs.Trigger
              key={name}
              value={name}
              className="-mb-px border-transparent border-b-2 px-2 font-medium text-ink-muted hover:text-ink focus-visible:-outline-offset-2 data-[state=active]:border-sage data-[state=active]:text-ink"
            >
              {tabNames[name]}
              {name === 'attachments' && count > 0 && (
                <span className="figures ml-1 text-ink-faint"> {count}</span>
              )}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
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
      return <HeadersView message={message} />
    case 'attachments':
      return <AttachmentsView message={message} />
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
