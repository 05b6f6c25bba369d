import { useMemo } from 'react'
import { VirtualList } from '../../ui/virtual-list.tsx'
import { outboxLabels } from './labels.ts'
import { OutboxRow, rowHeight } from './outbox-row.tsx'
import { loadMore, nextPage, toggleSelected, useOutbox } from './outbox-store.ts'

const idOf = ({ id }: { readonly id: string }): string => id

type OutboxListProps = { openId: string | null; onOpen: (id: string) => void }

export function OutboxList({ openId, onOpen }: OutboxListProps) {
  const outbox = useOutbox()
  const { rows: sent, scheduled, cursor, selected } = outbox
  const rows = useMemo(() => [...scheduled, ...sent], [scheduled, sent])
  return (
    <VirtualList
      label={outboxLabels.messages}
      rows={rows}
      liveRows={sent}
      keyOf={idOf}
      rowHeight={rowHeight}
      cursor={cursor}
      hasMore={nextPage(outbox) !== null}
      onMore={() => void loadMore()}
    >
      {(message, isCursor) => (
        <OutboxRow
          message={message}
          isCursor={isCursor}
          isOpen={message.id === openId}
          isSelected={selected.has(message.id)}
          onOpen={onOpen}
          onSelect={toggleSelected}
        />
      )}
    </VirtualList>
  )
}
