import { useVirtualizer } from '@tanstack/react-virtual'
import { Download } from 'lucide-react'
import { useMemo, useRef } from 'react'
import { Button } from '../../../ui/button.tsx'
import { CopyButton } from '../../../ui/copy.tsx'
import { formatCount } from '../../../ui/format.ts'
import { Failure } from '../../../ui/notice.tsx'
import { SkeletonRows } from '../../../ui/skeleton.tsx'
import { toastFailure } from '../../../ui/toasts.tsx'
import { loadTab, useMessage } from '../message-store.ts'
import { downloadSource } from './download-source.ts'
import { sourceLines } from './source-lines.ts'

const lineHeight = 20

export function SourceView({ id }: { id: string }) {
  const source = useMessage((state) => state.source)
  if (source.status === 'failed') return <Failure failure={source.failure} onRetry={loadTab} />
  if (source.status !== 'ready') return <SkeletonRows count={8} height={24} />
  return <Lines id={id} text={source.value} />
}

function Lines({ id, text }: { id: string; text: string }) {
  const scroller = useRef<HTMLDivElement>(null)
  const lines = useMemo(() => sourceLines(text), [text])
  const virtual = useVirtualizer({
    count: lines.count,
    getScrollElement: () => scroller.current,
    estimateSize: () => lineHeight,
    overscan: 20,
  })
  const gutter = `${String(lines.count).length + 1}ch`
  return (
    <div className="flex h-full flex-col">
      <div className="flex h-10 shrink-0 items-center gap-2 border-line border-b px-5">
        <span className="figures flex-1 text-ink-faint">{formatCount(lines.count)} lines</span>
        <CopyButton text={text} label="Copy all" />
        <Button icon={Download} onClick={() => downloadSource(id).catch(toastFailure)}>
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
                className="figures shrink-0 select-none pr-4 text-right text-ink-faint"
                style={{ width: `calc(${gutter} + 36px)` }}
              >
                {index + 1}
              </span>
              <SourceLine line={lines.line(index)} isHeader={index < lines.headerCount} />
            </div>
          ))}
        </div>
      </div>
    </div>
  )
}

function SourceLine({ line, isHeader }: { line: string; isHeader: boolean }) {
  const name = isHeader ? /^[\x21-\x39\x3b-\x7e]+:/.exec(line)?.[0] : undefined
  if (!name) return <span className="pr-5">{line}</span>
  return (
    <span className="pr-5">
      <span className="text-sage-ink">{name}</span>
      {line.slice(name.length)}
    </span>
  )
}
