import { useVirtualizer } from '@tanstack/react-virtual'
import { Download } from 'lucide-react'
import { useMemo, useRef, useState } from 'react'
import { Button } from '../../../ui/button.tsx'
import { CopyButton } from '../../../ui/copy.tsx'
import { formatCount } from '../../../ui/format.ts'
import { useHotkeys } from '../../../ui/hotkeys.ts'
import { Failure } from '../../../ui/notice.tsx'
import { SkeletonRows } from '../../../ui/skeleton.tsx'
import { toastFailure } from '../../../ui/toasts.tsx'
import { loadTab, useMessage } from '../message-store.ts'
import { downloadSource } from './download-source.ts'
import { SearchBar } from './search-bar.tsx'
import { SourceLine } from './source-line.tsx'
import { sourceLines } from './source-lines.ts'
import { searchSource } from './source-search.ts'

const lineHeight = 20

export function SourceView({ id }: { id: string }) {
  const source = useMessage((state) => state.source)
  if (source.status === 'failed') return <Failure failure={source.failure} onRetry={loadTab} />
  if (source.status !== 'ready') return <SkeletonRows count={8} height={24} />
  return <Lines key={id} id={id} text={source.value} />
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
  const [words, setWords] = useState('')
  const [at, setAt] = useState(0)
  const searchField = useRef<HTMLInputElement>(null)
  const hits = useMemo(() => searchSource(text, words), [text, words])
  useHotkeys({ 'mod+f': () => searchField.current?.select() })

  function showHit(index: number, of = hits) {
    const next = of.length === 0 ? 0 : (index + of.length) % of.length
    setAt(next)
    const hit = of[next]
    if (hit) virtual.scrollToIndex(lines.lineAt(hit.start), { align: 'center' })
  }

  const current = hits[at]
  const gutter = `${String(lines.count).length + 1}ch`
  return (
    <div className="flex h-full flex-col">
      <div className="@container flex h-10 shrink-0 items-center gap-2 border-line border-b px-5">
        <SearchBar
          ref={searchField}
          label="Search in the source"
          words={words}
          at={at}
          count={hits.length}
          onWords={(next) => {
            setWords(next)
            showHit(0, searchSource(text, next))
          }}
          onStep={(by) => showHit(at + by)}
          onLeave={() => scroller.current?.focus()}
        />
        <span className="figures flex-1 truncate text-right text-ink-faint">
          {formatCount(lines.count)} lines
        </span>
        <CopyButton text={text} label="Copy all" />
        <span className="@max-lg:hidden">
          <Button icon={Download} onClick={() => downloadSource(id).catch(toastFailure)}>
            Download
          </Button>
        </span>
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
              <SourceLine
                line={lines.line(index)}
                kind={lines.kind(index)}
                start={lines.startOf(index)}
                words={words}
                current={current?.start ?? -1}
              />
            </div>
          ))}
        </div>
      </div>
    </div>
  )
}
