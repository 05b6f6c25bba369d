import { useState } from 'react'
import type { CreatedKey } from '../../../src-main/contract/keys.ts'
import { Button } from '../../ui/button.tsx'
import { Checkbox } from '../../ui/checkbox.tsx'
import { Dialog, DialogBody, DialogFooter } from '../../ui/dialog.tsx'
import { formatExact } from '../../ui/format.ts'
import { endTask } from './keys-store.ts'
import { EnvironmentLines, Reveal, ShownOnceNote } from './reveal.tsx'

type RevealDialogProps = { created: CreatedKey; graceUntil: string | null }

export function RevealDialog({ created, graceUntil }: RevealDialogProps) {
  const [isStored, setStored] = useState(false)
  return (
    <Dialog
      open
      locked
      onClose={endTask}
      title={graceUntil === null ? 'Your new API key' : 'Your new secret'}
      description={graceUntil && `The old secret works until ${formatExact(graceUntil)}.`}
      width="wide"
    >
      <DialogBody>
        <ShownOnceNote />
        <Reveal
          secret={created.key}
          mode={created.mode}
          name={created.name}
          onCopied={() => setStored(true)}
        />
        <EnvironmentLines secret={created.key} />
      </DialogBody>
      <StoredFooter isStored={isStored} onStored={setStored} onDone={endTask} />
    </Dialog>
  )
}

type StoredFooterProps = {
  isStored: boolean
  onStored: (isStored: boolean) => void
  onDone: () => void
}

/** Lets nobody go before the key was copied or is said to be stored. */
export function StoredFooter({ isStored, onStored, onDone }: StoredFooterProps) {
  return (
    <DialogFooter>
      <div className="flex-1">
        <Checkbox id="key-is-stored" checked={isStored} onChange={onStored}>
          I stored it
        </Checkbox>
      </div>
      <Button look="primary" disabled={!isStored} onClick={onDone}>
        Done
      </Button>
    </DialogFooter>
  )
}
