import { MailSearch, Send } from 'lucide-react'
import { useEffect, useMemo } from 'react'
import { useCommands } from '../../app/commands.ts'
import { go } from '../../app/router.ts'
import { Empty, Failure } from '../../ui/notice.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { Split } from '../../ui/split.tsx'
import { outboxLabels } from './labels.ts'
import { outboxCommands } from './outbox-commands.ts'
import { OutboxFilters } from './outbox-filters.tsx'
import { step, useOutboxKeys } from './outbox-keys.ts'
import { OutboxList } from './outbox-list.tsx'
import { rowHeight } from './outbox-row.tsx'
import { loadKeys, loadOutbox, useOutbox } from './outbox-store.ts'
import { SelectionBar } from './selection-bar.tsx'
import { SentPane } from './sent-pane.tsx'
import { openSent, refreshSent, useSent } from './sent-store.ts'

export function MessagesView({ openId }: { openId: string | null }) {
  useEffect(() => {
    void loadOutbox()
    // Events are ignored while another screen is shown.
    void refreshSent()
    loadKeys().catch(() => undefined)
  }, [])
  useEffect(() => {
    if (useSent.getState().id !== openId) void openSent(openId)
    if (openId) useOutbox.setState({ cursor: openId })
  }, [openId])
  useOutboxKeys(openId)
  useCommands(useMemo(() => outboxCommands(openId), [openId]))

  return (
    <div className="flex h-full flex-col">
      <OutboxFilters onLeaveSearch={() => step(0, null)} />
      <div className="min-h-0 flex-1">
        <Split
          name="outbox"
          label={outboxLabels.listWidth}
          initial={500}
          min={340}
          max={840}
          left={
            <section
              aria-label={outboxLabels.sentMessages}
              className="relative flex h-full flex-col"
            >
              <ListBody openId={openId} />
              <SelectionBar />
            </section>
          }
          right={<SentPane />}
        />
      </div>
    </div>
  )
}

function ListBody({ openId }: { openId: string | null }) {
  const { status, failure, rows, scheduled, query, keyId, filter, nextBefore } = useOutbox()
  if (status === 'failed' && failure) return <Failure failure={failure} onRetry={loadOutbox} />
  if (status === 'loading') return <SkeletonRows count={9} height={rowHeight} />
  if (rows.length + scheduled.length > 0 || nextBefore !== null) {
    return <OutboxList openId={openId} onOpen={(id) => go('outbox', id)} />
  }
  if (query || keyId) {
    return (
      <Empty icon={MailSearch} title={outboxLabels.noResults}>
        {outboxLabels.noMatch(query, keyId !== null)}
      </Empty>
    )
  }
  if (filter !== 'all') return <Empty icon={Send} title={outboxLabels.noneInFilter[filter]} />
  return (
    <Empty icon={Send} title={outboxLabels.nothingSent}>
      {outboxLabels.nothingSentAdvice}
    </Empty>
  )
}
