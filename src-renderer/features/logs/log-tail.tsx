import { VirtualList } from '../../ui/virtual-list.tsx'
import { LogRow, rowHeight } from './log-row.tsx'
import { nameOf } from './log-rows.ts'
import { loadMoreLogs, useLogs } from './logs-store.ts'

type LogTailProps = { openName: string | null; onOpen: (name: string) => void }

export function LogTail({ openName, onOpen }: LogTailProps) {
  const { rows, hasMore, cursor } = useLogs()
  return (
    <VirtualList
      label="Log"
      rows={rows}
      keyOf={nameOf}
      rowHeight={rowHeight}
      cursor={cursor}
      hasMore={hasMore}
      onMore={() => void loadMoreLogs()}
    >
      {(entry, isCursor) => (
        <LogRow
          entry={entry}
          isCursor={isCursor}
          isOpen={nameOf(entry) === openName}
          onOpen={onOpen}
        />
      )}
    </VirtualList>
  )
}
