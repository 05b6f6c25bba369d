import { create } from 'zustand'
import type { LogEntry } from '../../../src-main/contract/logs.ts'
import type { InboxMessageDetail } from '../../../src-main/contract/messages.ts'
import { hitPattern, textFields } from '../../../src-main/contract/search-hits.ts'
import { chooseView, isTrusted, type Scheme, useViewChoices } from '../../message/view-choices.ts'
import { isAbort, type Reply, request, requestContent } from '../../request.ts'
import { failed, idle, type Load, loading, ready } from '../../ui/load.ts'
import { markMessage } from './inbox-changes.ts'
import { useInbox } from './inbox-store.ts'
import { readDelivery } from './message/delivery-facts.ts'

/** In the order of the tab bar. */
export const tabs = [
  'html',
  'text',
  'source',
  'headers',
  'attachments',
  'links',
  'structure',
  'delivery',
] as const
export type Tab = (typeof tabs)[number]

export type Delivery = {
  readonly transcript: Reply<'GET /v1/inbox/{id}/transcript'> | null
  /** That it was captured, and the request that brought it; null when no longer in the log. */
  readonly captured: LogEntry | null
  readonly request: LogEntry | null
}

type Parts = {
  readonly view: Load<Reply<'POST /v1/inbox/{id}/view'>>
  readonly text: Load<string>
  readonly source: Load<string>
  readonly headers: Load<Reply<'GET /v1/inbox/{id}/headers'>['data']>
  readonly extract: Load<Reply<'GET /v1/inbox/{id}/extract'>>
  readonly structure: Load<Reply<'GET /v1/inbox/{id}/structure'>['data']>
  readonly delivery: Load<Delivery>
}

type MessageState = Parts & {
  readonly id: string | null
  readonly tab: Tab
  readonly detail: Load<InboxMessageDetail>
  readonly isRemoteAllowed: boolean
}

const blank = {
  detail: loading,
  view: idle,
  isRemoteAllowed: false,
  text: idle,
  source: idle,
  headers: idle,
  extract: idle,
  structure: idle,
  delivery: idle,
} as const

export const useMessage = create<MessageState>(() => ({ id: null, tab: 'html', ...blank }))

/** What is waited for the code and the main link, so that their strip moves nothing. */
const longestWaitMs = 100
/** Larger ones are shown first, and then looked through. */
const smallBytes = 50_000

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
    const isSmall = detail.size_bytes <= smallBytes
    if (isSmall) {
      const waited = new Promise((done) => setTimeout(done, longestWaitMs))
      await Promise.race([fill('extract', readers.extract), waited])
    }
    if (signal.aborted) return
    useMessage.setState({
      detail: ready(detail),
      tab: fittingTab(detail),
      isRemoteAllowed: isTrusted(detail.from.address),
    })
    void loadTab().then(() => (isSmall ? undefined : fill('extract', readers.extract)))
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

export function allowRemoteContent(isRemoteAllowed: boolean): void {
  useMessage.setState({ isRemoteAllowed, view: idle })
  void loadTab()
}

export function chooseScheme(scheme: Scheme): void {
  chooseView({ scheme })
  useMessage.setState({ view: idle })
  void loadTab()
}

function fittingTab(detail: InboxMessageDetail): Tab {
  if (wantedTab === 'attachments' && detail.attachment_list.length === 0) return bodyTab(detail)
  return wantedTab === 'html' ? bodyTab(detail) : wantedTab
}

function bodyTab({ has_html, has_text }: InboxMessageDetail): Tab {
  return has_html || !has_text ? 'html' : 'text'
}

type Ask = { readonly params: { readonly id: string }; readonly signal: AbortSignal }
type Read = (ask: Ask) => Promise<unknown>

const readers: { readonly [P in keyof Parts]: Read } = {
  view: (ask) => {
    const { isRemoteAllowed } = useMessage.getState()
    const { scheme } = useViewChoices.getState()
    const highlight = useInbox.getState().query
    const body = { remote_content: isRemoteAllowed, scheme, highlight }
    return request('POST /v1/inbox/{id}/view', { ...ask, body })
  },
  text: async (ask) => (await requestContent('GET /v1/inbox/{id}/text', ask)).text(),
  source: async (ask) => (await requestContent('GET /v1/inbox/{id}/raw', ask)).text(),
  headers: async (ask) => (await request('GET /v1/inbox/{id}/headers', ask)).data,
  extract: (ask) => request('GET /v1/inbox/{id}/extract', ask),
  structure: async (ask) => (await request('GET /v1/inbox/{id}/structure', ask)).data,
  delivery: ({ params, signal }) => readDelivery(params.id, signal),
}

const partOfTab: Readonly<Record<Tab, keyof Parts | null>> = {
  html: 'view',
  text: 'text',
  source: 'source',
  headers: 'headers',
  attachments: null,
  links: 'extract',
  structure: 'structure',
  delivery: 'delivery',
}

/** Fetches what the open tab shows, if it is not here yet. */
export async function loadTab(): Promise<void> {
  const { tab, detail } = useMessage.getState()
  const part = partOfTab[tab]
  if (part === null) return
  if (part === 'view' && detail.status === 'ready' && !detail.value.has_html) return
  await fill(part, readers[part])
}

async function fill(part: keyof Parts, read: Read): Promise<void> {
  const { id, [part]: known } = useMessage.getState()
  if (id === null || known.status === 'loading' || known.status === 'ready') return
  const { signal } = controller
  let shown: Load<unknown> = { ...loading }
  useMessage.setState({ [part]: shown } as Partial<MessageState>)
  const set = (load: Load<unknown>) => {
    // Asked for anew in the meantime, in another colour scheme say: that answer counts.
    if (signal.aborted || useMessage.getState()[part] !== shown) return
    shown = load
    // `read` answers what this part holds; one setter for all of them cannot say so in types.
    useMessage.setState({ [part]: load } as Partial<MessageState>)
  }
  try {
    set(ready(await read({ params: { id }, signal })))
  } catch (cause) {
    if (!isAbort(cause)) set(failed(cause))
  }
}

const marksOf = (query: string) => hitPattern(query, textFields)?.source

// The words that are marked in a view were put there by the relay, so another search needs another.
useInbox.subscribe((now, before) => {
  if (now.query === before.query || marksOf(now.query) === marksOf(before.query)) return
  if (useMessage.getState().view.status === 'idle') return
  useMessage.setState({ view: idle })
  void loadTab()
})
