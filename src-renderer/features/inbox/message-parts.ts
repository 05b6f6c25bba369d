import type { InboxMessageDetail } from '../../../src-main/contract/messages.ts'
import { type Reply, request, requestContent } from '../../app/request.ts'
import { useViewChoices } from '../../message/view-choices.ts'
import type { Load } from '../../ui/load.ts'
import { useInbox } from './inbox-store.ts'
import { type Delivery, readDelivery } from './message/delivery-details.ts'

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

/** Parts of a message that load on demand. */
export type Parts = {
  readonly view: Load<Reply<'POST /v1/inbox/{id}/view'>>
  readonly text: Load<string>
  readonly source: Load<string>
  readonly headers: Load<Reply<'GET /v1/inbox/{id}/headers'>['data']>
  readonly extract: Load<Reply<'GET /v1/inbox/{id}/extract'>>
  readonly structure: Load<Reply<'GET /v1/inbox/{id}/structure'>['data']>
  readonly delivery: Load<Delivery>
}

/** The part that a tab needs; null if the message detail is enough. */
export function partOf(tab: Tab, detail: InboxMessageDetail | null): keyof Parts | null {
  return tab === 'html' && detail?.has_html === false ? null : partOfTab[tab]
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

type PartRequest = {
  readonly params: { readonly id: string }
  readonly signal: AbortSignal
  readonly isRemoteAllowed: boolean
}
export type ReadPart = (request: PartRequest) => Promise<unknown>

export const readers: { readonly [P in keyof Parts]: ReadPart } = {
  view: ({ isRemoteAllowed, ...options }) => {
    const { scheme } = useViewChoices.getState()
    const highlight = useInbox.getState().query
    const body = { remote_content: isRemoteAllowed, scheme, highlight }
    return request('POST /v1/inbox/{id}/view', { ...options, body })
  },
  text: async (options) => (await requestContent('GET /v1/inbox/{id}/text', options)).text(),
  source: async (options) => (await requestContent('GET /v1/inbox/{id}/raw', options)).text(),
  headers: async (options) => (await request('GET /v1/inbox/{id}/headers', options)).data,
  extract: (options) => request('GET /v1/inbox/{id}/extract', options),
  structure: async (options) => (await request('GET /v1/inbox/{id}/structure', options)).data,
  delivery: ({ params, signal }) => readDelivery(params.id, signal),
}
