import { useCallback, useMemo } from 'react'
import { hitPattern, rowFields } from '../../../src-main/contract/search-hits.ts'
import { VirtualList } from '../../ui/virtual-list.tsx'
import { InboxRow, rowHeight } from './inbox-row.tsx'
import { selectTo, toggleSelected, useSelection } from './inbox-selection.ts'
import { loadMore, maxArrivals, setAtTop, useInbox } from './inbox-store.ts'
import { useViews } from './inbox-views.ts'
import { inboxLabels } from './labels.ts'

const idOf = ({ id }: { readonly id: string }): string => id

type InboxListProps = { openId: string | null; onOpen: (id: string) => void }

export function InboxList({ openId, onOpen }: InboxListProps) {
  const { rows, hasMore, cursor, arrivals, waiting, query, inbox, inboxes, unreadOnly } = useInbox()
  const selected = useSelection((state) => state.ids)
  const keyNames = useViews((state) => state.keyNames)
  const highlight = useMemo(() => hitPattern(query, rowFields), [query])
  const isInboxShown = inbox === null && inboxes.length > 1
  const onSelect = useCallback((id: string, isRange: boolean) => {
    useInbox.setState({ cursor: id })
    if (isRange) selectTo(id)
    else toggleSelected(id)
  }, [])

  return (
    <VirtualList
      label={inboxLabels.messages}
      resetKey={JSON.stringify([query, inbox, unreadOnly])}
      rows={rows}
      keyOf={idOf}
      rowHeight={rowHeight}
      cursor={cursor}
      hasMore={hasMore}
      onMore={() => void loadMore()}
      onTop={setAtTop}
      // Waiting messages are not in `rows` yet, so the list's own count does not apply.
      newRowsLabel={() => (waiting > 0 ? waitingLabel(waiting) : null)}
    >
      {(message, isCursor) => (
        <InboxRow
          message={message}
          isCursor={isCursor}
          isOpen={message.id === openId}
          isArrival={arrivals.has(message.id)}
          isSelected={selected.has(message.id)}
          isSelecting={selected.size > 0}
          highlight={highlight}
          origin={[
            isInboxShown ? message.inbox : '',
            (message.key_id && keyNames.get(message.key_id)) ?? '',
          ]
            .filter(Boolean)
            .join(' · ')}
          onOpen={onOpen}
          onSelect={onSelect}
        />
      )}
    </VirtualList>
  )
}

function waitingLabel(count: number): string {
  return inboxLabels.newMessages(count >= maxArrivals ? `${maxArrivals}+` : String(count))
}
