import { create } from 'zustand'
import type { Template, TemplateVersion } from '../../../src-main/contract/templates.ts'
import { listen } from '../../app/live.ts'
import { RequestFailure, request } from '../../app/request.ts'
import { failed, type Load, loading, ready } from '../../ui/load.ts'
import { toast, toastFailure } from '../../ui/toasts.tsx'
import {
  clearStoredDraft,
  contentOf,
  type Draft,
  draftOf,
  draftOfVersion,
  isSame,
  readStoredDraft,
  storeDraft,
} from './drafts.ts'
import { templatesLabels } from './labels.ts'
import { loadSamples } from './sample-store.ts'

export const tabs = ['html', 'text', 'variables', 'data', 'versions'] as const
export type Tab = (typeof tabs)[number]

type EditorState = {
  readonly id: string | null
  readonly tab: Tab
  readonly template: Load<Template>
  readonly draft: Draft | null
  /** The time of a restored draft. */
  readonly restoredFrom: string | null
  readonly isSaving: boolean
  readonly versions: Load<readonly TemplateVersion[]>
  readonly isSendOpen: boolean
}

const blank = {
  template: loading,
  draft: null,
  restoredFrom: null,
  isSaving: false,
  versions: loading,
  isSendOpen: false,
} as const

export const useEditor = create<EditorState>(() => ({ id: null, tab: 'html', ...blank }))

export async function openTemplate(id: string | null): Promise<void> {
  useEditor.setState({ id, tab: 'html', ...blank })
  if (id === null) return
  try {
    const template = await request('GET /v1/templates/{id}', { params: { id } })
    if (useEditor.getState().id !== id) return
    const saved = draftOf(template)
    const stored = readStoredDraft(id)
    const restored = stored && !isSame(stored.draft, saved) ? stored : null
    const tab = template.html === null && template.text !== null ? 'text' : 'html'
    useEditor.setState({
      tab,
      template: ready(template),
      draft: restored?.draft ?? saved,
      restoredFrom: restored?.at ?? null,
    })
    void loadSamples(template)
  } catch (cause) {
    if (useEditor.getState().id === id) useEditor.setState({ template: failed(cause) })
  }
}

export function isDirty({ template, draft }: Pick<EditorState, 'template' | 'draft'>): boolean {
  return template.status === 'ready' && draft !== null && !isSame(draft, draftOf(template.value))
}

export function changeDraft(change: Partial<Draft>): void {
  const { id, template, draft } = useEditor.getState()
  if (id === null || draft === null || template.status !== 'ready') return
  const next = { ...draft, ...change }
  useEditor.setState({ draft: next })
  if (isSame(next, draftOf(template.value))) clearStoredDraft(id)
  else storeDraft(id, template.value.version, next)
}

export function discardDraft(): void {
  const { id, template, draft } = useEditor.getState()
  if (id === null || template.status !== 'ready' || draft === null) return
  clearStoredDraft(id)
  useEditor.setState({ draft: draftOf(template.value), restoredFrom: null })
  toast(templatesLabels.editor.discarded, {
    id: 'discard-draft',
    action: {
      label: templatesLabels.undo,
      run: () => useEditor.getState().id === id && changeDraft(draft),
    },
  })
}

/** Returns true when the draft is saved. */
export async function saveDraft(): Promise<boolean> {
  const { id, draft, isSaving, template } = useEditor.getState()
  if (id === null || draft === null || isSaving || template.status !== 'ready') return false
  if (!isDirty({ template, draft })) {
    toast(templatesLabels.editor.nothingToSave, { id: 'saved-template' })
    return true
  }
  useEditor.setState({ isSaving: true })
  try {
    const saved = await request('PUT /v1/templates/{id}', {
      params: { id },
      body: { name: draft.name.trim() || template.value.name, ...contentOf(draft) },
    })
    applySaved(saved, draft)
    toast(templatesLabels.editor.savedAs(saved.version), { id: 'saved-template' })
    return true
  } catch (cause) {
    toastFailure(cause)
    return false
  } finally {
    useEditor.setState({ isSaving: false })
  }
}

/** Keeps text that was typed while the request ran. */
function applySaved(saved: Template, sent: Draft | null): void {
  const { id, draft } = useEditor.getState()
  if (id !== saved.id || draft === null) return
  const next = sent === null || isSame(draft, sent) ? draftOf(saved) : draft
  useEditor.setState({ template: ready(saved), draft: next, restoredFrom: null })
  if (isSame(next, draftOf(saved))) clearStoredDraft(saved.id)
  void loadVersions()
}

export async function loadVersions(): Promise<void> {
  const { id } = useEditor.getState()
  if (id === null) return
  try {
    const { data } = await request('GET /v1/templates/{id}/versions', { params: { id } })
    if (useEditor.getState().id === id) useEditor.setState({ versions: ready(data) })
  } catch (cause) {
    useEditor.setState({ versions: failed(cause) })
  }
}

export async function revertTo(version: TemplateVersion): Promise<void> {
  const { id, draft } = useEditor.getState()
  if (id === null) return
  try {
    const saved = await request('POST /v1/templates/{id}/versions/{n}/revert', {
      params: { id, n: version.version },
    })
    applySaved(saved, null)
    const before = draft
    toast(templatesLabels.editor.reverted(version.version, saved.version), {
      ...(before
        ? {
            action: {
              label: templatesLabels.undo,
              run: () => useEditor.getState().id === id && changeDraft(before),
            },
          }
        : {}),
    })
  } catch (cause) {
    toastFailure(cause)
  }
}

/** Copies an old version into the draft, without saving it. */
export function copyToDraft(version: TemplateVersion): void {
  const { draft } = useEditor.getState()
  if (draft) changeDraft(draftOfVersion(draft.name, version))
}

/** Reloads the template after another client saved it. An edited draft is kept, with a notice. */
async function reloadTemplate(): Promise<void> {
  const { id, template, draft, isSaving } = useEditor.getState()
  if (id === null || template.status !== 'ready' || isSaving) return
  try {
    const now = await request('GET /v1/templates/{id}', { params: { id } })
    const state = useEditor.getState()
    if (state.id !== id || state.template.status !== 'ready' || state.isSaving) return
    const isNewer = now.version > state.template.value.version
    const wasDirty = isDirty({ template, draft })
    useEditor.setState({ template: ready(now) })
    if (!wasDirty) useEditor.setState({ draft: draftOf(now) })
    else if (isNewer) {
      toast(templatesLabels.editor.savedElsewhere(now.version), {
        id: 'saved-elsewhere',
        stayMs: 12_000,
        action: {
          label: templatesLabels.editor.compare,
          run: () => useEditor.setState({ tab: 'versions' }),
        },
      })
    }
    if (isNewer) void loadVersions()
  } catch (cause) {
    const isGone = cause instanceof RequestFailure && cause.status === 404
    if (isGone && useEditor.getState().id === id) useEditor.setState({ template: failed(cause) })
  }
}

listen({
  events: (events) => {
    if (events.some(({ type }) => type.startsWith('template.'))) void reloadTemplate()
  },
})
