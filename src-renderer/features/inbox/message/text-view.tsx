import { Failure } from '../../../ui/notice.tsx'
import { SkeletonRows } from '../../../ui/skeleton.tsx'
import { loadTab, useMessage } from '../message-store.ts'

export function TextView() {
  const text = useMessage((state) => state.text)
  if (text.status === 'failed') return <Failure failure={text.failure} onRetry={loadTab} />
  if (text.status !== 'ready') return <SkeletonRows count={4} height={36} />
  return (
    <pre
      // Long text scrolls, so the keyboard must reach it.
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region
      tabIndex={0}
      dir="auto"
      className="h-full overflow-auto whitespace-pre-wrap break-words px-5 py-4 text-sm leading-5 focus-visible:-outline-offset-2"
    >
      {text.value || <span className="text-ink-faint">This message has no text.</span>}
    </pre>
  )
}
