import { create } from 'zustand'
import type { InboxMessageDetail } from '../../../src-main/contract/messages.ts'
import { idle, type Load, loading } from '../../ui/load.ts'
import type { Parts, Tab } from './message-parts.ts'

export type MessageState = Parts & {
  readonly id: string | null
  readonly tab: Tab
  readonly detail: Load<InboxMessageDetail>
  readonly isRemoteAllowed: boolean
}

/** What is shown before anything is known. */
export const blank = {
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

/** The message that is shown, and as much of it as is here. */
export const useMessage = create<MessageState>(() => ({ id: null, tab: 'html', ...blank }))

let wantedId: string | null = null
let controller = new AbortController()

/** Names the message that is to be open; what is asked for the one before is dropped. */
export function beginRequests(id: string | null): AbortSignal {
  controller.abort()
  controller = new AbortController()
  wantedId = id
  return controller.signal
}

/** It may still be on its way, and another one shown. */
export const isRequested = (id: string | null): boolean => id === wantedId

/** For what is asked of the wanted message: over when another one is. */
export const requestSignal = (): AbortSignal => controller.signal
