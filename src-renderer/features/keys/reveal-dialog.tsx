import { TriangleAlert } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { CreatedKey } from '../../../src-main/contract/keys.ts'
import { Button } from '../../ui/button.tsx'
import { Checkbox } from '../../ui/checkbox.tsx'
import { Dialog, DialogBody, DialogFooter } from '../../ui/dialog.tsx'
import { formatExact } from '../../ui/format.ts'
import { Icon } from '../../ui/icon.tsx'
import { endTask } from './keys-store.ts'
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
      title={graceUntil === null ? 'Your new API key' : 'Your new secret'}
      description={graceUntil && `The old secret works until ${formatExact(graceUntil)}.`}
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

/** Lets nobody go before the key is said to be stored. */
export function StoredFooter({ count, isStored, onStored, onDone }: StoredFooterProps) {
  return (
    <DialogFooter>
      <div className="flex-1">
        <Checkbox id="key-is-stored" checked={isStored} onChange={onStored}>
          {count === 1 ? 'I stored it' : 'I stored them'}
        </Checkbox>
      </div>
      <Button look="primary" disabled={!isStored} onClick={onDone}>
        Done
      </Button>
    </DialogFooter>
  )
}

type LeaveNoteProps = { count: number; onStay: () => void; onLeave: () => void }

/** Asks whoever tries to leave without the key. */
export function LeaveNote({ count, onStay, onLeave }: LeaveNoteProps) {
  return (
    <div
      role="alert"
      className="mx-5 mb-4 flex animate-rise items-center gap-2 rounded-lg bg-danger-soft py-2 pr-2 pl-3 text-danger-ink"
    >
      <Icon of={TriangleAlert} className="shrink-0" />
      <p className="min-w-0 flex-1">
        {count === 1
          ? 'Not stored yet. Once closed, this key is never shown again.'
          : 'Not stored yet. Once closed, these keys are never shown again.'}
      </p>
      <Button onClick={onLeave}>Close anyway</Button>
      <Button autoFocus onClick={onStay}>
        Keep open
      </Button>
    </div>
  )
}

/** The browser asks in its own words. */
function useWarningBeforeUnload(enabled: boolean): void {
  useEffect(() => {
    if (!enabled) return
    const warn = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', warn)
    return () => window.removeEventListener('beforeunload', warn)
  }, [enabled])
}
