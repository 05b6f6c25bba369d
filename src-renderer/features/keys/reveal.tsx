import { TriangleAlert } from 'lucide-react'
import { environmentLines, useServerSettings } from '../../app/server-settings.ts'
import { CodeBlock } from '../../ui/code-block.tsx'
import { CopyButton } from '../../ui/copy.tsx'
import { ModeBadge } from '../../ui/mode-badge.tsx'
import { Note } from '../../ui/notice.tsx'
import { keysLabels } from './labels.ts'

/** Shows a whole key once. */
export function Reveal({ secret, mode, name }: RevealProps) {
  return (
    <div>
      <div className="mb-1.5 flex items-center gap-2">
        <span className="min-w-0 truncate font-medium">{name}</span>
        <ModeBadge mode={mode} />
      </div>
      <div className="flex items-center gap-2">
        <output
          aria-label={keysLabels.reveal.key}
          className="min-w-0 flex-1 select-all break-all rounded-md border border-line-strong bg-sunken px-2.5 py-1.5 font-mono text-sm"
        >
          {secret}
        </output>
        <CopyButton text={secret} look="primary" />
      </div>
    </div>
  )
}

type RevealProps = { secret: string; mode: 'live' | 'test'; name: string }

export function ShownOnceNote({ count }: { count: number }) {
  return (
    <Note tone="warn" icon={TriangleAlert}>
      {keysLabels.reveal.shownOnce(count)}
    </Note>
  )
}

export function EnvironmentLines({ secret }: { secret: string }) {
  const facts = useServerSettings((state) => state.settings)
  if (facts.status !== 'ready') return null
  return (
    <div>
      <p className="mb-1 font-medium text-sm">{keysLabels.reveal.environment}</p>
      <CodeBlock
        code={environmentLines(facts.value, secret)}
        label={keysLabels.reveal.environmentBlock}
      />
    </div>
  )
}
