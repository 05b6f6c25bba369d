import { create } from 'zustand'
import type { SavedSearch } from '../../../src-main/contract/messages.ts'
import { quoted } from '../../../src-main/contract/search.ts'
import { type Reply, request } from '../../app/request.ts'
import { dismissToast, toast, toastFailure } from '../../ui/toasts.tsx'
import { showView, useInbox } from './inbox-store.ts'
import { inboxLabels } from './labels.ts'

type ViewsState = {
  readonly tags: Reply<'GET /v1/tags'>['data']
  readonly searches: readonly SavedSearch[]
  /** Key names by id. */
  readonly keyNames: ReadonlyMap<string, string>
}

/** Tags, saved searches and key names. */
export const useViews = create<ViewsState>(() => ({
  tags: [],
  searches: [],
  keyNames: new Map(),
}))

export async function loadTags(): Promise<void> {
  const { data } = await request('GET /v1/tags')
  useViews.setState({ tags: data })
}

export async function loadSearches(): Promise<void> {
  const { data } = await request('GET /v1/searches')
  useViews.setState({ searches: data })
}

export async function loadKeyNames(): Promise<void> {
  const { data } = await request('GET /v1/api-keys')
  useViews.setState({ keyNames: new Map(data.map(({ id, name }) => [id, name])) })
}

export const tagQuery = (name: string): string => `tag:${quoted(name)}`

/** The filters of the list as one query, for a saved search. */
export function wholeQuery(): string {
  const { inbox, unreadOnly, query } = useInbox.getState()
  return [inbox && `inbox:${quoted(inbox)}`, unreadOnly && 'is:unread', query]
    .filter(Boolean)
    .join(' ')
}

export async function saveSearch(name: string, query: string): Promise<void> {
  await request('POST /v1/searches', { body: { name, query } })
  await loadSearches()
  toast(inboxLabels.savedAs(name))
}

export async function renameSearch(id: string, name: string): Promise<void> {
  await request('PATCH /v1/searches/{id}', { params: { id }, body: { name } })
  await loadSearches()
}

export async function deleteSearch({ id, name, query }: SavedSearch): Promise<void> {
  await request('DELETE /v1/searches/{id}', { params: { id } })
  await loadSearches()
  if (useInbox.getState().query === query) showView({})
  const toastId = `search-${id}`
  toast(inboxLabels.searchDeleted(name), {
    id: toastId,
    action: {
      label: inboxLabels.undo,
      run: () => {
        dismissToast(toastId)
        saveSearch(name, query).catch(toastFailure)
      },
    },
  })
}
