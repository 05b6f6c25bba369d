import { RotateCw, X } from 'lucide-react'
import { useState } from 'react'
import { Button, IconButton } from '../../ui/button.tsx'
import { formatCount } from '../../ui/format.ts'
import { toastFailure } from '../../ui/toasts.tsx'
import { canRetry } from './outbox-rows.ts'
import { clearSelected, retryMany, useOutbox } from './outbox-store.ts'

/** What can be done with the chosen messages; floats, so that the list does not jump. */
export function SelectionBar() {
  const { selected, rows } = useOutbox()
  const [busy, setBusy] = useState(false)
  if (selected.size === 0) return null
  const able = rows.filter((row) => selected.has(row.id) && canRetry(row)).length

  async function retry() {
    setBusy(true)
    await retryMany([...selected]).catch(toastFailure)
    setBusy(false)
  }

  return (
    <section
      aria-label="Selection"
      className="absolute inset-x-3 bottom-3 z-20 flex h-11 animate-rise items-center gap-2 rounded-lg bg-raised pr-1.5 pl-3 shadow-float"
    >
      <span className="figures min-w-0 flex-1 truncate">
        {formatCount(selected.size)} selected
        {able < selected.size && (
          <span className="text-ink-faint">
            {able === 0 ? ', none to retry' : `, ${formatCount(able)} to retry`}
          </span>
        )}
      </span>
      <Button look="primary" icon={RotateCw} busy={busy} disabled={able === 0} onClick={retry}>
        Retry now
      </Button>
      <IconButton icon={X} label="Clear selection" shortcut="Esc" onClick={clearSelected} />
    </section>
  )
}
