import { FileWarning, MousePointerClick } from 'lucide-react'
import { useMemo } from 'react'
import type { InboxMessageDetail } from '../../../src-main/contract/messages.ts'
import { hitPattern, textFields } from '../../../src-main/contract/search-hits.ts'
import { AttachmentsView } from '../../message/attachments-view.tsx'
import { downloadSource } from '../../message/download-source.ts'
import { HeaderSkeleton } from '../../message/header-skeleton.tsx'
import { HeadersView } from '../../message/headers-view.tsx'
import { HtmlView } from '../../message/html-view.tsx'
import { MessageTabs } from '../../message/message-tabs.tsx'
import { attachedReader, attachmentLoader } from '../../message/part-readers.ts'
import { SourceView } from '../../message/source-view.tsx'
import { TextView } from '../../message/text-view.tsx'
import { Button } from '../../ui/button.tsx'
import { Empty, Failure } from '../../ui/notice.tsx'
import { useInbox } from './inbox-store.ts'
import { openMessageLabels } from './labels.ts'
import { DeliveryView } from './message/delivery-view.tsx'
import { ExtractStrip } from './message/extract-strip.tsx'
import { LinksView } from './message/links-view.tsx'
import { useMessageActions } from './message/message-commands.ts'
import { MessageHeader } from './message/message-header.tsx'
import { MessageToolbar } from './message/message-toolbar.tsx'
import { ReleaseDialog } from './message/release-dialog.tsx'
import { StructureView } from './message/structure-view.tsx'
import { retryMessage } from './message-opening.ts'
import { type Tab, tabs } from './message-parts.ts'
import { useMessage } from './message-store.ts'
import { loadExtract, loadTab, showTab } from './message-tabs.ts'
import { allowRemoteContent, chooseScheme } from './message-view.ts'

export function MessagePane({ onDelete }: { onDelete: (id: string) => void }) {
  const { id, detail } = useMessage()
  if (id === null) {
    return (
      <Empty icon={MousePointerClick} title={openMessageLabels.none}>
        {openMessageLabels.noneAdvice}
      </Empty>
    )
  }
  if (detail.status === 'failed') return <Failure failure={detail.failure} onRetry={retryMessage} />
  const message = detail.status === 'ready' ? detail.value : null
  return (
    <article aria-label={openMessageLabels.message} className="flex h-full min-w-0 flex-col">
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
  const counts: Partial<Record<Tab, number>> = {
    attachments: message.attachment_list.length,
    links: extract.status === 'ready' ? extract.value.links.length : 0,
  }
  const entries = tabs.map((value, index) => ({
    value,
    shortcut: String(index + 1),
    count: counts[value] ?? 0,
  }))
  return (
    <>
      <MessageHeader key={message.id} message={message} />
      <ExtractStrip key={`${message.id} found`} />
      <MessageTabs tab={tab} tabs={entries} onTab={showTab}>
        <TabBody key={message.id} tab={tab} message={message} />
      </MessageTabs>
    </>
  )
}

/** Tabs that do not need a parsed message. */
const unparsedTabs: ReadonlySet<Tab> = new Set(['source', 'headers', 'delivery'])

function TabBody({ tab, message }: { tab: Tab; message: InboxMessageDetail }) {
  if (message.problem !== null && !unparsedTabs.has(tab))
    return <Unreadable problem={message.problem} />
  switch (tab) {
    case 'html':
      return <Html message={message} />
    case 'text':
      return <Text />
    case 'source':
      return <Source key={message.id} id={message.id} />
    case 'headers':
      return <Headers />
    case 'attachments':
      return <Attachments key={message.id} message={message} />
    case 'links':
      return <LinksView />
    case 'structure':
      return <StructureView key={message.id} id={message.id} />
    case 'delivery':
      return <DeliveryView message={message} />
  }
}

function Unreadable({ problem }: { problem: string }) {
  return (
    <Empty icon={FileWarning} title={openMessageLabels.unreadable}>
      <p>{problem}</p>
      <Button className="mt-4" onClick={() => showTab('source')}>
        {openMessageLabels.showSource}
      </Button>
    </Empty>
  )
}

function Html({ message }: { message: InboxMessageDetail }) {
  const { view, isRemoteAllowed } = useMessage()
  return (
    <HtmlView
      hasHtml={message.has_html}
      sender={message.from.address}
      view={view}
      isRemoteAllowed={isRemoteAllowed}
      onAllowRemote={allowRemoteContent}
      onScheme={chooseScheme}
      onRetry={loadTab}
      onShowText={() => showTab('text')}
      onShown={() => void loadExtract()}
    />
  )
}

function Text() {
  const text = useMessage((state) => state.text)
  const query = useInbox((state) => state.query)
  const hits = useMemo(() => hitPattern(query, textFields), [query])
  return <TextView text={text} hits={hits} onRetry={loadTab} />
}

function Headers() {
  const headers = useMessage((state) => state.headers)
  return <HeadersView headers={headers} onRetry={loadTab} />
}

function Source({ id }: { id: string }) {
  const source = useMessage((state) => state.source)
  return (
    <SourceView source={source} onRetry={loadTab} onDownload={() => downloadSource('inbox', id)} />
  )
}

function Attachments({ message: { id, attachment_list: all } }: { message: InboxMessageDetail }) {
  return (
    <AttachmentsView
      attachments={all}
      load={attachmentLoader('inbox', id)}
      readMessage={attachedReader(id)}
    />
  )
}
