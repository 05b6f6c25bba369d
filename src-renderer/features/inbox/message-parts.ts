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

/** What is read of a message besides its detail, each when somebody wants to see it. */
export type Parts = {
  readonly view: Load<Reply<'POST /v1/inbox/{id}/view'>>
  readonly text: Load<string>
  readonly source: Load<string>
  readonly headers: Load<Reply<'GET /v1/inbox/{id}/headers'>['data']>
  readonly extract: Load<Reply<'GET /v1/inbox/{id}/extract'>>
  readonly structure: Load<Reply<'GET /v1/inbox/{id}/structure'>['data']>
  readonly delivery: Load<Delivery>
}

/** What a tab shows, as far as is known; null when the detail says it all. */
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

type Ask = {
  readonly params: { readonly id: string }
  readonly signal: AbortSignal
  readonly isRemoteAllowed: boolean
}
export type Read = (ask: Ask) => Promise<unknown>

export const readers: { readonly [P in keyof Parts]: Read } = {
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
