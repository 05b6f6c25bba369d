import { useState } from 'react'
import { routeHash, type Screen } from '../../app/router.ts'
import { useServerSettings } from '../../app/server-settings.ts'
import { CodeBlock } from '../../ui/code-block.tsx'
import { CopyText } from '../../ui/copy.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { inboxLabels } from './labels.ts'
import { type SnippetKind, snippetKinds, snippets } from './snippets.ts'

/** Instructions for the first message, shown in an empty inbox. */
export function Welcome() {
  const settings = useServerSettings((state) => state.settings)
  const [kind, setKind] = useState<SnippetKind>('nodemailer')
  return (
    <section aria-label={inboxLabels.inbox} className="h-full overflow-y-auto">
      <div className="mx-auto flex min-h-full max-w-[600px] flex-col justify-center px-6 py-10">
        <p role="status" className="mb-3 flex items-center gap-2 font-medium text-sage-ink">
          <span className="size-2 animate-breathe rounded-full bg-sage" />
          {inboxLabels.waiting}
        </p>
        <h1 className="font-semibold text-2xl tracking-[-0.015em]">{inboxLabels.pointYourApp}</h1>
        <p className="mt-1 text-ink-muted">
          {inboxLabels.intro} <ScreenLink screen="keys">{inboxLabels.introKeys}</ScreenLink>
          {inboxLabels.introSamplesBefore}{' '}
          <ScreenLink screen="connect">{inboxLabels.introConnect}</ScreenLink>
          {inboxLabels.introEnd}
        </p>
        {settings.status === 'ready' ? (
          <>
            <dl className="mt-6 grid grid-cols-[1fr_1fr_1.7fr] divide-x divide-line rounded-lg border border-line">
              <Detail name={inboxLabels.smtpHost} value={settings.value.host} />
              <Detail name={inboxLabels.smtpPort} value={String(settings.value.smtp_port)} />
              <Detail name={inboxLabels.httpApi} value={settings.value.url} />
            </dl>
            <div className="mt-6 mb-2">
              <Segmented
                label={inboxLabels.client}
                value={kind}
                onChange={setKind}
                options={snippetKinds.map((value) => ({ value, label: value }))}
              />
            </div>
            <div className="min-h-[232px]">
              <CodeBlock code={snippets[kind](settings.value)} label={inboxLabels.snippet(kind)} />
            </div>
          </>
        ) : (
          <Skeleton className="mt-6 h-16" />
        )}
      </div>
    </section>
  )
}

function ScreenLink({ screen, children }: { screen: Screen; children: string }) {
  return (
    <a href={routeHash(screen)} className="font-medium text-sage-ink underline underline-offset-2">
      {children}
    </a>
  )
}

function Detail({ name, value }: { name: string; value: string }) {
  return (
    <div className="min-w-0 px-3 py-2">
      <dt className="text-ink-faint text-sm">{name}</dt>
      <dd className="figures min-w-0 font-mono text-sm">
        <CopyText text={value}>{value}</CopyText>
      </dd>
    </div>
  )
}
