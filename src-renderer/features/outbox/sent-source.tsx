import { useVirtualizer } from '@tanstack/react-virtual'
import { Download } from 'lucide-react'
import { useMemo, useRef } from 'react'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy.tsx'
import { formatCount } from '../../ui/format.ts'
import { Failure } from '../../ui/notice.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { toastFailure } from '../../ui/toasts.tsx'
import { downloadSent, loadTab, useSent } from './sent-store.ts'

const lineHeight = 20
const longestShown = 4000

export function SentSource({ id }: { id: string }) {
  const source = useSent((state) => state.source)
  if (source.status === 'failed') {
    return <Failure failure={source.failure} onRetry={() => void loadTab()} />
  }
  if (source.status !== 'ready') return <SkeletonRows count={8} height={24} />
  return <Lines id={id} text={source.value} />
}

function Lines({ id, text }: { id: string; text: string }) {
  const scroller = useRef<HTMLDivElement>(null)
  const lines = useMemo(() => text.split(/\r?\n/), [text])
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => lineHeight,
    overscan: 20,
  })
  return (
    <div className="flex h-full flex-col">
      <div className="flex h-10 shrink-0 items-center gap-2 border-line border-b px-5">
        <span className="figures flex-1 text-ink-faint">{formatCount(lines.length)} lines</span>
        <CopyButton text={text} label="Copy all" />
        <Button icon={Download} onClick={() => downloadSent(id).catch(toastFailure)}>
          Download .eml
        </Button>
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: a scrolling region, not a form's group */}
      <div
        ref={scroller}
        role="group"
        aria-label="Source"
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
                className="figures w-14 shrink-0 select-none pr-4 text-right text-ink-faint"
              >
                {index + 1}
              </span>
              <span className="pr-5">{lines[index]?.slice(0, longestShown)}</span>
            </div>
          ))}
        </div>
      </div>
    </div>
  )
}
