import { RotateCw, X } from 'lucide-react'
import { useState } from 'react'
import { Button, IconButton } from '../../ui/button.tsx'
import { formatCount } from '../../ui/format.ts'
import { toastFailure } from '../../ui/toasts.tsx'
import { outboxLabels } from './labels.ts'
import { canRetry } from './outbox-rows.ts'
import { clearSelected, retryMany, useOutbox } from './outbox-store.ts'

/** Actions on the selection. It floats above the list, so that no row moves. */
export function SelectionBar() {
  const { selected, rows } = useOutbox()
  const [busy, setBusy] = useState(false)
  if (selected.size === 0) return null
  const retryable = rows.filter((row) => selected.has(row.id) && canRetry(row)).length

  async function retry() {
    setBusy(true)
    await retryMany([...selected]).catch(toastFailure)
    setBusy(false)
  }

  return (
    <section
      aria-label={outboxLabels.selection}
      className="absolute inset-x-3 bottom-3 z-20 flex h-11 animate-rise items-center gap-2 rounded-lg bg-raised pr-1.5 pl-3 shadow-float"
    >
      <span className="figures min-w-0 flex-1 truncate">
        {outboxLabels.selected(formatCount(selected.size))}
        {retryable < selected.size && (
          <span className="text-ink-faint">
            {retryable === 0
              ? outboxLabels.noneToRetry
              : outboxLabels.someToRetry(formatCount(retryable))}
          </span>
        )}
      </span>
      <Button look="primary" icon={RotateCw} busy={busy} disabled={retryable === 0} onClick={retry}>
        {outboxLabels.retryNow}
      </Button>
      <IconButton
        icon={X}
        label={outboxLabels.clearSelection}
        shortcut="Esc"
        onClick={clearSelected}
      />
    </section>
  )
}
