import { create } from 'zustand'
import type { InboxMessageDetail } from '../../../src-main/contract/messages.ts'
import { isAbort, type Reply, request, requestContent } from '../../request.ts'
import { failed, idle, type Load, loading, ready } from '../../ui/load.ts'
import { markMessage } from './inbox-changes.ts'

export const tabs = ['html', 'text', 'source', 'headers', 'attachments'] as const
export type Tab = (typeof tabs)[number]

type MessageState = {
  readonly id: string | null
  readonly tab: Tab
  readonly detail: Load<InboxMessageDetail>
  readonly view: Load<Reply<'POST /v1/inbox/{id}/view'>>
  readonly isRemoteAllowed: boolean
  readonly text: Load<string>
  readonly source: Load<string>
  readonly headers: Load<Reply<'GET /v1/inbox/{id}/headers'>['data']>
}

const blank = {
  detail: loading,
  view: idle,
  isRemoteAllowed: false,
  text: idle,
  source: idle,
  headers: idle,
} as const

export const useMessage = create<MessageState>(() => ({ id: null, tab: 'html', ...blank }))

let controller = new AbortController()
let wantedTab: Tab = 'html'

/** Opens a message, or with null none. What was asked for the one before is dropped. */
export async function openMessage(id: string | null): Promise<void> {
  controller.abort()
  controller = new AbortController()
  useMessage.setState({ id, ...blank })
  if (id === null) return
  await loadDetail(id)
  if (useMessage.getState().id === id) void markMessage(id, true)
}

async function loadDetail(id: string): Promise<void> {
  try {
    const { signal } = controller
    const detail = await request('GET /v1/inbox/{id}', { params: { id }, signal })
    useMessage.setState({ detail: ready(detail), tab: fittingTab(detail) })
    void loadTab()
  } catch (cause) {
    if (!isAbort(cause)) useMessage.setState({ detail: failed(cause) })
  }
}

/** Reads the open message again when it was opened before it was parsed. */
export function refreshMessage(): void {
  const { id, detail } = useMessage.getState()
  if (id === null || detail.status !== 'ready' || detail.value.snippet !== null) return
  void loadDetail(id)
}

export function retryMessage(): void {
  void openMessage(useMessage.getState().id)
}

export function showTab(tab: Tab): void {
  wantedTab = tab
  useMessage.setState({ tab })
  void loadTab()
}

export function loadRemoteContent(): void {
  useMessage.setState({ isRemoteAllowed: true, view: idle })
  void loadTab()
}

function fittingTab(detail: InboxMessageDetail): Tab {
  if (wantedTab === 'attachments' && detail.attachment_list.length === 0) return bodyTab(detail)
  return wantedTab === 'html' ? bodyTab(detail) : wantedTab
}

function bodyTab({ has_html, has_text }: InboxMessageDetail): Tab {
  return has_html || !has_text ? 'html' : 'text'
}

/** Fetches what the open tab shows, if it is not here yet. */
export async function loadTab(): Promise<void> {
  const { id, tab, isRemoteAllowed } = useMessage.getState()
  if (id === null) return
  const params = { id }
  const { signal } = controller
  switch (tab) {
    case 'html':
      return fill('view', () =>
        request('POST /v1/inbox/{id}/view', {
          params,
          body: { remote_content: isRemoteAllowed },
          signal,
        }),
      )
    case 'text':
      return fill('text', async () =>
        (await requestContent('GET /v1/inbox/{id}/text', { params, signal })).text(),
      )
    case 'source':
      return fill('source', async () =>
        (await requestContent('GET /v1/inbox/{id}/raw', { params, signal })).text(),
      )
    case 'headers':
      return fill(
        'headers',
        async () => (await request('GET /v1/inbox/{id}/headers', { params, signal })).data,
      )
    case 'attachments':
  }
}

type Part = 'view' | 'text' | 'source' | 'headers'

async function fill<P extends Part>(part: P, ask: () => Promise<unknown>): Promise<void> {
  const { status } = useMessage.getState()[part]
  if (status === 'loading' || status === 'ready') return
  const { id } = useMessage.getState()
  const set = (load: Load<unknown>) => {
    // `ask` answers what this part holds; one setter for the four cannot say so in types.
    if (useMessage.getState().id === id)
      useMessage.setState({ [part]: load } as Partial<MessageState>)
  }
  set(loading)
  try {
    set(ready(await ask()))
  } catch (cause) {
    if (!isAbort(cause)) set(failed(cause))
  }
}
