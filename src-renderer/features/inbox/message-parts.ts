import type { InboxMessageDetail } from '../../../src-main/contract/messages.ts'
import { type Reply, request } from '../../app/request.ts'
import { createPartReaders, type MessageParts, type ReadPart } from '../../message/part-readers.ts'
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

/** Parts of a captured message that load on demand. */
export type Parts = MessageParts & {
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

export const readers: { readonly [P in keyof Parts]: ReadPart } = {
  ...createPartReaders('inbox', () => useInbox.getState().query),
  extract: ({ params, signal }) => request('GET /v1/inbox/{id}/extract', { params, signal }),
  structure: async ({ params, signal }) =>
    (await request('GET /v1/inbox/{id}/structure', { params, signal })).data,
  delivery: ({ params, signal }) => readDelivery(params.id, signal),
}
