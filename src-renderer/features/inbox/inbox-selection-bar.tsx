import { Download, Mail, MailOpen, Tag, Trash2, X } from 'lucide-react'
import { useState } from 'react'
import { requestContent } from '../../app/request.ts'
import { saveFile } from '../../app/save-file.ts'
import { IconButton } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { formatCount } from '../../ui/format.ts'
import { toastFailure } from '../../ui/toasts.tsx'
import {
  clearInbox,
  currentFilter,
  deleteMessages,
  markAll,
  markMessages,
} from './inbox-changes.ts'
import { countMatching } from './inbox-counting.ts'
import { clearSelection, useSelection } from './inbox-selection.ts'
import { useInbox } from './inbox-store.ts'
import { openTagging } from './inbox-tagging.ts'

const maxExported = 1000

/** Takes the place of the toolbar while messages are selected: what can be done with them. */
export function SelectionBar() {
  const { ids, everything } = useSelection()
  const { rows, hasMore } = useInbox()
  const [isAsking, setAsking] = useState(false)
  const count = everything ?? ids.size
  const isMoreToSelect = everything === null && hasMore && ids.size >= rows.length
  const each = [...ids]

  return (
    <div
      role="toolbar"
      aria-label="Selected messages"
      className="flex h-12 shrink-0 items-center gap-0.5 border-line border-b bg-selected pr-2 pl-2"
    >
      <IconButton icon={X} label="Clear selection" shortcut="Esc" onClick={clearSelection} />
      <p role="status" className="figures min-w-0 flex-1 truncate px-1 font-medium">
        {formatCount(count)} selected
        {isMoreToSelect && (
          <button
            type="button"
            onClick={() => selectEverything().catch(toastFailure)}
            className="ml-2 rounded-sm text-sage-ink underline underline-offset-2"
          >
            Select all
          </button>
        )}
      </p>
      <IconButton
        icon={MailOpen}
        label="Mark selected read"
        onClick={() => void mark(each, everything !== null, true)}
      />
      <IconButton
        icon={Mail}
        label="Mark selected unread"
        shortcut="u"
        onClick={() => void mark(each, everything !== null, false)}
      />
      <IconButton icon={Tag} label="Tag selected" shortcut="t" onClick={openTagging} />
      <IconButton
        icon={Download}
        label="Export selected"
        shortcut="e"
        onClick={() => exportSelected().catch(toastFailure)}
      />
      <IconButton
        icon={Trash2}
        label="Delete selected"
        shortcut="Delete"
        onClick={() => (everything === null ? deleteSelected() : setAsking(true))}
      />
      <Confirm
        open={isAsking}
        onClose={() => setAsking(false)}
        title={`Delete ${formatCount(count)} messages?`}
        action="Delete all"
        onConfirm={async () => {
          await clearInbox()
          clearSelection()
        }}
      >
        <p>All that the list shows is deleted for good, also what you have not scrolled to.</p>
      </Confirm>
    </div>
  )
}

async function selectEverything(): Promise<void> {
  useSelection.setState({ everything: await countMatching() })
}

async function mark(ids: readonly string[], isEverything: boolean, read: boolean): Promise<void> {
  if (isEverything) await markAll(read).catch(toastFailure)
  else await markMessages(ids, read)
}

/** With undo, so it does not ask. */
export function deleteSelected(): void {
  const { ids } = useSelection.getState()
  deleteMessages([...ids])
  clearSelection()
}

/** One message as it came, more of them as one mbox file. */
export async function exportSelected(): Promise<void> {
  const { ids, everything } = useSelection.getState()
  if (everything === null && ids.size > maxExported) {
    throw new Error(
      `At most ${formatCount(maxExported)} messages can be exported one by one. Search for them and choose “Select all”.`,
    )
  }
  const body = everything === null ? { ids: [...ids] } : currentFilter()
  const response = await requestContent('POST /v1/inbox/export', { body })
  await saveFile('messages.mbox', await response.blob())
}
