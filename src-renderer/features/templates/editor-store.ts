import { create } from 'zustand'
import type { Template, TemplateVersion } from '../../../src-main/contract/templates.ts'
import { listen } from '../../app/live.ts'
import { RequestFailure, request } from '../../app/request.ts'
import { failed, type Load, loading, ready } from '../../ui/load.ts'
import { toast, toastFailure } from '../../ui/toasts.tsx'
import {
  contentOf,
  type Draft,
  draftOf,
  draftOfVersion,
  forgetDraft,
  isSame,
  keepDraft,
  keptDraft,
} from './drafts.ts'
import { loadSamples } from './sample-store.ts'

export const tabs = ['html', 'text', 'variables', 'data', 'versions'] as const
export type Tab = (typeof tabs)[number]

type EditorState = {
  readonly id: string | null
  readonly tab: Tab
  readonly template: Load<Template>
  readonly draft: Draft | null
  /** When the draft was taken up again from before. */
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
    const kept = keptDraft(id)
    const restored = kept && !isSame(kept.draft, saved) ? kept : null
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
  if (isSame(next, draftOf(template.value))) forgetDraft(id)
  else keepDraft(id, template.value.version, next)
}

export function discardDraft(): void {
  const { id, template, draft } = useEditor.getState()
  if (id === null || template.status !== 'ready' || draft === null) return
  forgetDraft(id)
  useEditor.setState({ draft: draftOf(template.value), restoredFrom: null })
  toast('Changes discarded', {
    id: 'discard-draft',
    action: { label: 'Undo', run: () => useEditor.getState().id === id && changeDraft(draft) },
  })
}

/** True when everything is stored. */
export async function saveDraft(): Promise<boolean> {
  const { id, draft, isSaving, template } = useEditor.getState()
  if (id === null || draft === null || isSaving || template.status !== 'ready') return false
  if (!isDirty({ template, draft })) {
    toast('There is nothing to save', { id: 'saved-template' })
    return true
  }
  useEditor.setState({ isSaving: true })
  try {
    const saved = await request('PUT /v1/templates/{id}', {
      params: { id },
      body: { name: draft.name.trim() || template.value.name, ...contentOf(draft) },
    })
    takeSaved(saved, draft)
    toast(`Saved as version ${saved.version}`, { id: 'saved-template' })
    return true
  } catch (cause) {
    toastFailure(cause)
    return false
  } finally {
    useEditor.setState({ isSaving: false })
  }
}

/** What was typed while it was being stored stays. */
function takeSaved(saved: Template, sent: Draft | null): void {
  const { id, draft } = useEditor.getState()
  if (id !== saved.id || draft === null) return
  const next = sent === null || isSame(draft, sent) ? draftOf(saved) : draft
  useEditor.setState({ template: ready(saved), draft: next, restoredFrom: null })
  if (isSame(next, draftOf(saved))) forgetDraft(saved.id)
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
    takeSaved(saved, null)
    const before = draft
    toast(`Version ${version.version} is back, as version ${saved.version}`, {
      ...(before
        ? {
            action: {
              label: 'Undo',
              run: () => useEditor.getState().id === id && changeDraft(before),
            },
          }
        : {}),
    })
  } catch (cause) {
    toastFailure(cause)
  }
}

/** Takes an old version into the draft, without saving it. */
export function takeVersion(version: TemplateVersion): void {
  const { draft } = useEditor.getState()
  if (draft) changeDraft(draftOfVersion(draft.name, version))
}

/** Somebody else may have saved: an untouched editor follows, a touched one is told. */
async function follow(): Promise<void> {
  const { id, template, draft, isSaving } = useEditor.getState()
  if (id === null || template.status !== 'ready' || isSaving) return
  try {
    const now = await request('GET /v1/templates/{id}', { params: { id } })
    const state = useEditor.getState()
    if (state.id !== id || state.template.status !== 'ready' || state.isSaving) return
    const showsRemoteServer = now.version > state.template.value.version
    const wasDirty = isDirty({ template, draft })
    useEditor.setState({ template: ready(now) })
    if (!wasDirty) useEditor.setState({ draft: draftOf(now) })
    else if (showsRemoteServer) {
      toast(
        `Version ${now.version} was saved elsewhere. Your changes are kept; compare before you save.`,
        {
          id: 'saved-elsewhere',
          stayMs: 12_000,
          action: { label: 'Compare', run: () => useEditor.setState({ tab: 'versions' }) },
        },
      )
    }
    if (showsRemoteServer) void loadVersions()
  } catch (cause) {
    const isGone = cause instanceof RequestFailure && cause.status === 404
    if (isGone && useEditor.getState().id === id) useEditor.setState({ template: failed(cause) })
  }
}

listen({
  events: (events) => {
    if (events.some(({ type }) => type.startsWith('template.'))) void follow()
  },
})
