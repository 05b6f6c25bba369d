import { History, RotateCcw } from 'lucide-react'
import { lazy, Suspense, useEffect, useState } from 'react'
import type { Template, TemplateVersion } from '../../../src-main/contract/templates.ts'
import { Button } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { formatDistance, formatExact } from '../../ui/format.ts'
import { Empty, Failure } from '../../ui/notice.tsx'
import { Select } from '../../ui/select.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { type Draft, draftOf, draftOfVersion, isSame } from './drafts.ts'
import { copyToDraft, loadVersions, revertTo, useEditor } from './editor-store.ts'
import { templatesLabels } from './labels.ts'

const CodeDiff = lazy(async () => {
  const { CodeDiff: View } = await import('../../ui/code-diff.tsx')
  return { default: View }
})

export function VersionsView({ template, draft }: { template: Template; draft: Draft }) {
  const versions = useEditor((state) => state.versions)
  const [chosen, setChosen] = useState<number | null>(null)
  useEffect(() => void loadVersions(), [])
  if (versions.status === 'failed') {
    return <Failure failure={versions.failure} onRetry={() => void loadVersions()} />
  }
  if (versions.status !== 'ready') return <SkeletonRows count={4} height={48} />
  const isDraftNew = !isSame({ ...draft, name: template.name }, draftOf(template))
  const older = versions.value.find(({ is_current }) => !is_current || isDraftNew)
  const before =
    versions.value.find(({ version }) => version === chosen) ?? older ?? versions.value[0]
  return (
    <div className="flex min-h-0 flex-1">
      <ol
        aria-label={templatesLabels.versions.title}
        className="w-44 shrink-0 overflow-y-auto border-line border-r bg-rail"
      >
        {versions.value.map((version) => (
          <li key={version.version}>
            <VersionRow
              version={version}
              isChosen={version === before}
              onChoose={() => setChosen(version.version)}
            />
          </li>
        ))}
      </ol>
      {versions.value.length === 1 && !isDraftNew ? (
        <div className="flex-1">
          <Empty icon={History} title={templatesLabels.versions.single}>
            {templatesLabels.versions.singleHint}
          </Empty>
        </div>
      ) : (
        before && (
          <Comparison
            key={before.version}
            template={template}
            draft={draft}
            before={before}
            versions={versions.value}
            isDraftNew={isDraftNew}
          />
        )
      )}
    </div>
  )
}

type VersionRowProps = { version: TemplateVersion; isChosen: boolean; onChoose: () => void }

function VersionRow({ version, isChosen, onChoose }: VersionRowProps) {
  return (
    <button
      type="button"
      aria-pressed={isChosen}
      title={formatExact(version.created_at)}
      onClick={onChoose}
      className={classes(
        'block h-14 w-full border-line border-b px-4 text-left focus-visible:-outline-offset-2',
        isChosen ? 'bg-selected' : 'hover:bg-hover',
      )}
    >
      <span className="flex items-center justify-between gap-2">
        <span className="font-medium">{templatesLabels.versions.name(version.version)}</span>
        {version.is_current && (
          <span className="text-sage-ink text-sm">{templatesLabels.versions.current}</span>
        )}
      </span>
      <span className="block truncate text-ink-muted text-sm">
        {formatDistance(version.created_at)}
      </span>
    </button>
  )
}

type ComparisonProps = {
  template: Template
  draft: Draft
  before: TemplateVersion
  versions: readonly TemplateVersion[]
  isDraftNew: boolean
}

function Comparison({ template, draft, before, versions, isDraftNew }: ComparisonProps) {
  const [against, setAgainst] = useState(isDraftNew ? 'draft' : String(template.version))
  const other = versions.find(({ version }) => String(version) === against)
  const after = other ? draftOfVersion(template.name, other) : draft
  const afterName = other
    ? templatesLabels.versions.name(other.version)
    : templatesLabels.versions.draft
  const left = draftOfVersion(template.name, before)
  const parts = (['subject', 'variables', 'html', 'text'] as const).filter(
    (part) => partText(left, part) !== partText(after, part),
  )
  return (
    <div className="flex min-h-0 min-w-0 flex-1 flex-col">
      <div className="flex min-h-10 shrink-0 flex-wrap items-center gap-2 border-line border-b px-4 py-1">
        <span className="whitespace-nowrap font-medium">
          {templatesLabels.versions.name(before.version)}
        </span>
        <span className="text-ink-faint">{templatesLabels.versions.against}</span>
        <Select
          label={templatesLabels.versions.compareWith}
          value={against}
          onChange={setAgainst}
          options={[
            ...(isDraftNew ? [{ value: 'draft', label: templatesLabels.versions.draft }] : []),
            ...versions.map(({ version, is_current }) => ({
              value: String(version),
              label: templatesLabels.versions.option(version, is_current),
            })),
          ]}
        />
        <span className="flex-1" />
        <Button
          onClick={() => copyToDraft(before)}
          disabled={isSame(left, { ...draft, name: left.name })}
        >
          {templatesLabels.versions.toDraft}
        </Button>
        {!before.is_current && (
          <Button
            icon={RotateCcw}
            aria-label={templatesLabels.versions.revertTo(before.version)}
            onClick={() => void revertTo(before)}
          >
            {templatesLabels.versions.revert}
          </Button>
        )}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <div tabIndex={0} className="min-h-0 flex-1 overflow-y-auto focus-visible:-outline-offset-2">
        {parts.length === 0 && (
          <Empty icon={History} title={templatesLabels.versions.noDifference}>
            {templatesLabels.versions.same(before.version, afterName)}
          </Empty>
        )}
        <Suspense fallback={<SkeletonRows count={6} height={40} />}>
          {parts.map((part) => (
            <section key={part} aria-label={partNames[part]}>
              <h2 className="border-line border-b bg-sunken px-4 py-1.5 font-medium text-ink-muted text-sm">
                {partNames[part]}
              </h2>
              <CodeDiff
                before={partText(left, part)}
                after={partText(after, part)}
                beforeLabel={templatesLabels.versions.side(
                  partNames[part],
                  templatesLabels.versions.name(before.version),
                )}
                afterLabel={templatesLabels.versions.side(partNames[part], afterName)}
                language={part === 'html' ? 'html' : 'text'}
              />
            </section>
          ))}
        </Suspense>
      </div>
    </div>
  )
}

const partNames = {
  subject: templatesLabels.subject,
  variables: templatesLabels.variables,
  html: templatesLabels.html,
  text: templatesLabels.text,
} as const

function partText(draft: Draft, part: keyof typeof partNames): string {
  return part === 'variables' ? draft.variables.join('\n') : draft[part]
}
