import { Download } from 'lucide-react'
import { useMemo } from 'react'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy.tsx'
import { formatCount } from '../../ui/format.ts'
import { Failure } from '../../ui/notice.tsx'
import { NumberedLines } from '../../ui/numbered-lines.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { toastFailure } from '../../ui/toasts.tsx'
import { sentLabels } from './labels.ts'
import { downloadSent, loadTab, useSent } from './sent-store.ts'

const maxShownLength = 4000

export function SentSource({ id }: { id: string }) {
  const source = useSent((state) => state.source)
  if (source.status === 'failed') {
    return <Failure failure={source.failure} onRetry={() => void loadTab()} />
  }
  if (source.status !== 'ready') return <SkeletonRows count={8} height={24} />
  return <Lines id={id} text={source.value} />
}

function Lines({ id, text }: { id: string; text: string }) {
  const lines = useMemo(() => text.split(/\r?\n/), [text])
  return (
    <div className="flex h-full flex-col">
      <div className="flex h-10 shrink-0 items-center gap-2 border-line border-b px-5">
        <span className="figures flex-1 text-ink-faint">
          {sentLabels.lines(formatCount(lines.length))}
        </span>
        <CopyButton text={text} label={sentLabels.copyAll} />
        <Button icon={Download} onClick={() => downloadSent(id).catch(toastFailure)}>
          {sentLabels.download}
        </Button>
      </div>
      <NumberedLines label={sentLabels.source} count={lines.length}>
        {(index) => <span className="pr-5">{lines[index]?.slice(0, maxShownLength)}</span>}
      </NumberedLines>
    </div>
  )
}
