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

/** Opens a sent message, or with null none. */
export async function openSent(id: string | null): Promise<void> {
  controller.abort()
  controller = new AbortController()
  useSent.setState({ id, ...blank })
  if (id === null) return
  await Promise.all([refreshSent(), loadContent(id)])
  await loadTab()
}

/** It does not change, whatever becomes of the message. */
async function loadContent(id: string): Promise<void> {
  const { signal } = controller
  await request('GET /v1/emails/{id}/content', { params: { id }, signal }).then(
    (content) => useSent.setState({ content: ready(content) }),
    (cause) => fail('content', cause),
  )
}

/** Reads the open message and its log again. */
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
      (cause) => fail('detail', cause),
    ),
    request('GET /v1/logs', { query: { email_id: id }, signal }).then(
      ({ data }) => useSent.setState({ log: ready(data) }),
      (cause) => fail('log', cause),
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

type Ask = { readonly params: { readonly id: string }; readonly signal: AbortSignal }

const readers: { readonly [P in keyof Parts]: (ask: Ask) => Promise<unknown> } = {
  view: (ask) => {
    const { isRemoteAllowed } = useSent.getState()
    const { scheme } = useViewChoices.getState()
    const body = { remote_content: isRemoteAllowed, scheme }
    return request('POST /v1/emails/{id}/view', { ...ask, body })
  },
  text: async (ask) => (await requestContent('GET /v1/emails/{id}/text', ask)).text(),
  headers: async (ask) => (await request('GET /v1/emails/{id}/headers', ask)).data,
  source: async (ask) => (await requestContent('GET /v1/emails/{id}/raw', ask)).text(),
}

const partOfTab: Readonly<Partial<Record<SentTab, keyof Parts>>> = {
  html: 'view',
  text: 'text',
  headers: 'headers',
  source: 'source',
}

/** Fetches what the open tab shows, if it is not here yet. */
export async function loadTab(): Promise<void> {
  const { id, tab, content } = useSent.getState()
  const part = partOfTab[tab]
  if (id === null || part === undefined) return
  if (part === 'view' && content.status === 'ready' && !content.value.has_html) return
  const { [part]: known } = useSent.getState()
  if (known.status === 'loading' || known.status === 'ready') return
  const { signal } = controller
  const asked: Load<unknown> = { ...loading }
  const set = (load: Load<unknown>) => {
    // One setter for all parts cannot say in types that a reader answers what its part holds.
    useSent.setState({ [part]: load } as Partial<SentState>)
  }
  set(asked)
  // Asked for anew in the meantime, in another colour scheme say: that answer counts.
  const isLate = () => signal.aborted || useSent.getState()[part] !== asked
  await readers[part]({ params: { id }, signal }).then(
    (value) => isLate() || set(ready(value)),
    (cause) => isLate() || set(failed(cause)),
  )
}

export function retryContent(): void {
  const { id } = useSent.getState()
  useSent.setState({ content: loading })
  if (id !== null) void loadContent(id).then(loadTab)
}

function fail(part: 'detail' | 'log' | 'content', cause: unknown): void {
  if (isAbort(cause)) return
  // What is shown already stays.
  if (useSent.getState()[part].status === 'ready') return
  useSent.setState({ [part]: failed(cause) } as Partial<SentState>)
}

export async function retrySent(id: string): Promise<void> {
  await request('POST /v1/emails/{id}/retry', { params: { id } })
  toast('The message is sent again, to those who do not have it')
  await refreshSent()
}

export async function cancelSent(id: string): Promise<void> {
  await request('POST /v1/emails/{id}/cancel', { params: { id } })
  toast('Cancelled: what has not left will not be sent')
  await refreshSent()
}

export async function reschedule(id: string, at: Date): Promise<void> {
  const body = { scheduled_at: at.toISOString() }
  await request('PATCH /v1/emails/{id}', { params: { id }, body })
  toast('The message has a new time')
  await refreshSent()
}

/** Saves the message byte for byte; the text shown may have lost bytes that are not UTF-8. */
export async function downloadSent(id: string): Promise<void> {
  const response = await requestContent('GET /v1/emails/{id}/raw', { params: { id } })
  await saveFile(`${id}.eml`, await response.blob())
}
