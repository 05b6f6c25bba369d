import { go } from '../../app/router.ts'
import { focusRow } from '../../ui/focus-row.ts'
import { useHotkeys } from '../../ui/hotkeys.ts'
import { toastFailure } from '../../ui/toasts.tsx'
import { focusOutboxSearch } from './outbox-filters.tsx'
import { clearSelected, retryMany, toggleSelected, useOutbox } from './outbox-store.ts'
import { retrySent } from './sent-store.ts'

function rowIds(): string[] {
  const { rows, scheduled } = useOutbox.getState()
  return [...scheduled, ...rows].map(({ id }) => id)
}

/** The shortcuts of the inbox list; `x` selects and `r` retries. */
export function useOutboxKeys(openId: string | null): void {
  const next = () => step(1, openId)
  const previous = () => step(-1, openId)
  useHotkeys({
    '/': focusOutboxSearch,
    j: next,
    arrowdown: next,
    k: previous,
    arrowup: previous,
    enter: () => {
      const id = useOutbox.getState().cursor ?? rowIds()[0]
      if (id) go('outbox', id)
    },
    x: () => {
      const id = useOutbox.getState().cursor ?? rowIds()[0]
      if (id) toggleSelected(id)
    },
    r: () => {
      const { selected, cursor } = useOutbox.getState()
      const one = openId ?? cursor
      if (selected.size > 0) retryMany([...selected]).catch(toastFailure)
      else if (one) retrySent(one).catch(toastFailure)
    },
    escape: () => {
      if (useOutbox.getState().selected.size > 0) clearSelected()
      else go('outbox')
    },
  })
}

/** Moves the cursor, and opens the new row if a message is open. */
export function step(by: number, openId: string | null): void {
  const ids = rowIds()
  const { cursor } = useOutbox.getState()
  const at = cursor === null ? -1 : ids.indexOf(cursor)
  const id = at < 0 ? ids[0] : ids[Math.min(ids.length - 1, Math.max(0, at + by))]
  if (!id) return
  if (openId) go('outbox', id, true)
  else useOutbox.setState({ cursor: id })
  focusRow(id)
}
