import { create } from 'zustand'
import type { Preview } from '../../../src-main/contract/templates.ts'
import { isAbort, RequestFailure, request } from '../../app/request.ts'
import { contentOf } from './drafts.ts'
import { useEditor } from './editor-store.ts'
import { useSamples } from './sample-store.ts'

export type Part = 'subject' | 'html' | 'text'

export type Problem = {
  readonly part: Part | null
  readonly line: number | null
  readonly message: string
}

type PreviewState = {
  /** The last successful preview. */
  readonly preview: Preview | null
  readonly problem: Problem | null
  readonly isRemoteAllowed: boolean
}

const blank = { preview: null, problem: null, isRemoteAllowed: false } as const

export const usePreview = create<PreviewState>(() => blank)

const debounceMs = 200

let controller = new AbortController()
let timer: ReturnType<typeof setTimeout> | null = null

/** Renders the draft with the selected data, at once and after each pause in typing. */
export function startPreview(): () => void {
  usePreview.setState(blank)
  const stops = [
    useEditor.subscribe((state, before) => {
      if (state.draft !== before.draft) scheduleRender(before.draft === null ? 0 : debounceMs)
    }),
    useSamples.subscribe((state, before) => {
      if (state.data !== before.data) scheduleRender(debounceMs)
    }),
  ]
  scheduleRender(0)
  return () => {
    for (const stop of stops) stop()
    if (timer !== null) clearTimeout(timer)
    controller.abort()
  }
}

export function allowRemote(): void {
  usePreview.setState({ isRemoteAllowed: true })
  scheduleRender(0)
}

function scheduleRender(ms: number): void {
  if (timer !== null) clearTimeout(timer)
  timer = setTimeout(() => void render(), ms)
}

async function render(): Promise<void> {
  const { draft, template } = useEditor.getState()
  if (draft === null || template.status !== 'ready') return
  controller.abort()
  controller = new AbortController()
  try {
    const preview = await request('POST /v1/templates/preview', {
      body: {
        engine: template.value.engine,
        ...contentOf(draft),
        data: useSamples.getState().data,
        remote_content: usePreview.getState().isRemoteAllowed,
      },
      signal: controller.signal,
    })
    usePreview.setState({ preview, problem: null })
  } catch (cause) {
    if (!isAbort(cause)) usePreview.setState({ problem: problemOf(cause) })
  }
}

function problemOf(cause: unknown): Problem {
  if (!(cause instanceof RequestFailure)) {
    return {
      part: null,
      line: null,
      message: cause instanceof Error ? cause.message : String(cause),
    }
  }
  const { part, line, message } = cause.details
  return {
    part: part === 'subject' || part === 'html' || part === 'text' ? part : null,
    line: typeof line === 'number' ? line : null,
    message: typeof message === 'string' ? message : cause.message,
  }
}
