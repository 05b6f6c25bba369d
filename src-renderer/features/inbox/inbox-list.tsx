import { useVirtualizer } from '@tanstack/react-virtual'
import { ArrowUp } from 'lucide-react'
import { useCallback, useEffect, useEffectEvent, useLayoutEffect, useMemo, useRef } from 'react'
import { Icon } from '../../ui/icon.tsx'
import { highlightOf } from './inbox-highlight.tsx'
import { InboxRow, rowHeight } from './inbox-row.tsx'
import { selectTo, toggleSelected, useSelection } from './inbox-selection.ts'
import { burstSize, loadMore, setAtTop, useInbox } from './inbox-store.ts'
import { useViews } from './inbox-views.ts'

type InboxListProps = { openId: string | null; onOpen: (id: string) => void }

export function InboxList({ openId, onOpen }: InboxListProps) {
  const { rows, hasMore, cursor, arrivals, waiting, query, inbox, inboxes, unreadOnly } = useInbox()
  const selected = useSelection((state) => state.ids)
  const keyNames = useViews((state) => state.keyNames)
  const highlight = useMemo(() => highlightOf(query), [query])
  const isInboxShown = inbox === null && inboxes.length > 1
  const scroller = useRef<HTMLDivElement>(null)
  const topId = useRef<string | null>(null)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 8,
  })
  const items = virtual.getVirtualItems()
  const lastShown = items.at(-1)?.index ?? 0

  // Another list begins at its top.
  // biome-ignore lint/correctness/useExhaustiveDependencies: they say which list it is
  useLayoutEffect(() => {
    scroller.current?.scrollTo({ top: 0 })
    setAtTop(true)
    return () => setAtTop(true)
  }, [query, inbox, unreadOnly])

  // New rows on top push the others down: away from the top, what is being read must stay put.
  useLayoutEffect(() => {
    const element = scroller.current
    const added = rows.findIndex(({ id }) => id === topId.current)
    topId.current = rows[0]?.id ?? null
    if (!element || added <= 0 || element.scrollTop < rowHeight / 2) return
    element.scrollTop += added * rowHeight
  }, [rows])

  useEffect(() => {
    if (hasMore && lastShown >= rows.length - 40) void loadMore()
  }, [hasMore, lastShown, rows.length])

  const onSelect = useCallback((id: string, isRange: boolean) => {
    useInbox.setState({ cursor: id })
    if (isRange) selectTo(id)
    else toggleSelected(id)
  }, [])

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
          setAtTop(event.currentTarget.scrollTop < rowHeight / 2)
        }}
        className="h-full overflow-y-auto [overflow-anchor:none]"
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
                <InboxRow
                  message={message}
                  isCursor={message.id === cursor || (cursorIndex < 0 && index === 0)}
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
              </li>
            )
          })}
        </ul>
      </div>
      {waiting > 0 && (
        <button
          type="button"
          onClick={() => scroller.current?.scrollTo({ top: 0 })}
          className="absolute top-2 left-1/2 flex h-7 -translate-x-1/2 animate-rise items-center gap-1 rounded-full bg-sage pr-3 pl-2 font-medium text-on-sage shadow-float hover:bg-sage-strong"
        >
          <Icon of={ArrowUp} size={14} />
          {waitingLabel(waiting)}
        </button>
      )}
    </div>
  )
}

function waitingLabel(count: number): string {
  if (count === 1) return '1 new message'
  return count >= burstSize ? `${burstSize}+ new messages` : `${count} new messages`
}
