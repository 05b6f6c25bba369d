import { useVirtualizer } from '@tanstack/react-virtual'
import { ArrowUp } from 'lucide-react'
import { useEffect, useEffectEvent, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { formatCount } from '../../ui/format.ts'
import { Icon } from '../../ui/icon.tsx'
import { OutboxRow, rowHeight } from './outbox-row.tsx'
import { loadMore, toggleSelected, useOutbox } from './outbox-store.ts'

type OutboxListProps = { openId: string | null; onOpen: (id: string) => void }

export function OutboxList({ openId, onOpen }: OutboxListProps) {
  const { rows: sent, scheduled, nextBefore, cursor, selected } = useOutbox()
  const rows = useMemo(() => [...scheduled, ...sent], [scheduled, sent])
  const scroller = useRef<HTMLDivElement>(null)
  const topId = useRef<string | null>(null)
  const [unseen, setUnseen] = useState(0)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 8,
  })
  const items = virtual.getVirtualItems()
  const lastShown = items.at(-1)?.index ?? 0

  // New rows on top push the others down: away from the top, what is being read must stay put.
  useLayoutEffect(() => {
    const element = scroller.current
    const added = sent.findIndex(({ id }) => id === topId.current)
    topId.current = sent[0]?.id ?? null
    if (!element || added <= 0 || element.scrollTop < rowHeight / 2) return
    element.scrollTop += added * rowHeight
    setUnseen((count) => count + added)
  }, [sent])

  useEffect(() => {
    if (nextBefore !== null && lastShown >= rows.length - 15) void loadMore()
  }, [nextBefore, lastShown, rows.length])

  const cursorIndex = rows.findIndex(({ id }) => id === cursor)
  // Only a moved cursor scrolls; rows that arrive above it must not.
  const showCursor = useEffectEvent((id: string | null) => {
    if (id !== null && cursorIndex >= 0) virtual.scrollToIndex(cursorIndex)
  })
  useEffect(() => showCursor(cursor), [cursor])

  return (
    <div className="relative min-h-0 flex-1">
      <div
        ref={scroller}
        onScroll={(event) => {
          if (event.currentTarget.scrollTop < rowHeight / 2) setUnseen(0)
        }}
        className="@container h-full overflow-y-auto [overflow-anchor:none]"
      >
        <ul aria-label="Messages" className="relative" style={{ height: virtual.getTotalSize() }}>
          {items.map(({ index, key, start }) => {
            const message = rows[index]
            if (!message) return null
            return (
              <li
                key={key}
                className="absolute inset-x-0 top-0"
                style={{ height: rowHeight, transform: `translateY(${start}px)` }}
              >
                <OutboxRow
                  message={message}
                  isCursor={message.id === cursor || (cursorIndex < 0 && index === 0)}
                  isOpen={message.id === openId}
                  isSelected={selected.has(message.id)}
                  onOpen={onOpen}
                  onSelect={toggleSelected}
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
