import { create } from 'zustand'
import { request } from '../../app/request.ts'
import { toastFailure } from '../../ui/toasts.tsx'
import { chunksOf, currentFilter } from './inbox-changes.ts'
import { useSelection } from './inbox-selection.ts'
import { loadInbox, useInbox } from './inbox-store.ts'
import { loadTags } from './inbox-views.ts'

/** The messages of the open tag picker; null while it is closed. */
export const useTagging = create<{ ids: readonly string[] | null }>(() => ({ ids: null }))

/** The selection, else the row at the cursor. */
export function targetIds(): readonly string[] {
  const { ids } = useSelection.getState()
  if (ids.size > 0) return [...ids]
  const { cursor } = useInbox.getState()
  return cursor ? [cursor] : []
}

export function openTagging(): void {
  const ids = targetIds()
  if (ids.length > 0) useTagging.setState({ ids })
}

export function closeTagging(): void {
  useTagging.setState({ ids: null })
}

/** Adds or removes a tag. The rows change at once and are restored on failure. */
export async function setTag(ids: readonly string[], tag: string, isAdded: boolean): Promise<void> {
  const isEverything = useSelection.getState().everything !== null
  const before = useInbox.getState().rows
  const wanted = new Set(ids)
  useInbox.setState(({ rows }) => ({
    rows: rows.map((row) => {
      if (!wanted.has(row.id)) return row
      const others = row.tags.filter((name) => !isSameTag(name, tag))
      return { ...row, tags: isAdded ? [...others, tag] : others }
    }),
  }))
  const change = isAdded ? { add_tags: [tag] } : { remove_tags: [tag] }
  try {
    if (isEverything) {
      await request('PATCH /v1/inbox', { body: { ...currentFilter(), ...change } })
    } else {
      for (const chunk of chunksOf(ids)) {
        await request('PATCH /v1/inbox', { body: { ids: chunk, ...change } })
      }
    }
    await loadTags()
  } catch (cause) {
    useInbox.setState({ rows: before })
    void loadInbox()
    toastFailure(cause)
  }
}

/** Tags are case-insensitive on the server. */
export function isSameTag(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase()
}
