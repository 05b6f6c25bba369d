import { useVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, type Ref, useImperativeHandle, useRef } from 'react'

const lineHeight = 20

/** Imperative actions for the parent component. */
export type LinesHandle = { readonly focus: () => void; readonly show: (index: number) => void }

type NumberedLinesProps = {
  label: string
  count: number
  ref?: Ref<LinesHandle>
  children: (index: number) => ReactNode
}

/** Text with line numbers; only visible lines are rendered. */
export function NumberedLines({ label, count, ref, children }: NumberedLinesProps) {
  const scroller = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => lineHeight,
    overscan: 20,
  })
  const gutter = `calc(${String(count).length + 1}ch + 36px)`
  useImperativeHandle(ref, () => ({
    focus: () => scroller.current?.focus(),
    show: (index) => virtual.scrollToIndex(index, { align: 'center' }),
  }))
  return (
    // biome-ignore lint/a11y/useSemanticElements: a scrolling region, not a form's group
    <div
      ref={scroller}
      role="group"
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region
      tabIndex={0}
      className="min-h-0 flex-1 overflow-auto py-2 font-mono text-sm focus-visible:-outline-offset-2"
    >
      <div className="relative w-max min-w-full" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, start }) => (
          <div
            key={index}
            className="absolute top-0 left-0 flex whitespace-pre leading-5"
            style={{ transform: `translateY(${start}px)` }}
          >
            <span
              aria-hidden
              className="figures shrink-0 select-none pr-4 text-right text-ink-faint"
              style={{ width: gutter }}
            >
              {index + 1}
            </span>
            {children(index)}
          </div>
        ))}
      </div>
    </div>
  )
}
