import { create } from 'zustand'
import type { Template, TemplateEngine } from '../../../src-main/contract/templates.ts'
import { listen } from '../../app/live.ts'
import { request } from '../../app/request.ts'
import { go } from '../../app/router.ts'
import { createTaskStore } from '../../app/task-store.ts'
import { failed, type Load, loading, ready } from '../../ui/load.ts'
import { toast, toastFailure } from '../../ui/toasts.tsx'
import { templatesLabels } from './labels.ts'
import { starters } from './starters.ts'

export type Shown = 'all' | 'active' | 'archived'

export type TemplateTask =
  | { readonly type: 'create' }
  | { readonly type: 'delete'; readonly template: Template }

type TemplatesState = {
  readonly templates: Load<{ readonly rows: readonly Template[]; readonly total: number }>
  readonly search: string
  readonly shown: Shown
}

export const useTemplates = create<TemplatesState>(() => ({
  templates: loading,
  search: '',
  shown: 'all',
}))

const pageSize = 100
let pages = 1
let lastRequest = 0

export async function loadTemplates(): Promise<void> {
  const { search, shown } = useTemplates.getState()
  const number = ++lastRequest
  const query = {
    limit: pageSize,
    ...(search ? { search } : {}),
    ...(shown === 'all'
      ? {}
      : { active: shown === 'active' ? ('true' as const) : ('false' as const) }),
  }
  try {
    const rows: Template[] = []
    let total = 0
    for (let page = 1; page <= pages; page++) {
      const answer = await request('GET /v1/templates', { query: { ...query, page } })
      rows.push(...answer.data)
      total = answer.pagination.total
      if (rows.length >= total) break
    }
    if (number === lastRequest) useTemplates.setState({ templates: ready({ rows, total }) })
  } catch (cause) {
    if (number !== lastRequest) return
    useTemplates.setState(({ templates }) =>
      templates.status === 'ready' ? {} : { templates: failed(cause) },
    )
  }
}

export function loadMoreTemplates(): void {
  pages += 1
  void loadTemplates()
}

export function filterTemplates(filter: { search?: string; shown?: Shown }): void {
  pages = 1
  useTemplates.setState(filter)
  void loadTemplates()
}

export const { useTask: useTemplateTask, beginTask, endTask } = createTaskStore<TemplateTask>()

type NewTemplateChoice = { name: string; engine: TemplateEngine; starterId: string }

export async function createTemplate({ name, engine, starterId }: NewTemplateChoice) {
  const starter = starters.find(({ id }) => id === starterId) ?? starters[0]
  if (!starter) return
  const { subject, html, variables } = starter.make(engine)
  const { id } = await request('POST /v1/templates', {
    body: { name, engine, subject, html, variables: [...variables] },
  })
  endTask()
  void loadTemplates()
  go('templates', id)
}

export async function duplicateTemplate(template: Template): Promise<void> {
  const { subject, html, text, description, variables, engine } = template
  try {
    const name = await freeName(template.name)
    const { id } = await request('POST /v1/templates', {
      body: { name, subject, html, text, description, variables, engine },
    })
    const { data } = await request('GET /v1/templates/{id}/samples', {
      params: { id: template.id },
    })
    for (const sample of data) {
      await request('PUT /v1/templates/{id}/samples/{name}', {
        params: { id, name: sample.name },
        body: { data: sample.data },
      })
    }
    await loadTemplates()
    toast(templatesLabels.store.duplicated(name), {
      action: { label: templatesLabels.store.open, run: () => go('templates', id) },
    })
  } catch (cause) {
    toastFailure(cause)
  }
}

async function freeName(name: string): Promise<string> {
  const base = `${name.replace(/-copy(-\d+)?$/, '').slice(0, 240)}-copy`
  const { data } = await request('GET /v1/templates', { query: { search: base, limit: 100 } })
  const taken = new Set(data.map((template) => template.name))
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? base : `${base}-${number}`
    if (!taken.has(candidate)) return candidate
  }
}

/** The server refuses sends with an archived template. */
export async function setArchived(template: Template, archived: boolean): Promise<void> {
  try {
    await request('PUT /v1/templates/{id}', {
      params: { id: template.id },
      body: { active: !archived },
    })
    await loadTemplates()
    const id = `archive-${template.id}`
    toast(
      archived
        ? templatesLabels.store.archived(template.name)
        : templatesLabels.store.activated(template.name),
      {
        id,
        action: { label: templatesLabels.undo, run: () => void setArchived(template, !archived) },
      },
    )
  } catch (cause) {
    toastFailure(cause)
  }
}

export async function deleteTemplate(template: Template): Promise<void> {
  await request('DELETE /v1/templates/{id}', { params: { id: template.id } })
  go('templates')
  await loadTemplates()
}

const debounceMs = 200
let timer: ReturnType<typeof setTimeout> | null = null

listen({
  connected: () => void loadTemplates(),
  events: (events) => {
    if (timer !== null || !events.some(({ type }) => type.startsWith('template.'))) return
    timer = setTimeout(() => {
      timer = null
      void loadTemplates()
    }, debounceMs)
  },
})
