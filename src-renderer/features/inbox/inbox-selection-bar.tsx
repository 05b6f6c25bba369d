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
import { inboxLabels } from './labels.ts'

const maxExported = 1000

/** Replaces the toolbar while messages are selected. */
export function SelectionBar() {
  const { ids, everything } = useSelection()
  const { rows, hasMore } = useInbox()
  const [isAsking, setAsking] = useState(false)
  const count = everything ?? ids.size
  const isMoreToSelect = everything === null && hasMore && ids.size >= rows.length
  const selected = [...ids]

  return (
    <div
      role="toolbar"
      aria-label={inboxLabels.selectedMessages}
      className="flex h-12 shrink-0 items-center gap-0.5 border-line border-b bg-selected pr-2 pl-2"
    >
      <IconButton
        icon={X}
        label={inboxLabels.clearSelection}
        shortcut="Esc"
        onClick={clearSelection}
      />
      <p role="status" className="figures min-w-0 flex-1 truncate px-1 font-medium">
        {inboxLabels.selected(formatCount(count))}
        {isMoreToSelect && (
          <button
            type="button"
            onClick={() => selectEverything().catch(toastFailure)}
            className="ml-2 rounded-sm text-sage-ink underline underline-offset-2"
          >
            {inboxLabels.selectAll}
          </button>
        )}
      </p>
      <IconButton
        icon={MailOpen}
        label={inboxLabels.markSelectedRead}
        onClick={() => void mark(selected, everything !== null, true)}
      />
      <IconButton
        icon={Mail}
        label={inboxLabels.markSelectedUnread}
        shortcut="u"
        onClick={() => void mark(selected, everything !== null, false)}
      />
      <IconButton icon={Tag} label={inboxLabels.tagSelected} shortcut="t" onClick={openTagging} />
      <IconButton
        icon={Download}
        label={inboxLabels.exportSelected}
        shortcut="e"
        onClick={() => exportSelected().catch(toastFailure)}
      />
      <IconButton
        icon={Trash2}
        label={inboxLabels.deleteSelected}
        shortcut="Delete"
        onClick={() => (everything === null ? deleteSelected() : setAsking(true))}
      />
      <Confirm
        open={isAsking}
        onClose={() => setAsking(false)}
        title={inboxLabels.deleteTitle(count, formatCount(count))}
        action={inboxLabels.deleteAll}
        onConfirm={async () => {
          await clearInbox()
          clearSelection()
        }}
      >
        <p>{inboxLabels.deleteListWarning}</p>
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

/** Needs no confirmation, because the toast offers undo. */
export function deleteSelected(): void {
  const { ids } = useSelection.getState()
  deleteMessages([...ids])
  clearSelection()
}

/** Saves the selection as one mbox file. */
export async function exportSelected(): Promise<void> {
  const { ids, everything } = useSelection.getState()
  if (everything === null && ids.size > maxExported) {
    throw new Error(inboxLabels.tooManyToExport(formatCount(maxExported)))
  }
  const body = everything === null ? { ids: [...ids] } : currentFilter()
  const response = await requestContent('POST /v1/inbox/export', { body })
  await saveFile('messages.mbox', await response.blob())
}
