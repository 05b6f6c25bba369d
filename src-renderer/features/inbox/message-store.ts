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

/** How long a message waits for its parts, so that it is drawn once and nothing moves. */
const longestWaitMs = 100
/** Larger ones are shown first, and then looked through. */
const smallBytes = 50_000
/** A message that takes longer shows its outline; until then what was shown stays. */
const patienceMs = 80
/** Somebody who rests on a row for so long may open it. */
const restMs = 50
const aheadMs = 10_000

let controller = new AbortController()
let wantedId: string | null = null
let wantedTab: Tab = 'html'
let ahead: { readonly id: string; readonly at: number; readonly asked: Promise<Asked> } | null =
  null
let resting: ReturnType<typeof setTimeout> | undefined

/** A message, and what its tab shows on its way. */
type Asked = {
  readonly detail: InboxMessageDetail
  readonly parts: readonly (readonly [keyof Parts, Promise<unknown>])[]
}

/** Opens a message, or with null none. What was asked for the one before is dropped. */
export async function openMessage(id: string | null): Promise<void> {
  if (id === wantedId) return
  controller.abort()
  controller = new AbortController()
  wantedId = id
  if (id === null) {
    useMessage.setState({ id, ...blank })
    return
  }
  const { signal } = controller
  const patience = setTimeout(() => {
    if (!signal.aborted) useMessage.setState({ id, ...blank })
  }, patienceMs)
  try {
    const { detail, parts } = await askedFor(id, signal)
    const loads = await settled(parts)
    if (signal.aborted) return
    useMessage.setState({ id, ...blank, ...looksOf(detail), ...loads })
    for (const [part, read] of parts) if (!(part in loads)) void fill(part, () => read)
    void showBody()
    void markMessage(id, true)
  } catch (cause) {
    if (!isAbort(cause)) useMessage.setState({ id, ...blank, detail: failed(cause) })
  } finally {
    clearTimeout(patience)
  }
}

/** Asks for a message that is likely opened next, should nothing else be named at once. */
export function expectMessage(id: string): void {
  clearTimeout(resting)
  resting = setTimeout(() => {
    if (id === wantedId || freshAhead(id)) return
    const asked = ask(id)
    // Whoever opens it asks again.
    asked.catch(() => undefined)
    ahead = { id, at: Date.now(), asked }
  }, restMs)
}

function freshAhead(id: string): Promise<Asked> | null {
  return ahead?.id === id && Date.now() - ahead.at < aheadMs ? ahead.asked : null
}

async function askedFor(id: string, signal: AbortSignal): Promise<Asked> {
  const known = freshAhead(id)
  ahead = null
  return known?.catch(() => ask(id, signal)) ?? ask(id, signal)
}

async function ask(id: string, signal = new AbortController().signal): Promise<Asked> {
  const detail = await request('GET /v1/inbox/{id}', { params: { id }, signal })
  const { tab, isRemoteAllowed } = looksOf(detail)
  const isSmall = detail.size_bytes <= smallBytes
  const body = partOf(tab, detail)
  const wanted = new Set<keyof Parts>()
  if (body && (isSmall || body === 'view')) wanted.add(body)
  if (isSmall) wanted.add('extract')
  const parts = [...wanted].map((part) => {
    const read = readers[part]({ params: { id }, signal, isRemoteAllowed })
    // It is looked at when the message is opened, if it is.
    read.catch(() => undefined)
    return [part, read] as const
  })
  return { detail, parts }
}

/** What comes soon enough to be drawn with the message, and not after it. */
async function settled(parts: Asked['parts']): Promise<Partial<Parts>> {
  const loads: Partial<Record<keyof Parts, Load<unknown>>> = {}
  const all = parts.map(async ([part, read]) => {
    loads[part] = await read.then(ready, failed)
  })
  const late = new Promise((done) => setTimeout(done, longestWaitMs))
  await Promise.race([Promise.all(all), late])
  // Each reader answers what its part holds; a list of them cannot say so in types.
  return { ...loads } as Partial<Parts>
}

function looksOf(detail: InboxMessageDetail) {
  const isRemoteAllowed = isTrusted(detail.from.address)
  return { detail: ready(detail), tab: fittingTab(detail), isRemoteAllowed }
}

/** Reads the open message again when it was opened before it was parsed. */
export function refreshMessage(): void {
  const { id, detail } = useMessage.getState()
  if (id === null || detail.status !== 'ready' || detail.value.snippet !== null) return
  void readAgain(id)
}

async function readAgain(id: string): Promise<void> {
  const { signal } = controller
  try {
    const detail = await request('GET /v1/inbox/{id}', { params: { id }, signal })
    if (signal.aborted) return
    useMessage.setState(looksOf(detail))
    await showBody()
  } catch (cause) {
    if (!isAbort(cause)) useMessage.setState({ detail: failed(cause) })
  }
}

export function retryMessage(): void {
  const { id } = useMessage.getState()
  wantedId = null
  void openMessage(id)
}

export function showTab(tab: Tab): void {
  wantedTab = tab
  ahead = null
  useMessage.setState({ tab })
  void showBody()
}

export function allowRemoteContent(isRemoteAllowed: boolean): void {
  ahead = null
  useMessage.setState({ isRemoteAllowed, view: idle })
  void loadTab()
}

export function chooseScheme(scheme: Scheme): void {
  ahead = null
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

type Ask = {
  readonly params: { readonly id: string }
  readonly signal: AbortSignal
  readonly isRemoteAllowed: boolean
}
type Read = (ask: Ask) => Promise<unknown>

const readers: { readonly [P in keyof Parts]: Read } = {
  view: ({ isRemoteAllowed, ...ask }) => {
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

function partOf(tab: Tab, { has_html }: InboxMessageDetail): keyof Parts | null {
  return tab === 'html' && !has_html ? null : partOfTab[tab]
}

/** Fetches what the open tab shows, if it is not here yet. */
export async function loadTab(): Promise<void> {
  const { tab, detail } = useMessage.getState()
  const part = detail.status === 'ready' ? partOf(tab, detail.value) : partOfTab[tab]
  if (part !== null) await fill(part, readers[part])
}

/** A frame has its page still to come: it says itself when the rest may be read. */
async function showBody(): Promise<void> {
  const { tab, detail } = useMessage.getState()
  await loadTab()
  if (detail.status === 'ready' && partOf(tab, detail.value) !== 'view') await lookThrough()
}

/** The code and the links: reading a large message for them must not hold up its body. */
export function lookThrough(): Promise<void> {
  return fill('extract', readers.extract)
}

async function fill(part: keyof Parts, read: Read): Promise<void> {
  const { id, isRemoteAllowed, [part]: known } = useMessage.getState()
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
    set(ready(await read({ params: { id }, signal, isRemoteAllowed })))
  } catch (cause) {
    if (!isAbort(cause)) set(failed(cause))
  }
}

const marksOf = (query: string) => hitPattern(query, textFields)?.source

// The words that are marked in a view were put there by the relay, so another search needs another.
useInbox.subscribe((now, before) => {
  if (now.query === before.query || marksOf(now.query) === marksOf(before.query)) return
  ahead = null
  if (useMessage.getState().view.status === 'idle') return
  useMessage.setState({ view: idle })
  void loadTab()
})
