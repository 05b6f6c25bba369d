import { create } from 'zustand'
import type { LogEntry } from '../../../src-main/contract/logs.ts'
import type { EmailDetail } from '../../../src-main/contract/messages.ts'
import { isAbort, type Reply, request, requestContent } from '../../request.ts'
import { saveFile } from '../../save-file.ts'
import { failed, idle, type Load, loading, ready } from '../../ui/load.ts'
import { toast } from '../../ui/toasts.tsx'

export const sentTabs = ['delivery', 'headers', 'source', 'details'] as const
export type SentTab = (typeof sentTabs)[number]

type SentState = {
  readonly id: string | null
  readonly tab: SentTab
  readonly detail: Load<EmailDetail>
  readonly log: Load<readonly LogEntry[]>
  readonly headers: Load<Reply<'GET /v1/emails/{id}/headers'>['data']>
  readonly source: Load<string>
}

const blank = { detail: loading, log: loading, headers: idle, source: idle } as const

export const useSent = create<SentState>(() => ({ id: null, tab: 'delivery', ...blank }))

let controller = new AbortController()

/** Opens a sent message, or with null none. */
export async function openSent(id: string | null): Promise<void> {
  controller.abort()
  controller = new AbortController()
  useSent.setState({ id, ...blank })
  if (id === null) return
  await refreshSent()
  await loadTab()
}

/** Reads the open message and its log again. */
export async function refreshSent(): Promise<void> {
  const { id } = useSent.getState()
  if (id === null) return
  const { signal } = controller
  const params = { id }
  await Promise.all([
    request('GET /v1/emails/{id}', { params, signal }).then(
      (detail) => useSent.setState({ detail: ready(detail) }),
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

/** Fetches what the open tab shows, if it is not here yet. */
export async function loadTab(): Promise<void> {
  const { id, tab, headers, source } = useSent.getState()
  if (id === null) return
  const params = { id }
  const { signal } = controller
  if (tab === 'headers' && headers.status !== 'ready') {
    useSent.setState({ headers: loading })
    await request('GET /v1/emails/{id}/headers', { params, signal }).then(
      ({ data }) => useSent.setState({ headers: ready(data) }),
      (cause) => fail('headers', cause),
    )
  }
  if (tab === 'source' && source.status !== 'ready') {
    useSent.setState({ source: loading })
    await requestContent('GET /v1/emails/{id}/raw', { params, signal })
      .then((response) => response.text())
      .then(
        (text) => useSent.setState({ source: ready(text) }),
        (cause) => fail('source', cause),
      )
  }
}

function fail(part: 'detail' | 'log' | 'headers' | 'source', cause: unknown): void {
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
