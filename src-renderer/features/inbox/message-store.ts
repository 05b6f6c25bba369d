import { create } from 'zustand'
import type { InboxMessageDetail } from '../../../src-main/contract/messages.ts'
import { noParts } from '../../message/part-readers.ts'
import { idle, type Load, loading } from '../../ui/load.ts'
import type { Parts, Tab } from './message-parts.ts'

export type MessageState = Parts & {
  readonly id: string | null
  readonly tab: Tab
  readonly detail: Load<InboxMessageDetail>
  readonly isRemoteAllowed: boolean
}

/** The initial state. */
export const blank = {
  detail: loading,
  ...noParts,
  isRemoteAllowed: false,
  extract: idle,
  structure: idle,
  delivery: idle,
} as const

/** The open message and its loaded parts. */
export const useMessage = create<MessageState>(() => ({ id: null, tab: 'html', ...blank }))

let requestedId: string | null = null
let controller = new AbortController()

/** Sets the message to open and aborts the requests for the previous one. */
export function beginRequests(id: string | null): AbortSignal {
  controller.abort()
  controller = new AbortController()
  requestedId = id
  return controller.signal
}

/** True for the message to open, which may still be loading. */
export const isRequested = (id: string | null): boolean => id === requestedId

/** Aborts when another message is requested. */
export const requestSignal = (): AbortSignal => controller.signal
