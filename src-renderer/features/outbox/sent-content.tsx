import type { ReactNode } from 'react'
import type { EmailDetail, MessageContent } from '../../../src-main/contract/messages.ts'
import { AttachmentsView } from '../../message/attachments-view.tsx'
import { downloadSource } from '../../message/download-source.ts'
import { HeadersView } from '../../message/headers-view.tsx'
import { HtmlView } from '../../message/html-view.tsx'
import { attachmentLoader } from '../../message/part-readers.ts'
import { SourceView } from '../../message/source-view.tsx'
import { TextView } from '../../message/text-view.tsx'
import { Failure } from '../../ui/notice.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import {
  allowRemoteContent,
  chooseScheme,
  loadTab,
  retryContent,
  senderOf,
  showTab,
  useSent,
} from './sent-store.ts'

export function SentHtml({ message }: { message: EmailDetail }) {
  const { view, isRemoteAllowed } = useSent()
  return (
    <WithContent>
      {({ has_html }) => (
        <HtmlView
          hasHtml={has_html}
          sender={senderOf(message)}
          view={view}
          isRemoteAllowed={isRemoteAllowed}
          onAllowRemote={allowRemoteContent}
          onScheme={chooseScheme}
          onRetry={loadTab}
          onShowText={() => showTab('text')}
        />
      )}
    </WithContent>
  )
}

export function SentText() {
  const text = useSent((state) => state.text)
  return <TextView text={text} hits={null} onRetry={loadTab} />
}

export function SentHeaders() {
  const headers = useSent((state) => state.headers)
  return <HeadersView headers={headers} onRetry={loadTab} />
}

export function SentSource({ id }: { id: string }) {
  const source = useSent((state) => state.source)
  return (
    <SourceView source={source} onRetry={loadTab} onDownload={() => downloadSource('emails', id)} />
  )
}

export function SentAttachments({ id }: { id: string }) {
  return (
    <WithContent>
      {({ attachment_list: all }) => (
        <AttachmentsView attachments={all} load={attachmentLoader('emails', id)} />
      )}
    </WithContent>
  )
}

function WithContent({ children }: { children: (content: MessageContent) => ReactNode }) {
  const content = useSent((state) => state.content)
  if (content.status === 'failed') {
    return <Failure failure={content.failure} onRetry={retryContent} />
  }
  if (content.status !== 'ready') return <SkeletonRows count={4} height={36} />
  return children(content.value)
}
