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
import { PreviewPane } from './preview-pane.tsx'
import { SendTestDialog } from './send-test-dialog.tsx'
import { SourcePane } from './source-pane.tsx'
import { engineNames } from './template-row.tsx'
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
    <section aria-label={`Template ${draft.name}`} className="flex h-full min-w-0 flex-col">
      <Header template={template.value} draft={draft} />
      <Restored />
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
      <IconButton icon={ArrowLeft} label="All templates" onClick={() => go('templates')} />
      <h1 className="sr-only">{draft.name}</h1>
      <input
        aria-label="Template name"
        value={draft.name}
        maxLength={255}
        spellCheck={false}
        onChange={(event) => changeDraft({ name: event.target.value })}
        className="h-7 min-w-24 max-w-72 rounded-md border border-transparent bg-transparent px-1.5 font-semibold text-lg field-sizing-content hover:border-line focus:border-line-strong"
      />
      <Badge>{engineNames[template.engine]}</Badge>
      {!template.active && <Badge tone="warn">Archived</Badge>}
      <Tooltip label={`Version ${template.version}, saved ${formatExact(template.updated_at)}`}>
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
          ? 'Unsaved changes, kept on this machine'
          : `Saved ${formatDistance(template.updated_at)}`}
      </span>
      {dirty && (
        <Button look="ghost" onClick={discardDraft}>
          Discard
        </Button>
      )}
      <Button icon={Send} onClick={() => useEditor.setState({ isSendOpen: true })}>
        Send test
      </Button>
      <Tooltip label="Save as a new version" shortcut="mod+s">
        <Button
          look="primary"
          icon={Save}
          busy={state.isSaving}
          disabled={!dirty}
          onClick={() => void saveDraft()}
        >
          Save
        </Button>
      </Tooltip>
    </header>
  )
}

function Restored() {
  const restoredFrom = useEditor((state) => state.restoredFrom)
  if (restoredFrom === null) return null
  return (
    <div
      role="status"
      className="flex h-9 shrink-0 items-center gap-2 border-line border-b bg-warn-soft px-4 text-warn-ink"
    >
      <FileClock aria-hidden size={15} strokeWidth={1.75} />
      <span className="min-w-0 flex-1 truncate">
        These are your unsaved changes from {formatDistance(restoredFrom)}.
      </span>
      <Strip onClick={discardDraft}>Go back to the saved version</Strip>
      <Strip onClick={() => useEditor.setState({ restoredFrom: null })}>Keep them</Strip>
    </div>
  )
}

function Strip({ onClick, children }: { onClick: () => void; children: ReactNode }) {
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
        label="Width of the editor"
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
        label: 'Save template',
        group: 'Template',
        icon: Save,
        shortcut: 'mod+s',
        run: () => void saveDraft(),
      },
      {
        id: 'template-send-test',
        label: 'Send a test of this template',
        group: 'Template',
        icon: Send,
        run: () => useEditor.setState({ isSendOpen: true }),
      },
      {
        id: 'template-versions',
        label: 'Compare versions of this template',
        group: 'Template',
        icon: FileClock,
        keywords: 'diff history revert',
        run: () => useEditor.setState({ tab: 'versions' }),
      },
    ],
    [],
  )
  useCommands(commands)
}

/** The draft is kept on every change; a browser tab asks all the same. */
function useLeaveGuard(): void {
  useEffect(() => {
    if (window.mailsage) return
    function ask(event: BeforeUnloadEvent) {
      if (isDirty(useEditor.getState())) event.preventDefault()
    }
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [])
}
