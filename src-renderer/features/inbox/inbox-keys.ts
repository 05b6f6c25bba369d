import { useLayoutEffect } from 'react'
import { go, useRoute } from '../../app/router.ts'
import { focusRow } from '../../ui/focus-row.ts'
import { isMac, useHotkeys } from '../../ui/hotkeys.ts'
import { toastFailure } from '../../ui/toasts.tsx'
import { deleteMessages, markMessage, markMessages } from './inbox-changes.ts'
import { adjacentRow } from './inbox-rows.ts'
import { focusSearch } from './inbox-search.tsx'
import {
  clearSelection,
  selectLoaded,
  selectTo,
  toggleSelected,
  useSelection,
} from './inbox-selection.ts'
import { deleteSelected, exportSelected } from './inbox-selection-bar.tsx'
import { toggleInboxSidebar } from './inbox-sidebar-state.ts'
import { useInbox } from './inbox-store.ts'
import { openTagging } from './inbox-tagging.ts'
import { confirmDeleteAll } from './inbox-toolbar.tsx'
import { prefetchMessage } from './message-prefetch.ts'

/** Shortcuts of the list. They apply to the selection, else to the row at the cursor. */
export function useInboxKeys(openId: string | null): void {
  const move = (by: number) => (event: KeyboardEvent) =>
    event.shiftKey ? extendSelection(by) : step(by, openId)
  useHotkeys({
    '/': focusSearch,
    '[': toggleInboxSidebar,
    j: move(1),
    arrowdown: move(1),
    'shift+arrowdown': move(1),
    k: move(-1),
    arrowup: move(-1),
    'shift+arrowup': move(-1),
    enter: () => {
      const { cursor, rows } = useInbox.getState()
      const id = cursor ?? rows[0]?.id
      if (id) go('inbox', id)
    },
    x: () => {
      const { cursor, rows } = useInbox.getState()
      const id = cursor ?? rows[0]?.id
      if (!id) return
      useInbox.setState({ cursor: id })
      toggleSelected(id)
    },
    t: openTagging,
    e: () => {
      if (useSelection.getState().ids.size > 0) exportSelected().catch(toastFailure)
    },
    u: toggleRead,
    delete: deleteSelectionOrRow,
    backspace: deleteSelectionOrRow,
    escape: () => {
      if (useSelection.getState().ids.size > 0) clearSelection()
      else go('inbox')
    },
  })
  useSelectAll()
}

/** Not a hotkey, because text fields handle mod+A themselves. */
function useSelectAll(): void {
  useLayoutEffect(() => {
    function onKeyDown(event: KeyboardEvent) {
      const isMod = isMac ? event.metaKey : event.ctrlKey
      if (!isMod || event.key.toLowerCase() !== 'a' || event.defaultPrevented) return
      const { target } = event
      const isInList = target === document.body || isRow(target)
      if (!isInList || useRoute.getState().screen !== 'inbox') return
      event.preventDefault()
      selectLoaded()
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [])
}

function isRow(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.closest('[aria-label="Message list"]') !== null &&
    !(target instanceof HTMLInputElement)
  )
}

/** Moves the cursor, and opens the new row if a message is open. */
export function step(by: number, openId: string | null): void {
  const id = rowIdAt(by)
  if (!id) return
  if (openId) go('inbox', id, true)
  else useInbox.setState({ cursor: id })
  focusRow(id)
  // The next key opens this row, or the row after it if a message is open.
  prefetchMessage(openId ? (rowIdAt(by, id) ?? id) : id)
}

/** Moves the cursor and selects the rows it passes. */
function extendSelection(by: number): void {
  const { cursor } = useInbox.getState()
  if (cursor && useSelection.getState().anchor === null) selectTo(cursor)
  const id = rowIdAt(by)
  if (!id) return
  selectTo(id)
  useInbox.setState({ cursor: id })
  focusRow(id)
}

function rowIdAt(by: number, from = useInbox.getState().cursor): string | undefined {
  const { rows } = useInbox.getState()
  const at = rows.findIndex(({ id }) => id === from)
  const row = at < 0 ? rows[0] : rows[Math.min(rows.length - 1, Math.max(0, at + by))]
  return row?.id
}

function toggleRead(): void {
  const { cursor, rows } = useInbox.getState()
  const { ids } = useSelection.getState()
  if (ids.size > 0) {
    const isAnyUnread = rows.some(({ id, read }) => ids.has(id) && !read)
    void markMessages([...ids], isAnyUnread)
    return
  }
  const row = rows.find(({ id }) => id === cursor)
  if (row) void markMessage(row.id, !row.read)
}

function deleteSelectionOrRow(): void {
  const { ids, everything } = useSelection.getState()
  if (everything !== null) {
    confirmDeleteAll().catch(toastFailure)
    return
  }
  if (ids.size > 0) {
    const { id } = useRoute.getState()
    deleteSelected()
    if (id !== null && ids.has(id)) go('inbox')
    return
  }
  const { cursor } = useInbox.getState()
  if (cursor) removeMessage(cursor)
}

export function removeMessage(id: string): void {
  const { rows } = useInbox.getState()
  const next = adjacentRow(rows, id)
  const isOpen = useRoute.getState().id === id
  deleteMessages([id])
  useInbox.setState({ cursor: next })
  if (isOpen) go('inbox', next, true)
}
