import { useVirtualizer } from '@tanstack/react-virtual'
import { ArrowUp } from 'lucide-react'
import { useEffect, useEffectEvent, useLayoutEffect, useRef, useState } from 'react'
import { formatCount } from '../../ui/format.ts'
import { Icon } from '../../ui/icon.tsx'
import { LogRow, rowHeight } from './log-row.tsx'
import { nameOf } from './log-rows.ts'
import { loadMoreLogs, useLogs } from './logs-store.ts'

type LogTailProps = { openName: string | null; onOpen: (name: string) => void }

export function LogTail({ openName, onOpen }: LogTailProps) {
  const { rows, hasMore, cursor } = useLogs()
  const scroller = useRef<HTMLDivElement>(null)
  const topName = useRef<string | null>(null)
  const [unseen, setUnseen] = useState(0)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => {
      const entry = rows[index]
      return entry ? nameOf(entry) : index
    },
    overscan: 12,
  })
  const items = virtual.getVirtualItems()
  const lastShown = items.at(-1)?.index ?? 0

  // New entries push the others down: away from the top, what is being read must stay put.
  useLayoutEffect(() => {
    const element = scroller.current
    const added = rows.findIndex((entry) => nameOf(entry) === topName.current)
    topName.current = rows[0] ? nameOf(rows[0]) : null
    if (!element || added <= 0 || element.scrollTop < rowHeight / 2) return
    element.scrollTop += added * rowHeight
    setUnseen((count) => count + added)
  }, [rows])

  useEffect(() => {
    if (hasMore && lastShown >= rows.length - 30) void loadMoreLogs()
  }, [hasMore, lastShown, rows.length])

  const cursorIndex = rows.findIndex((entry) => nameOf(entry) === cursor)
  const showCursor = useEffectEvent((name: string | null) => {
    if (name !== null && cursorIndex >= 0) virtual.scrollToIndex(cursorIndex)
  })
  useEffect(() => showCursor(cursor), [cursor])

  return (
    <div className="relative min-h-0 flex-1">
      <div
        ref={scroller}
        onScroll={(event) => {
          if (event.currentTarget.scrollTop < rowHeight / 2) setUnseen(0)
        }}
        className="h-full overflow-y-auto [overflow-anchor:none]"
      >
        <ul aria-label="Log" className="relative" style={{ height: virtual.getTotalSize() }}>
          {items.map(({ index, key, start }) => {
            const entry = rows[index]
            if (!entry) return null
            const name = nameOf(entry)
            return (
              <li
                key={key}
                className="absolute inset-x-0 top-0"
                style={{ height: rowHeight, transform: `translateY(${start}px)` }}
              >
                <LogRow
                  entry={entry}
                  isCursor={name === cursor || (cursorIndex < 0 && index === 0)}
                  isOpen={name === openName}
                  onOpen={onOpen}
                />
              </li>
            )
          })}
        </ul>
      </div>
      {unseen > 0 && (
        <button
          type="button"
          onClick={() => scroller.current?.scrollTo({ top: 0, behavior: 'smooth' })}
          className="absolute top-2 left-1/2 flex h-7 -translate-x-1/2 animate-rise items-center gap-1 rounded-full bg-sage pr-3 pl-2 font-medium text-on-sage shadow-float hover:bg-sage-strong"
        >
          <Icon of={ArrowUp} size={14} />
          {formatCount(unseen)} new
        </button>
      )}
    </div>
  )
}
