import type { InboxMessageDetail, MessageView } from '../../../src-main/contract/messages.ts'
import { request } from '../../app/request.ts'
import { discardPreloadedFrame, preloadFrame } from '../../message/frame-preload.ts'
import { isTrusted } from '../../message/view-choices.ts'
import { ready } from '../../ui/load.ts'
import { type Parts, partOf, readers, type Tab } from './message-parts.ts'
import { isRequested } from './message-store.ts'

/** A message, and what its tab shows on its way. */
export type FetchedMessage = {
  readonly detail: InboxMessageDetail
  readonly parts: readonly (readonly [keyof Parts, Promise<unknown>])[]
}

/** Larger ones are shown first, and then looked through. */
const smallBytes = 50_000
/** Somebody who rests on a row for so long may open it. */
const restMs = 50
const aheadMs = 10_000
/** Drawing larger ones takes more work than a glance at a row is worth. */
const maxAheadBytes = 1_000_000

let wantedTab: Tab = 'html'
let resting: ReturnType<typeof setTimeout> | undefined
let ahead: {
  readonly id: string
  readonly at: number
  readonly asked: Promise<FetchedMessage>
} | null = null

/** What is needed to show a message; what was asked for ahead is not asked for again. */
export async function fetchMessage(id: string, signal: AbortSignal): Promise<FetchedMessage> {
  const known = freshAhead(id)
  ahead = null
  return known?.catch(() => ask(id, signal)) ?? ask(id, signal)
}

/** Asks for a message that is likely opened next, should nothing else be named at once. */
export function prefetchMessage(id: string): void {
  clearTimeout(resting)
  resting = setTimeout(() => {
    if (isRequested(id) || freshAhead(id)) return
    const asked = ask(id)
    // Whoever opens it asks again.
    asked.then(preloadView).catch(() => undefined)
    ahead = { id, at: Date.now(), asked }
  }, restMs)
}

/** What was asked for ahead no longer looks as it should. */
export function discardPrefetched(): void {
  ahead = null
  discardPreloadedFrame()
}

/** Not where something would be fetched from elsewhere: a sender would hear of a reading that never was. */
async function preloadView({ detail, parts }: FetchedMessage): Promise<void> {
  const view = await parts.find(([part]) => part === 'view')?.[1]
  const isExpected = freshAhead(detail.id) !== null
  if (!view || !isExpected || isTrusted(detail.from.address)) return
  if (detail.size_bytes <= maxAheadBytes) preloadFrame((view as MessageView).url)
}

/** Messages open at this tab from now on, where they have what it shows. */
export function rememberTab(tab: Tab): void {
  wantedTab = tab
  discardPrefetched()
}

export function displayStateOf(detail: InboxMessageDetail) {
  const isRemoteAllowed = isTrusted(detail.from.address)
  return { detail: ready(detail), tab: fittingTab(detail), isRemoteAllowed }
}

function freshAhead(id: string): Promise<FetchedMessage> | null {
  return ahead?.id === id && Date.now() - ahead.at < aheadMs ? ahead.asked : null
}

async function ask(id: string, signal = new AbortController().signal): Promise<FetchedMessage> {
  const detail = await request('GET /v1/inbox/{id}', { params: { id }, signal })
  const { tab, isRemoteAllowed } = displayStateOf(detail)
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

function fittingTab(detail: InboxMessageDetail): Tab {
  if (wantedTab === 'attachments' && detail.attachment_list.length === 0) return bodyTab(detail)
  return wantedTab === 'html' ? bodyTab(detail) : wantedTab
}

function bodyTab({ has_html, has_text }: InboxMessageDetail): Tab {
  return has_html || !has_text ? 'html' : 'text'
}
