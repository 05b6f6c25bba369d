import { create } from 'zustand'
import type { SavedSearch } from '../../../src-main/contract/messages.ts'
import { quoted } from '../../../src-main/contract/search.ts'
import { type Reply, request } from '../../app/request.ts'
import { dismissToast, toast, toastFailure } from '../../ui/toasts.tsx'
import { showView, useInbox } from './inbox-store.ts'

type ViewsState = {
  readonly tags: Reply<'GET /v1/tags'>['data']
  readonly searches: readonly SavedSearch[]
  /** Names of keys by their ids. */
  readonly keyNames: ReadonlyMap<string, string>
}

/** The parts of the mail that can be gone to, besides the inboxes. */
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

/** What is shown now as one query, to be kept under a name. */
export function wholeQuery(): string {
  const { inbox, unreadOnly, query } = useInbox.getState()
  return [inbox && `inbox:${quoted(inbox)}`, unreadOnly && 'is:unread', query]
    .filter(Boolean)
    .join(' ')
}

export async function saveSearch(name: string, query: string): Promise<void> {
  await request('POST /v1/searches', { body: { name, query } })
  await loadSearches()
  toast(`Saved as “${name}”`)
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
  toast(`Saved search “${name}” deleted`, {
    id: toastId,
    action: {
      label: 'Undo',
      run: () => {
        dismissToast(toastId)
        saveSearch(name, query).catch(toastFailure)
      },
    },
  })
}
