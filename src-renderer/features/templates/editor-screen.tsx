import { ArrowLeft, FileClock, Save, Send } from 'lucide-react'
import { type ReactNode, useEffect, useMemo } from 'react'
import type { Template } from '../../../src-main/contract/templates.ts'
import { type Command, useCommands } from '../../app/commands.ts'
import { go } from '../../app/router.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { formatDistance, formatExact } from '../../ui/format.ts'
import { useHotkeys } from '../../ui/hotkeys.ts'
import { Failure } from '../../ui/notice.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { Split } from '../../ui/split.tsx'
import { Tooltip } from '../../ui/tooltip.tsx'
import type { Draft } from './drafts.ts'
import {
  changeDraft,
  discardDraft,
  isDirty,
  openTemplate,
  saveDraft,
  useEditor,
} from './editor-store.ts'
import { EditorTabs } from './editor-tabs.tsx'
import { templatesLabels } from './labels.ts'
import { PreviewPane } from './preview-pane.tsx'
import { SendTestDialog } from './send-test-dialog.tsx'
import { SourcePane } from './source-pane.tsx'
import { VersionsView } from './versions-view.tsx'

export function EditorScreen({ id }: { id: string }) {
  const { template, draft, isSendOpen } = useEditor()
  useEffect(() => {
    void openTemplate(id)
    return () => void openTemplate(null)
  }, [id])
  useHotkeys({ 'mod+s': () => void saveDraft(), escape: () => go('templates') })
  useEditorCommands()
  useLeaveGuard()
  if (template.status === 'failed') {
    return <Failure failure={template.failure} onRetry={() => void openTemplate(id)} />
  }
  if (template.status !== 'ready' || draft === null) {
    return <SkeletonRows count={8} height={48} />
  }
  return (
    <section
      aria-label={templatesLabels.editor.label(draft.name)}
      className="flex h-full min-w-0 flex-col"
    >
      <Header template={template.value} draft={draft} />
      <RestoredBanner />
      <Panes template={template.value} draft={draft} />
      {isSendOpen && <SendTestDialog template={template.value} />}
    </section>
  )
}

function Header({ template, draft }: { template: Template; draft: Draft }) {
  const state = useEditor()
  const dirty = isDirty(state)
  return (
    <header className="flex h-12 shrink-0 items-center gap-2 border-line border-b px-3">
      <IconButton
        icon={ArrowLeft}
        label={templatesLabels.editor.back}
        onClick={() => go('templates')}
      />
      <h1 className="sr-only">{draft.name}</h1>
      <input
        aria-label={templatesLabels.editor.name}
        value={draft.name}
        maxLength={255}
        spellCheck={false}
        onChange={(event) => changeDraft({ name: event.target.value })}
        className="h-7 min-w-24 max-w-72 rounded-md border border-transparent bg-transparent px-1.5 font-semibold text-lg field-sizing-content hover:border-line focus:border-line-strong"
      />
      <Badge>{templatesLabels.engines[template.engine]}</Badge>
      {!template.active && <Badge tone="warn">{templatesLabels.archived}</Badge>}
      <Tooltip
        label={templatesLabels.editor.versionSaved(
          template.version,
          formatExact(template.updated_at),
        )}
      >
        <button
          type="button"
          onClick={() => useEditor.setState({ tab: 'versions' })}
          className="figures h-6 rounded-md px-1.5 text-ink-muted text-sm hover:bg-hover hover:text-ink"
        >
          v{template.version}
        </button>
      </Tooltip>
      <span role="status" className="min-w-0 flex-1 truncate text-ink-faint text-sm">
        {dirty
          ? templatesLabels.editor.unsaved
          : templatesLabels.editor.savedAt(formatDistance(template.updated_at))}
      </span>
      {dirty && (
        <Button look="ghost" onClick={discardDraft}>
          {templatesLabels.editor.discard}
        </Button>
      )}
      <Button icon={Send} onClick={() => useEditor.setState({ isSendOpen: true })}>
        {templatesLabels.editor.sendTest}
      </Button>
      <Tooltip label={templatesLabels.editor.saveHint} shortcut="mod+s">
        <Button
          look="primary"
          icon={Save}
          busy={state.isSaving}
          disabled={!dirty}
          onClick={() => void saveDraft()}
        >
          {templatesLabels.editor.save}
        </Button>
      </Tooltip>
    </header>
  )
}

function RestoredBanner() {
  const restoredFrom = useEditor((state) => state.restoredFrom)
  if (restoredFrom === null) return null
  return (
    <div
      role="status"
      className="flex h-9 shrink-0 items-center gap-2 border-line border-b bg-warn-soft px-4 text-warn-ink"
    >
      <FileClock aria-hidden size={15} strokeWidth={1.75} />
      <span className="min-w-0 flex-1 truncate">
        {templatesLabels.editor.restored(formatDistance(restoredFrom))}
      </span>
      <BannerButton onClick={discardDraft}>{templatesLabels.editor.revertToSaved}</BannerButton>
      <BannerButton onClick={() => useEditor.setState({ restoredFrom: null })}>
        {templatesLabels.editor.keep}
      </BannerButton>
    </div>
  )
}

function BannerButton({ onClick, children }: { onClick: () => void; children: ReactNode }) {
  return (
    <button
      type="button"
      onClick={onClick}
      className="h-6 rounded-md px-2 font-semibold hover:bg-canvas"
    >
      {children}
    </button>
  )
}

function Panes({ template, draft }: { template: Template; draft: Draft }) {
  const tab = useEditor((state) => state.tab)
  if (tab === 'versions') {
    return (
      <>
        <EditorTabs draft={draft} />
        <VersionsView template={template} draft={draft} />
      </>
    )
  }
  return (
    <div className="min-h-0 flex-1">
      <Split
        name="template"
        label={templatesLabels.editor.width}
        initial={600}
        min={340}
        max={1100}
        left={
          <div className="flex h-full min-w-0 flex-col">
            <EditorTabs draft={draft} />
            <SourcePane template={template} draft={draft} />
          </div>
        }
        right={<PreviewPane />}
      />
    </div>
  )
}

function useEditorCommands(): void {
  const commands = useMemo<readonly Command[]>(
    () => [
      {
        id: 'template-save',
        label: templatesLabels.editor.saveCommand,
        group: templatesLabels.editor.group,
        icon: Save,
        shortcut: 'mod+s',
        run: () => void saveDraft(),
      },
      {
        id: 'template-send-test',
        label: templatesLabels.editor.testCommand,
        group: templatesLabels.editor.group,
        icon: Send,
        run: () => useEditor.setState({ isSendOpen: true }),
      },
      {
        id: 'template-versions',
        label: templatesLabels.editor.versionsCommand,
        group: templatesLabels.editor.group,
        icon: FileClock,
        keywords: templatesLabels.editor.versionsKeywords,
        run: () => useEditor.setState({ tab: 'versions' }),
      },
    ],
    [],
  )
  useCommands(commands)
}

/** A browser tab warns before it closes, although every change is stored as a draft. */
function useLeaveGuard(): void {
  useEffect(() => {
    if (window.mailsage) return
    function warn(event: BeforeUnloadEvent) {
      if (isDirty(useEditor.getState())) event.preventDefault()
    }
    window.addEventListener('beforeunload', warn)
    return () => window.removeEventListener('beforeunload', warn)
  }, [])
}
