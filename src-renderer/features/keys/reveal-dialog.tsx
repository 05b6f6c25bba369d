import { TriangleAlert } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { CreatedKey } from '../../../src-main/contract/keys.ts'
import { Button } from '../../ui/button.tsx'
import { Checkbox } from '../../ui/checkbox.tsx'
import { Dialog, DialogBody, DialogFooter } from '../../ui/dialog.tsx'
import { formatExact } from '../../ui/format.ts'
import { Icon } from '../../ui/icon.tsx'
import { endTask } from './keys-store.ts'
import { keysLabels } from './labels.ts'
import { EnvironmentLines, Reveal, ShownOnceNote } from './reveal.tsx'

type RevealDialogProps = { created: CreatedKey; graceUntil: string | null }

export function RevealDialog({ created, graceUntil }: RevealDialogProps) {
  const [isStored, setStored] = useState(false)
  const [isLeaving, setLeaving] = useState(false)
  useWarningBeforeUnload(!isStored)
  return (
    <Dialog
      open
      locked
      onCloseAttempt={() => (isStored ? endTask() : setLeaving(true))}
      onClose={endTask}
      title={graceUntil === null ? keysLabels.reveal.newKey : keysLabels.reveal.newSecret}
      description={graceUntil && keysLabels.times.oldSecretUntil(formatExact(graceUntil))}
      width="wide"
    >
      <DialogBody>
        <ShownOnceNote count={1} />
        <Reveal secret={created.key} mode={created.mode} name={created.name} />
        <EnvironmentLines secret={created.key} />
      </DialogBody>
      {isLeaving && !isStored && (
        <LeaveNote count={1} onStay={() => setLeaving(false)} onLeave={endTask} />
      )}
      <StoredFooter count={1} isStored={isStored} onStored={setStored} onDone={endTask} />
    </Dialog>
  )
}

type StoredFooterProps = {
  count: number
  isStored: boolean
  onStored: (isStored: boolean) => void
  onDone: () => void
}

/** Enables Done once the user confirms that the key is saved. */
export function StoredFooter({ count, isStored, onStored, onDone }: StoredFooterProps) {
  return (
    <DialogFooter>
      <div className="flex-1">
        <Checkbox id="key-is-stored" checked={isStored} onChange={onStored}>
          {keysLabels.reveal.saved(count)}
        </Checkbox>
      </div>
      <Button look="primary" disabled={!isStored} onClick={onDone}>
        {keysLabels.reveal.done}
      </Button>
    </DialogFooter>
  )
}

type LeaveNoteProps = { count: number; onStay: () => void; onLeave: () => void }

/** Warns before the dialog closes with an unsaved key. */
export function LeaveNote({ count, onStay, onLeave }: LeaveNoteProps) {
  return (
    <div
      role="alert"
      className="mx-5 mb-4 flex animate-rise items-center gap-2 rounded-lg bg-danger-soft py-2 pr-2 pl-3 text-danger-ink"
    >
      <Icon of={TriangleAlert} className="shrink-0" />
      <p className="min-w-0 flex-1">{keysLabels.reveal.notSaved(count)}</p>
      <Button onClick={onLeave}>{keysLabels.reveal.closeAnyway}</Button>
      <Button autoFocus onClick={onStay}>
        {keysLabels.reveal.keepOpen}
      </Button>
    </div>
  )
}

/** The browser shows its own warning. */
function useWarningBeforeUnload(enabled: boolean): void {
  useEffect(() => {
    if (!enabled) return
    const warn = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', warn)
    return () => window.removeEventListener('beforeunload', warn)
  }, [enabled])
}
