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

type GrowingListProps<Row> = {
  label: string
  /** Another name is another list, which begins at its top. */
  name?: string
  rows: readonly Row[]
  /** Of `rows` those that new ones come above of; all of them unless said. */
  growing?: readonly Row[]
  nameOf: (row: Row) => string
  rowHeight: number
  /** The name of the row that the keyboard is at. */
  cursor: string | null
  hasMore: boolean
  onMore: () => void
  onTop?: (isAtTop: boolean) => void
  /** What the pill says that leads to the top, given how many rows came unseen; null: no pill. */
  pill?: (unseen: number) => string | null
  children: (row: Row, isCursor: boolean) => ReactNode
}

/** So many rows before the end more are asked for. */
const margin = 30
/** Drawn beyond either edge: a turn of the wheel is met, and a jump does not draw two screens. */
const overscanPixels = 240

/** A long list that grows at its top, where what is being read stays put. */
export function VirtualList<Row>(props: GrowingListProps<Row>) {
  const { label, name, rows, growing = rows, nameOf, rowHeight, cursor, hasMore } = props
  const { onMore, onTop, pill = countNew, children } = props
  const scroller = useRef<HTMLDivElement>(null)
  const topName = useRef<string | null>(null)
  const [unseen, setUnseen] = useState(0)
  // A new function would have all rows measured again.
  const getItemKey = useCallback(
    (index: number) => {
      const row = rows[index]
      return row === undefined ? index : nameOf(row)
    },
    [rows, nameOf],
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

  const begin = useEffectEvent((_name: string | undefined) => {
    scroller.current?.scrollTo({ top: 0 })
    onTop?.(true)
  })
  // A list that is left is at its top when somebody comes back.
  const leave = useEffectEvent(() => onTop?.(true))
  useLayoutEffect(() => {
    begin(name)
    return () => leave()
  }, [name])

  // New rows on top push the others down: away from the top, what is being read must stay put.
  const stay = useEffectEvent((now: readonly Row[]) => {
    const element = scroller.current
    const added = now.findIndex((row) => nameOf(row) === topName.current)
    topName.current = now[0] === undefined ? null : nameOf(now[0])
    if (!element || added <= 0 || element.scrollTop < rowHeight / 2) return
    element.scrollTop += added * rowHeight
    setUnseen((count) => count + added)
  })
  useLayoutEffect(() => stay(growing), [growing])

  const more = useEffectEvent(onMore)
  useEffect(() => {
    if (hasMore && lastShown >= rows.length - margin) more()
  }, [hasMore, lastShown, rows.length])

  const cursorIndex = rows.findIndex((row) => nameOf(row) === cursor)
  // Only a moved cursor scrolls; rows that arrive above it must not.
  const showCursor = useEffectEvent((wanted: string | null) => {
    if (wanted !== null && cursorIndex >= 0) virtual.scrollToIndex(cursorIndex)
  })
  useEffect(() => showCursor(cursor), [cursor])

  const words = pill(unseen)
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
      {words && (
        <button
          type="button"
          onClick={() => scroller.current?.scrollTo({ top: 0 })}
          className="absolute top-2 left-1/2 flex h-7 -translate-x-1/2 animate-rise items-center gap-1 rounded-full bg-sage pr-3 pl-2 font-medium text-on-sage shadow-float hover:bg-sage-strong"
        >
          <Icon of={ArrowUp} size={14} />
          {words}
        </button>
      )}
    </div>
  )
}

const countNew = (unseen: number): string | null =>
  unseen > 0 ? `${formatCount(unseen)} new` : null
