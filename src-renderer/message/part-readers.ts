import type { MessageView } from '../../src-main/contract/messages.ts'
import { type Reply, request, requestContent } from '../app/request.ts'
import { idle, type Load } from '../ui/load.ts'
import type { ReadAttached } from './attached-message-view.tsx'
import { useViewChoices } from './view-choices.ts'

/** Captured messages are below `/v1/inbox`, live messages below `/v1/emails`. */
export type MessageBase = 'inbox' | 'emails'

/** Parts that load on demand, in the inbox and in the outbox. */
export type MessageParts = {
  readonly view: Load<MessageView>
  readonly text: Load<string>
  readonly headers: Load<Reply<'GET /v1/inbox/{id}/headers'>['data']>
  readonly source: Load<string>
}

export const noParts = { view: idle, text: idle, headers: idle, source: idle } as const

export type PartRequest = {
  readonly params: { readonly id: string }
  readonly signal: AbortSignal
  readonly isRemoteAllowed: boolean
}
export type ReadPart = (request: PartRequest) => Promise<unknown>

/** `searchQuery`: the query whose hits the server highlights in the view. */
export function createPartReaders(
  base: MessageBase,
  searchQuery: () => string,
): { readonly [P in keyof MessageParts]: ReadPart } {
  return {
    view: ({ params, signal, isRemoteAllowed }) => {
      const { scheme } = useViewChoices.getState()
      const body = { remote_content: isRemoteAllowed, scheme, highlight: searchQuery() }
      return request(`POST /v1/${base}/{id}/view`, { params, signal, body })
    },
    text: async ({ params, signal }) =>
      (await requestContent(`GET /v1/${base}/{id}/text`, { params, signal })).text(),
    headers: async ({ params, signal }) =>
      (await request(`GET /v1/${base}/{id}/headers`, { params, signal })).data,
    source: async ({ params, signal }) =>
      (await requestContent(`GET /v1/${base}/{id}/raw`, { params, signal })).text(),
  }
}

/** Reads attached messages of a captured message. */
export function attachedReader(id: string): ReadAttached {
  return (n, signal) =>
    request('GET /v1/inbox/{id}/attachments/{n}/message', { params: { id, n }, signal })
}

/** Loads attachments of one message by their number. */
export function attachmentLoader(base: MessageBase, id: string) {
  return (n: number, signal?: AbortSignal): Promise<Response> =>
    requestContent(`GET /v1/${base}/{id}/attachments/{n}`, {
      params: { id, n },
      ...(signal ? { signal } : {}),
    })
}
