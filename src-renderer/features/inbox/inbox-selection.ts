import { create } from 'zustand'
import { idsBetween } from './inbox-rows.ts'
import { useInbox } from './inbox-store.ts'

type SelectionState = {
  readonly ids: ReadonlySet<string>
  /** Start of a range. */
  readonly anchor: string | null
  /** The number of messages in the whole list while all of it is selected, else null. */
  readonly everything: number | null
}

const emptySelection: SelectionState = { ids: new Set(), anchor: null, everything: null }

export const useSelection = create<SelectionState>(() => emptySelection)

export function clearSelection(): void {
  if (useSelection.getState().ids.size > 0) useSelection.setState(emptySelection)
}

export function toggleSelected(id: string): void {
  useSelection.setState(({ ids }) => {
    const next = new Set(ids)
    if (!next.delete(id)) next.add(id)
    return { ids: next, anchor: id, everything: null }
  })
}

/** Selects from the anchor to this row. */
export function selectTo(id: string): void {
  const { rows, cursor } = useInbox.getState()
  useSelection.setState(({ ids, anchor }) => {
    const from = anchor ?? cursor ?? id
    return { ids: new Set([...ids, ...idsBetween(rows, from, id)]), anchor: from, everything: null }
  })
}

export function selectLoaded(): void {
  const { rows } = useInbox.getState()
  if (rows.length === 0) return
  useSelection.setState({ ids: new Set(rows.map(({ id }) => id)), everything: null })
}

// Another list clears the selection; deleted rows leave it.
useInbox.subscribe((now, before) => {
  const { ids } = useSelection.getState()
  if (ids.size === 0) return
  const isOther =
    now.query !== before.query || now.inbox !== before.inbox || now.unreadOnly !== before.unreadOnly
  if (isOther) return clearSelection()
  if (now.hidden === before.hidden || now.hidden.size === 0) return
  const left = [...ids].filter((id) => !now.hidden.has(id))
  if (left.length < ids.size) useSelection.setState({ ids: new Set(left), everything: null })
})
