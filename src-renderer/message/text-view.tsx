import { useVirtualizer } from '@tanstack/react-virtual'
import { useMemo, useRef } from 'react'
import type { Load } from '../ui/load.ts'
import { Failure } from '../ui/notice.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { messageLabels } from './labels.ts'
import { LinkedText } from './linked-text.tsx'
import { splitIntoBlocks } from './text-blocks.ts'

type TextViewProps = { text: Load<string>; hits: RegExp | null; onRetry: () => void }

export function TextView({ text, hits, onRetry }: TextViewProps) {
  if (text.status === 'failed') return <Failure failure={text.failure} onRetry={onRetry} />
  if (text.status !== 'ready') return <SkeletonRows count={4} height={36} />
  return <Blocks text={text.value} hits={hits} />
}

/** Renders the visible blocks of a long text. */
function Blocks({ text, hits }: { text: string; hits: RegExp | null }) {
  const scroller = useRef<HTMLDivElement>(null)
  const blocks = useMemo(() => splitIntoBlocks(text), [text])
  const virtual = useVirtualizer({
    count: blocks.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (blocks[index]?.lines ?? 1) * 20,
    overscan: 2,
  })
  return (
    // biome-ignore lint/a11y/useSemanticElements: a scrolling region, not a form's group
    <div
      ref={scroller}
      role="group"
      aria-label={messageLabels.text}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: long text scrolls, so it must take keyboard focus
      tabIndex={0}
      className="h-full overflow-y-auto px-5 py-4 focus-visible:-outline-offset-2"
    >
      {text.trim() === '' && <p className="text-ink-faint">{messageLabels.noText}</p>}
      <div className="relative" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, start }) => (
          <pre
            key={index}
            ref={virtual.measureElement}
            data-index={index}
            dir="auto"
            className="absolute top-0 left-0 w-full whitespace-pre-wrap break-words text-sm leading-5"
            style={{ transform: `translateY(${start}px)` }}
          >
            <LinkedText text={blocks[index]?.text ?? ''} hits={hits} />
          </pre>
        ))}
      </div>
    </div>
  )
}
