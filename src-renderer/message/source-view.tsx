import { Download } from 'lucide-react'
import { useMemo, useRef, useState } from 'react'
import { Button } from '../ui/button.tsx'
import { CopyButton } from '../ui/copy.tsx'
import { formatCount } from '../ui/format.ts'
import { useHotkeys } from '../ui/hotkeys.ts'
import type { Load } from '../ui/load.ts'
import { Failure } from '../ui/notice.tsx'
import { type LinesHandle, NumberedLines } from '../ui/numbered-lines.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { toastFailure } from '../ui/toasts.tsx'
import { messageLabels } from './labels.ts'
import { SearchBar } from './search-bar.tsx'
import { SourceLine } from './source-line.tsx'
import { sourceLines } from './source-lines.ts'
import { searchSource } from './source-search.ts'

type SourceViewProps = {
  source: Load<string>
  onRetry: () => void
  onDownload: () => Promise<void>
}

export function SourceView({ source, onRetry, onDownload }: SourceViewProps) {
  if (source.status === 'failed') return <Failure failure={source.failure} onRetry={onRetry} />
  if (source.status !== 'ready') return <SkeletonRows count={8} height={24} />
  return <Lines text={source.value} onDownload={onDownload} />
}

type LinesProps = { text: string; onDownload: () => Promise<void> }

/** Only visible lines are rendered, so a source of 25 MB opens at once. */
function Lines({ text, onDownload }: LinesProps) {
  const shown = useRef<LinesHandle>(null)
  const lines = useMemo(() => sourceLines(text), [text])
  const [search, setSearch] = useState('')
  const [at, setAt] = useState(0)
  const searchField = useRef<HTMLInputElement>(null)
  const hits = useMemo(() => searchSource(text, search), [text, search])
  useHotkeys({ 'mod+f': () => searchField.current?.select() })

  function showHit(index: number, of = hits) {
    const next = of.length === 0 ? 0 : (index + of.length) % of.length
    setAt(next)
    const hit = of[next]
    if (hit) shown.current?.show(lines.lineAt(hit.start))
  }

  const current = hits[at]
  return (
    <div className="flex h-full flex-col">
      <div className="@container flex h-10 shrink-0 items-center gap-2 border-line border-b px-5">
        <SearchBar
          ref={searchField}
          label={messageLabels.searchSource}
          text={search}
          at={at}
          count={hits.length}
          onText={(next) => {
            setSearch(next)
            showHit(0, searchSource(text, next))
          }}
          onStep={(by) => showHit(at + by)}
          onLeave={() => shown.current?.focus()}
        />
        <span className="figures flex-1 truncate text-right text-ink-faint">
          {messageLabels.lines(formatCount(lines.count))}
        </span>
        <CopyButton text={text} label={messageLabels.copyAll} />
        <span className="@max-lg:hidden">
          <Button icon={Download} onClick={() => onDownload().catch(toastFailure)}>
            {messageLabels.download}
          </Button>
        </span>
      </div>
      <NumberedLines ref={shown} label={messageLabels.source} count={lines.count}>
        {(index) => (
          <SourceLine
            line={lines.line(index)}
            kind={lines.kind(index)}
            start={lines.startOf(index)}
            search={search}
            current={current?.start ?? -1}
          />
        )}
      </NumberedLines>
    </div>
  )
}
