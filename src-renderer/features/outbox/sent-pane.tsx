import { MousePointerClick } from 'lucide-react'
import type { EmailDetail } from '../../../src-main/contract/messages.ts'
import { HeaderSkeleton } from '../../message/header-skeleton.tsx'
import { MessageTabs } from '../../message/message-tabs.tsx'
import { Badge } from '../../ui/badge.tsx'
import { CopyText } from '../../ui/copy.tsx'
import { Countdown } from '../../ui/countdown.tsx'
import { formatExact, formatMoment } from '../../ui/format.ts'
import { Empty, Failure, Note } from '../../ui/notice.tsx'
import { outboxLabels, sentLabels, statusLabels } from './labels.ts'
import { displayStatus, statusIcons } from './outbox-icons.ts'
import { useOutbox } from './outbox-store.ts'
import { SentActions } from './sent-actions.tsx'
import { SentAttachments, SentHeaders, SentHtml, SentSource, SentText } from './sent-content.tsx'
import { SentDelivery } from './sent-delivery.tsx'
import { SentDetails } from './sent-details.tsx'
import { openSent, type SentTab, sentTabs, showTab, useSent } from './sent-store.ts'
import { StatusLabel } from './status-label.tsx'

export function SentPane() {
  const { id, detail } = useSent()
  if (id === null) {
    return (
      <Empty icon={MousePointerClick} title={sentLabels.none}>
        {sentLabels.noneAdvice}
      </Empty>
    )
  }
  if (detail.status === 'failed') {
    return <Failure failure={detail.failure} onRetry={() => void openSent(id)} />
  }
  const message = detail.status === 'ready' ? detail.value : null
  return (
    <article aria-label={sentLabels.message} className="flex h-full min-w-0 flex-col">
      <SentActions id={id} message={message} />
      {message ? <Body message={message} /> : <HeaderSkeleton />}
    </article>
  )
}

function Body({ message }: { message: EmailDetail }) {
  const tab = useSent((state) => state.tab)
  const content = useSent((state) => state.content)
  const count = content.status === 'ready' ? content.value.attachment_list.length : 0
  const entries = sentTabs.map((value) => ({
    value,
    ...(value === 'attachments' ? { count } : {}),
  }))
  return (
    <>
      <Header message={message} />
      <MessageTabs tab={tab} tabs={entries} onTab={showTab}>
        <TabBody tab={tab} message={message} />
      </MessageTabs>
    </>
  )
}

function TabBody({ tab, message }: { tab: SentTab; message: EmailDetail }) {
  switch (tab) {
    case 'delivery':
      return <SentDelivery message={message} />
    case 'html':
      return <SentHtml message={message} />
    case 'text':
      return <SentText />
    case 'attachments':
      return <SentAttachments key={message.id} id={message.id} />
    case 'headers':
      return <SentHeaders />
    case 'source':
      return <SentSource key={message.id} id={message.id} />
    case 'details':
      return <SentDetails message={message} />
  }
}

function Header({ message }: { message: EmailDetail }) {
  const { subject, from, to, cc, status, deliveries, scheduled_at, error, created_at } = message
  const deferred = deliveries.filter((one) => one.status === 'deferred').length
  const shownStatus = displayStatus({ status, deferred })
  const key = useOutbox(({ rows, scheduled }) =>
    [...scheduled, ...rows].find(({ id }) => id === message.id),
  )?.key_name
  return (
    <header className="shrink-0 px-5 pt-4 pb-3">
      <div className="flex items-start gap-3">
        <h2
          dir="auto"
          title={subject}
          className="line-clamp-2 min-w-0 flex-1 break-words text-left font-semibold text-xl"
        >
          {subject || outboxLabels.noSubject}
        </h2>
        <StatusLabel of={shownStatus} className="pt-0.5 font-semibold" />
      </div>
      <dl className="mt-2 grid grid-cols-[auto_1fr] gap-x-3 gap-y-0.5">
        <dt className="text-ink-faint">{sentLabels.from}</dt>
        <dd className="min-w-0 truncate">
          <CopyText text={from}>{from}</CopyText>
        </dd>
        <AddressRow name={sentLabels.to} addresses={to} />
        <AddressRow name={sentLabels.cc} addresses={cc} />
        <dt className="text-ink-faint">
          {status === 'scheduled' ? sentLabels.accepted : sentLabels.sent}
        </dt>
        <dd className="min-w-0 truncate text-ink-muted">
          <time dateTime={created_at} title={formatExact(created_at)} className="figures">
            {formatMoment(created_at)}
          </time>
          {key && sentLabels.withKey(key)}
        </dd>
      </dl>
      {scheduled_at && status === 'scheduled' && (
        <p className="mt-2 flex items-center gap-2">
          <Badge>{statusLabels.scheduled}</Badge>
          <span className="figures" title={formatExact(scheduled_at)}>
            {formatMoment(scheduled_at)}
          </span>
          <span className="text-ink-faint">
            <Countdown to={scheduled_at} />
          </span>
        </p>
      )}
      {error && (
        <div className="mt-3">
          <Note tone="danger" icon={statusIcons.failed.icon}>
            {error}
          </Note>
        </div>
      )}
    </header>
  )
}

function AddressRow({ name, addresses }: { name: string; addresses: readonly string[] }) {
  if (addresses.length === 0) return null
  const shown = addresses.slice(0, 3)
  const rest = addresses.length - shown.length
  return (
    <>
      <dt className="text-ink-faint">{name}</dt>
      <dd className="flex min-w-0 flex-wrap gap-x-2">
        {shown.map((address, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: addresses may repeat, and their order never changes
          <span key={index} className="min-w-0 truncate">
            <CopyText text={address}>
              <bdi>{address}</bdi>
            </CopyText>
          </span>
        ))}
        {rest > 0 && <span className="text-ink-faint">{sentLabels.more(rest)}</span>}
      </dd>
    </>
  )
}
