import type { InboxMessageDetail, MessageView } from '../../../src-main/contract/messages.ts'
import { request } from '../../app/request.ts'
import { discardPreloadedFrame, preloadFrame } from '../../message/frame-preload.ts'
import { isTrusted } from '../../message/view-choices.ts'
import { ready } from '../../ui/load.ts'
import { type Parts, partOf, readers, type Tab } from './message-parts.ts'
import { isRequested } from './message-store.ts'

/** A message and the pending parts of its tab. */
export type FetchedMessage = {
  readonly detail: InboxMessageDetail
  readonly parts: readonly (readonly [keyof Parts, Promise<unknown>])[]
}

/** Larger messages load their codes and links after the body. */
const maxSmallBytes = 50_000
/** A pointer or cursor that stays this long on a row may open it. */
const hoverMs = 50
const validMs = 10_000
/** Larger pages are not preloaded, because rendering them is expensive. */
const maxPreloadBytes = 1_000_000

let preferredTab: Tab = 'html'
let hoverTimer: ReturnType<typeof setTimeout> | undefined
let prefetched: {
  readonly id: string
  readonly at: number
  readonly pending: Promise<FetchedMessage>
} | null = null

/** Fetches a message and the parts of its tab, or reuses the prefetched ones. */
export async function fetchMessage(id: string, signal: AbortSignal): Promise<FetchedMessage> {
  const known = validPrefetch(id)
  prefetched = null
  return known?.catch(() => load(id, signal)) ?? load(id, signal)
}

/** Prefetches the message that is likely opened next, after a short delay. */
export function prefetchMessage(id: string): void {
  clearTimeout(hoverTimer)
  hoverTimer = setTimeout(() => {
    if (isRequested(id) || validPrefetch(id)) return
    const pending = load(id)
    // Opening the message retries.
    pending.then(preloadView).catch(() => undefined)
    prefetched = { id, at: Date.now(), pending }
  }, hoverMs)
}

/** Call when a prefetched message is out of date. */
export function discardPrefetched(): void {
  prefetched = null
  discardPreloadedFrame()
}

/** Skips trusted senders: their remote content would load, and report a message as read. */
async function preloadView({ detail, parts }: FetchedMessage): Promise<void> {
  const view = await parts.find(([part]) => part === 'view')?.[1]
  const isCurrent = validPrefetch(detail.id) !== null
  if (!view || !isCurrent || isTrusted(detail.from.address)) return
  if (detail.size_bytes <= maxPreloadBytes) preloadFrame((view as MessageView).url)
}

/** Sets the tab in which further messages open, if they have its content. */
export function rememberTab(tab: Tab): void {
  preferredTab = tab
  discardPrefetched()
}

export function displayStateOf(detail: InboxMessageDetail) {
  const isRemoteAllowed = isTrusted(detail.from.address)
  return { detail: ready(detail), tab: fittingTab(detail), isRemoteAllowed }
}

function validPrefetch(id: string): Promise<FetchedMessage> | null {
  return prefetched?.id === id && Date.now() - prefetched.at < validMs ? prefetched.pending : null
}

async function load(id: string, signal = new AbortController().signal): Promise<FetchedMessage> {
  const detail = await request('GET /v1/inbox/{id}', { params: { id }, signal })
  const { tab, isRemoteAllowed } = displayStateOf(detail)
  const isSmall = detail.size_bytes <= maxSmallBytes
  const body = partOf(tab, detail)
  const needed = new Set<keyof Parts>()
  if (body && (isSmall || body === 'view')) needed.add(body)
  if (isSmall) needed.add('extract')
  const parts = [...needed].map((part) => {
    const read = readers[part]({ params: { id }, signal, isRemoteAllowed })
    // The message may never be opened; opening it handles the error.
    read.catch(() => undefined)
    return [part, read] as const
  })
  return { detail, parts }
}

function fittingTab(detail: InboxMessageDetail): Tab {
  if (preferredTab === 'attachments' && detail.attachment_list.length === 0) return bodyTab(detail)
  return preferredTab === 'html' ? bodyTab(detail) : preferredTab
}

function bodyTab({ has_html, has_text }: InboxMessageDetail): Tab {
  return has_html || !has_text ? 'html' : 'text'
}
