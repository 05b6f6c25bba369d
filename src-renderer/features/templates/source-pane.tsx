import { CircleAlert } from 'lucide-react'
import { useMemo } from 'react'
import type { Template } from '../../../src-main/contract/templates.ts'
import { CodeEditor } from '../../ui/code-editor.tsx'
import { formatBytes } from '../../ui/format.ts'
import { Icon } from '../../ui/icon.tsx'
import type { Draft } from './drafts.ts'
import { changeDraft, useEditor } from './editor-store.ts'
import { templatesLabels } from './labels.ts'
import { type Problem, usePreview } from './preview-store.ts'
import { SamplePanel } from './sample-panel.tsx'
import { variablesOf } from './template-variables.ts'
import { VariablesPanel } from './variables-panel.tsx'

export function SourcePane({ template, draft }: { template: Template; draft: Draft }) {
  const tab = useEditor((state) => state.tab)
  const problem = usePreview((state) => state.problem)
  const names = useMemo(() => {
    const { used, inner } = variablesOf(template.engine, `${draft.subject}\n${draft.html}`)
    return [...new Set([...draft.variables, ...used, ...inner])]
  }, [template.engine, draft])
  if (tab === 'variables') return <VariablesPanel template={template} draft={draft} />
  if (tab === 'data') return <SamplePanel />
  const part = tab === 'text' ? 'text' : 'html'
  return (
    <>
      <div className="flex h-10 shrink-0 items-center border-line border-b pl-4">
        <span aria-hidden className="w-14 shrink-0 text-ink-muted">
          {templatesLabels.subject}
        </span>
        <CodeEditor
          key="subject"
          label={templatesLabels.subject}
          language="text"
          single
          value={draft.subject}
          names={names}
          onChange={(subject) => changeDraft({ subject })}
        />
      </div>
      <div className="min-h-0 flex-1">
        <CodeEditor
          key={part}
          label={part === 'html' ? templatesLabels.html : templatesLabels.text}
          language={part}
          value={draft[part]}
          names={names}
          problemLine={problem?.part === part ? problem.line : null}
          onChange={(value) => changeDraft({ [part]: value })}
        />
      </div>
      <ProblemStrip problem={problem} />
      <footer className="flex h-7 shrink-0 items-center gap-4 border-line border-t px-4 text-ink-faint text-xs">
        <span className="min-w-0 flex-1 truncate">
          {part === 'text' && draft.text === ''
            ? templatesLabels.source.emptyText
            : templatesLabels.source.hint[template.engine]}
        </span>
        <span className="figures">{formatBytes(new Blob([draft[part]]).size)}</span>
      </footer>
    </>
  )
}

function ProblemStrip({ problem }: { problem: Problem | null }) {
  if (problem === null) return null
  const { part, line, message } = problem
  const location = [
    part && templatesLabels[part],
    line !== null && part !== 'subject' && templatesLabels.source.line(line),
  ]
    .filter(Boolean)
    .join(', ')
  return (
    <div
      role="alert"
      className="flex shrink-0 items-start gap-2 border-line border-t bg-danger-soft px-4 py-2 text-danger-ink"
    >
      <Icon of={CircleAlert} className="mt-0.5 shrink-0" />
      <p className="min-w-0 flex-1 break-words">
        {location && <span className="font-semibold">{location}: </span>}
        {message}
      </p>
    </div>
  )
}
