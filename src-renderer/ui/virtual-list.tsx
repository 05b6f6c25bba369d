import { useVirtualizer } from '@tanstack/react-virtual'
import { ArrowUp } from 'lucide-react'
import {
  type ReactNode,
  useCallback,
  useEffect,
  useEffectEvent,
  useLayoutEffect,
  useRef,
  useState,
} from 'react'
import { formatCount } from './format.ts'
import { Icon } from './icon.tsx'
import { uiLabels } from './labels.ts'

type VirtualListProps<Row> = {
  label: string
  /** A changed key resets the scroll position to the top. */
  resetKey?: string
  rows: readonly Row[]
  /** The part of `rows` that grows at its top; by default all rows. */
  liveRows?: readonly Row[]
  keyOf: (row: Row) => string
  rowHeight: number
  /** Key of the row with the keyboard cursor. */
  cursor: string | null
  hasMore: boolean
  onMore: () => void
  onTop?: (isAtTop: boolean) => void
  /** Label of the button that scrolls to the top, given the number of unseen rows; null hides it. */
  newRowsLabel?: (unseen: number) => string | null
  children: (row: Row, isCursor: boolean) => ReactNode
}

/** The next page is requested this many rows before the end. */
const prefetchRows = 30
/** Covers one wheel step without rendering two screens after a jump. */
const overscanPixels = 240

/** A virtual list that grows at its top and keeps the visible rows in place. */
export function VirtualList<Row>(props: VirtualListProps<Row>) {
  const { label, resetKey, rows, liveRows = rows, keyOf, rowHeight, cursor, hasMore } = props
  const { onMore, onTop, newRowsLabel = countNew, children } = props
  const scroller = useRef<HTMLDivElement>(null)
  const topKey = useRef<string | null>(null)
  const [unseen, setUnseen] = useState(0)
  // A new function would make the virtualizer measure all rows again.
  const getItemKey = useCallback(
    (index: number) => {
      const row = rows[index]
      return row === undefined ? index : keyOf(row)
    },
    [rows, keyOf],
  )
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey,
    overscan: Math.ceil(overscanPixels / rowHeight),
  })
  const items = virtual.getVirtualItems()
  const lastShown = items.at(-1)?.index ?? 0

  const reset = useEffectEvent((_key: string | undefined) => {
    scroller.current?.scrollTo({ top: 0 })
    onTop?.(true)
  })
  const leave = useEffectEvent(() => onTop?.(true))
  useLayoutEffect(() => {
    reset(resetKey)
    return () => leave()
  }, [resetKey])

  // Away from the top, rows added above must not move the visible rows.
  const keepPosition = useEffectEvent((now: readonly Row[]) => {
    const element = scroller.current
    const added = now.findIndex((row) => keyOf(row) === topKey.current)
    topKey.current = now[0] === undefined ? null : keyOf(now[0])
    if (!element || added <= 0 || element.scrollTop < rowHeight / 2) return
    element.scrollTop += added * rowHeight
    setUnseen((count) => count + added)
  })
  useLayoutEffect(() => keepPosition(liveRows), [liveRows])

  const more = useEffectEvent(onMore)
  useEffect(() => {
    if (hasMore && lastShown >= rows.length - prefetchRows) more()
  }, [hasMore, lastShown, rows.length])

  const cursorIndex = rows.findIndex((row) => keyOf(row) === cursor)
  // Only a cursor change scrolls; rows added above it do not.
  const showCursor = useEffectEvent((wanted: string | null) => {
    if (wanted !== null && cursorIndex >= 0) virtual.scrollToIndex(cursorIndex)
  })
  useEffect(() => showCursor(cursor), [cursor])

  const newLabel = newRowsLabel(unseen)
  return (
    <div className="relative min-h-0 flex-1">
      <div
        ref={scroller}
        onScroll={({ currentTarget }) => {
          const isAtTop = currentTarget.scrollTop < rowHeight / 2
          if (isAtTop) setUnseen(0)
          onTop?.(isAtTop)
        }}
        className="@container h-full overflow-y-auto [overflow-anchor:none]"
      >
        <ul aria-label={label} className="relative" style={{ height: virtual.getTotalSize() }}>
          {items.map(({ index, key, start }) => {
            const row = rows[index]
            if (row === undefined) return null
            return (
              <li
                key={key}
                className="absolute inset-x-0 top-0 contain-strict"
                style={{ height: rowHeight, transform: `translateY(${start}px)` }}
              >
                {children(row, index === Math.max(0, cursorIndex))}
              </li>
            )
          })}
        </ul>
      </div>
      {newLabel && (
        <button
          type="button"
          onClick={() => scroller.current?.scrollTo({ top: 0 })}
          className="absolute top-2 left-1/2 flex h-7 -translate-x-1/2 animate-rise items-center gap-1 rounded-full bg-sage pr-3 pl-2 font-medium text-on-sage shadow-float hover:bg-sage-strong"
        >
          <Icon of={ArrowUp} size={14} />
          {newLabel}
        </button>
      )}
    </div>
  )
}

const countNew = (unseen: number): string | null =>
  unseen > 0 ? uiLabels.newRows(formatCount(unseen)) : null
