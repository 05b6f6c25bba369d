import { FileQuestion, X } from 'lucide-react'
import { type ReactNode, useEffect, useState } from 'react'
import { isAbort, RequestFailure } from '../../app/request.ts'
import { go } from '../../app/router.ts'
import { useServerSettings } from '../../app/server-settings.ts'
import { IconButton } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy.tsx'
import { failed, type Load, loading, ready } from '../../ui/load.ts'
import { Empty, Failure } from '../../ui/notice.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { logsLabels } from './labels.ts'
import { curlOf, type Detail, loadDetail } from './load-detail.ts'
import { EntryFacts, EntryLinks, FaultNote } from './log-details.tsx'
import { titleOf } from './log-title.ts'
import { toneClasses, toneOf } from './log-tone.ts'
import { TranscriptView } from './transcript-view.tsx'

/** The details of one entry, over the right side of the list. */
export function LogDrawer({ name }: { name: string }) {
  const [attempt, setAttempt] = useState(0)
  const detail = useDetail(name, attempt)
  return (
    <aside
      aria-label={logsLabels.drawer.title}
      className="absolute inset-y-0 right-0 z-20 flex w-[min(520px,80%)] animate-appear flex-col border-line-strong border-l bg-canvas shadow-float"
    >
      {detail.status === 'ready' && detail.value ? (
        <Entry detail={detail.value} />
      ) : (
        <>
          <DrawerHeader title={logsLabels.drawer.title} />
          {detail.status === 'loading' && <SkeletonRows count={8} height={28} />}
          {detail.status === 'failed' && (
            <Failure failure={detail.failure} onRetry={() => setAttempt(attempt + 1)} />
          )}
          {detail.status === 'ready' && (
            <Empty icon={FileQuestion} title={logsLabels.drawer.missing}>
              {logsLabels.drawer.missingHint}
            </Empty>
          )}
        </>
      )}
    </aside>
  )
}

function Entry({ detail }: { detail: Detail }) {
  const { entry, transcript, related, messages } = detail
  const url = useServerSettings(({ settings }) =>
    settings.status === 'ready' ? settings.value.url : '',
  )
  const curl = curlOf(entry, url)
  return (
    <>
      <DrawerHeader title={titleOf(entry)} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <div tabIndex={0} className="min-h-0 flex-1 overflow-y-auto focus-visible:-outline-offset-2">
        <div className="space-y-5 px-4 py-4">
          <p className={`font-medium ${toneClasses[toneOf(entry)]}`}>
            {entry.status !== null && <span className="figures mr-2">{entry.status}</span>}
            {(entry.outcome ?? entry.event).replaceAll('_', ' ')}
          </p>
          {entry.fault !== null && <FaultNote fault={entry.fault} />}
          <EntryFacts entry={entry} />
          {entry.smtp_response !== null && (
            <Part title={logsLabels.drawer.relayReply}>
              <p className="break-words font-mono text-sm">{entry.smtp_response}</p>
            </Part>
          )}
          {messages.length > 0 && (
            <Part title={logsLabels.drawer.messages}>
              <EntryLinks entries={messages} toMessage />
            </Part>
          )}
          {transcript && (
            <Part title={logsLabels.drawer.transcript}>
              <TranscriptView transcript={transcript} />
            </Part>
          )}
          {related.length > 0 && (
            <Part
              title={
                entry.email_id === null
                  ? logsLabels.drawer.sameRequest
                  : logsLabels.drawer.sameMessage
              }
            >
              <EntryLinks entries={related} />
            </Part>
          )}
          {Object.keys(entry.data).length > 0 && (
            <Part title={logsLabels.drawer.data}>
              <pre className="whitespace-pre-wrap break-words rounded-lg border border-line bg-sunken px-3 py-2 text-sm">
                {JSON.stringify(entry.data, null, 2)}
              </pre>
            </Part>
          )}
          {entry.route !== null && (
            <p className="text-ink-faint text-sm">{logsLabels.drawer.noBodies}</p>
          )}
        </div>
      </div>
      <footer className="flex shrink-0 gap-2 border-line border-t px-4 py-2.5">
        <CopyButton text={JSON.stringify(entry, null, 2)} label={logsLabels.drawer.copyJson} />
        {curl && <CopyButton text={curl} label={logsLabels.drawer.copyCurl} />}
      </footer>
    </>
  )
}

function DrawerHeader({ title }: { title: string }) {
  return (
    <header className="flex h-12 shrink-0 items-center gap-3 border-line border-b pr-2 pl-4">
      <h2 className="min-w-0 flex-1 truncate font-semibold" title={title}>
        {title}
      </h2>
      <IconButton
        icon={X}
        label={logsLabels.drawer.close}
        shortcut="Esc"
        onClick={() => go('logs')}
      />
    </header>
  )
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section>
      <h3 className="mb-1.5 font-medium text-ink-faint text-sm">{title}</h3>
      {children}
    </section>
  )
}

/** Keeps the shown entry until the next one has loaded, to avoid flicker. */
function useDetail(name: string, attempt: number): Load<Detail | null> {
  const [detail, setDetail] = useState<Load<Detail | null>>(loading)
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new attempt asks again
  useEffect(() => {
    const controller = new AbortController()
    loadDetail(name, controller.signal).then(
      (loaded) => setDetail(ready(loaded)),
      (cause: unknown) => {
        if (isAbort(cause)) return
        const isGone = cause instanceof RequestFailure && cause.code === 'not_found'
        setDetail(isGone ? ready(null) : failed(cause))
      },
    )
    return () => controller.abort()
  }, [name, attempt])
  return detail
}
