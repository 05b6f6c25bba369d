import { create } from 'zustand'
import type { LogEntry } from '../../../src-main/contract/logs.ts'
import type { EmailDetail, MessageContent } from '../../../src-main/contract/messages.ts'
import { isAbort, request } from '../../app/request.ts'
import { loadPart } from '../../message/load-part.ts'
import { createPartReaders, type MessageParts, noParts } from '../../message/part-readers.ts'
import { chooseView, isTrusted, type Scheme } from '../../message/view-choices.ts'
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

type SentState = MessageParts & {
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
  ...noParts,
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

const readers = createPartReaders('emails', () => '')

const partOfTab: Readonly<Partial<Record<SentTab, keyof MessageParts>>> = {
  html: 'view',
  text: 'text',
  headers: 'headers',
  source: 'source',
}

/** Loads the content of the open tab, if it is not loaded. */
export async function loadTab(): Promise<void> {
  const { id, tab, content, isRemoteAllowed } = useSent.getState()
  const part = partOfTab[tab]
  if (id === null || part === undefined) return
  if (part === 'view' && content.status === 'ready' && !content.value.has_html) return
  const { signal } = controller
  const slot = {
    get: () => useSent.getState()[part],
    // The type of one setter for all parts does not tie the value to its part.
    set: (load: Load<unknown>) => useSent.setState({ [part]: load } as Partial<SentState>),
  }
  await loadPart(slot, signal, () => readers[part]({ params: { id }, signal, isRemoteAllowed }))
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
