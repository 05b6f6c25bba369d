import { Tabs } from 'radix-ui'
import { useMemo } from 'react'
import { classes } from '../../ui/classes.ts'
import type { Draft } from './drafts.ts'
import { type Tab, tabs, useEditor } from './editor-store.ts'
import { templatesLabels } from './labels.ts'
import { usePreview } from './preview-store.ts'
import { useSamples } from './sample-store.ts'
import { compareDraft } from './variables-panel.tsx'

const names: Readonly<Record<Tab, string>> = {
  html: templatesLabels.html,
  text: templatesLabels.text,
  variables: templatesLabels.variables,
  data: templatesLabels.sampleData,
  versions: templatesLabels.versions.title,
}

export function EditorTabs({ draft }: { draft: Draft }) {
  const { tab, template } = useEditor()
  const problem = usePreview((state) => state.problem)
  const error = useSamples((state) => state.error)
  const engine = template.status === 'ready' ? template.value.engine : 'handlebars'
  const { undeclared, unused } = useMemo(() => compareDraft(engine, draft), [engine, draft])
  const marks: Partial<Record<Tab, 'danger' | 'warn'>> = {
    ...(problem?.part === 'html' ? { html: 'danger' } : {}),
    ...(problem?.part === 'text' ? { text: 'danger' } : {}),
    ...(undeclared.length + unused.length > 0 ? { variables: 'warn' } : {}),
    ...(error === null ? {} : { data: 'danger' }),
  }
  return (
    <Tabs.Root
      value={tab}
      onValueChange={(next) => {
        const chosen = tabs.find((one) => one === next)
        if (chosen) useEditor.setState({ tab: chosen })
      }}
      className="shrink-0"
    >
      <Tabs.List
        aria-label={templatesLabels.tabs.label}
        className="flex h-10 border-line border-b px-3"
      >
        {tabs.map((one) => (
          <Tabs.Trigger
            key={one}
            value={one}
            // The panel is the pane below, whose parts have their own labels.
            aria-controls={undefined}
            className={classes(
              '-mb-px flex items-center gap-1.5 whitespace-nowrap border-transparent border-b-2 px-2 font-medium text-ink-muted hover:text-ink focus-visible:-outline-offset-4',
              'data-[state=active]:border-sage data-[state=active]:text-ink',
            )}
          >
            {names[one]}
            {one === 'variables' && (
              <span className="figures text-ink-faint text-sm">{draft.variables.length}</span>
            )}
            {marks[one] && (
              <span
                className={`size-1.5 rounded-full ${marks[one] === 'danger' ? 'bg-danger' : 'bg-live'}`}
              >
                <span className="sr-only">
                  {marks[one] === 'danger'
                    ? templatesLabels.tabs.hasError
                    : templatesLabels.tabs.hasWarning}
                </span>
              </span>
            )}
          </Tabs.Trigger>
        ))}
      </Tabs.List>
    </Tabs.Root>
  )
}
