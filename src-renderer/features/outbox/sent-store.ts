import { create } from 'zustand'
import type { LogEntry } from '../../../src-main/contract/logs.ts'
import type {
  EmailDetail,
  MessageContent,
  MessageView,
} from '../../../src-main/contract/messages.ts'
import { isAbort, type Reply, request, requestContent } from '../../app/request.ts'
import { saveFile } from '../../app/save-file.ts'
import { chooseView, isTrusted, type Scheme, useViewChoices } from '../../message/view-choices.ts'
import { failed, idle, type Load, loading, ready } from '../../ui/load.ts'
import { toast } from '../../ui/toasts.tsx'
import { sentLabels } from './labels.ts'

export const sentTabs = [
  'delivery',
  'html',
  'text',
  'attachments',
  'headers',
  'source',
  'details',
] as const
export type SentTab = (typeof sentTabs)[number]

type Parts = {
  readonly view: Load<MessageView>
  readonly text: Load<string>
  readonly headers: Load<Reply<'GET /v1/emails/{id}/headers'>['data']>
  readonly source: Load<string>
}

type SentState = Parts & {
  readonly id: string | null
  readonly tab: SentTab
  readonly detail: Load<EmailDetail>
  readonly log: Load<readonly LogEntry[]>
  readonly content: Load<MessageContent>
  readonly isRemoteAllowed: boolean
}

const blank = {
  detail: loading,
  log: loading,
  content: loading,
  view: idle,
  text: idle,
  headers: idle,
  source: idle,
  isRemoteAllowed: false,
} as const

export const useSent = create<SentState>(() => ({ id: null, tab: 'delivery', ...blank }))

let controller = new AbortController()

/** Opens a sent message; null closes it. */
export async function openSent(id: string | null): Promise<void> {
  controller.abort()
  controller = new AbortController()
  useSent.setState({ id, ...blank })
  if (id === null) return
  await Promise.all([refreshSent(), loadContent(id)])
  await loadTab()
}

/** The content never changes, so it is loaded once. */
async function loadContent(id: string): Promise<void> {
  const { signal } = controller
  await request('GET /v1/emails/{id}/content', { params: { id }, signal }).then(
    (content) => useSent.setState({ content: ready(content) }),
    (cause) => setFailed('content', cause),
  )
}

/** Reloads the open message and its log. */
export async function refreshSent(): Promise<void> {
  const { id } = useSent.getState()
  if (id === null) return
  const { signal } = controller
  const params = { id }
  await Promise.all([
    request('GET /v1/emails/{id}', { params, signal }).then(
      (detail) => {
        const isFirst = useSent.getState().detail.status !== 'ready'
        const trust = isFirst ? { isRemoteAllowed: isTrusted(senderOf(detail)) } : {}
        useSent.setState({ detail: ready(detail), ...trust })
      },
      (cause) => setFailed('detail', cause),
    ),
    request('GET /v1/logs', { query: { email_id: id }, signal }).then(
      ({ data }) => useSent.setState({ log: ready(data) }),
      (cause) => setFailed('log', cause),
    ),
  ])
}

export function showTab(tab: SentTab): void {
  useSent.setState({ tab })
  void loadTab()
}

export function allowRemoteContent(isRemoteAllowed: boolean): void {
  useSent.setState({ isRemoteAllowed, view: idle })
  void loadTab()
}

export function chooseScheme(scheme: Scheme): void {
  chooseView({ scheme })
  useSent.setState({ view: idle })
  void loadTab()
}

/** The address in `Shop <shop@example.com>`. */
export function senderOf({ from }: EmailDetail): string {
  return /<([^<>]*)>$/.exec(from)?.[1] ?? from
}

type PartRequest = { readonly params: { readonly id: string }; readonly signal: AbortSignal }

const readers: { readonly [P in keyof Parts]: (options: PartRequest) => Promise<unknown> } = {
  view: (options) => {
    const { isRemoteAllowed } = useSent.getState()
    const { scheme } = useViewChoices.getState()
    const body = { remote_content: isRemoteAllowed, scheme }
    return request('POST /v1/emails/{id}/view', { ...options, body })
  },
  text: async (options) => (await requestContent('GET /v1/emails/{id}/text', options)).text(),
  headers: async (options) => (await request('GET /v1/emails/{id}/headers', options)).data,
  source: async (options) => (await requestContent('GET /v1/emails/{id}/raw', options)).text(),
}

const partOfTab: Readonly<Partial<Record<SentTab, keyof Parts>>> = {
  html: 'view',
  text: 'text',
  headers: 'headers',
  source: 'source',
}

/** Loads the content of the open tab, if it is not loaded. */
export async function loadTab(): Promise<void> {
  const { id, tab, content } = useSent.getState()
  const part = partOfTab[tab]
  if (id === null || part === undefined) return
  if (part === 'view' && content.status === 'ready' && !content.value.has_html) return
  const { [part]: known } = useSent.getState()
  if (known.status === 'loading' || known.status === 'ready') return
  const { signal } = controller
  const current: Load<unknown> = { ...loading }
  const set = (load: Load<unknown>) => {
    // The type of one setter for all parts does not tie the value to its part.
    useSent.setState({ [part]: load } as Partial<SentState>)
  }
  set(current)
  // A newer request, such as for another colour scheme, wins.
  const isOutdated = () => signal.aborted || useSent.getState()[part] !== current
  await readers[part]({ params: { id }, signal }).then(
    (value) => isOutdated() || set(ready(value)),
    (cause) => isOutdated() || set(failed(cause)),
  )
}

export function retryContent(): void {
  const { id } = useSent.getState()
  useSent.setState({ content: loading })
  if (id !== null) void loadContent(id).then(loadTab)
}

function setFailed(part: 'detail' | 'log' | 'content', cause: unknown): void {
  if (isAbort(cause)) return
  // Keep the content that is shown.
  if (useSent.getState()[part].status === 'ready') return
  useSent.setState({ [part]: failed(cause) } as Partial<SentState>)
}

export async function retrySent(id: string): Promise<void> {
  await request('POST /v1/emails/{id}/retry', { params: { id } })
  toast(sentLabels.retrying)
  await refreshSent()
}

export async function cancelSent(id: string): Promise<void> {
  await request('POST /v1/emails/{id}/cancel', { params: { id } })
  toast(sentLabels.cancelled)
  await refreshSent()
}

export async function reschedule(id: string, at: Date): Promise<void> {
  const body = { scheduled_at: at.toISOString() }
  await request('PATCH /v1/emails/{id}', { params: { id }, body })
  toast(sentLabels.rescheduled)
  await refreshSent()
}

/** Saves the exact bytes; the source view may have replaced bytes that are not UTF-8. */
export async function downloadSent(id: string): Promise<void> {
  const response = await requestContent('GET /v1/emails/{id}/raw', { params: { id } })
  await saveFile(`${id}.eml`, await response.blob())
}
