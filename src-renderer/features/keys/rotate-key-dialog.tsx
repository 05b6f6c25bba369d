import { useState } from 'react'
import type { Key } from '../../../src-main/contract/keys.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogBody, DialogFooter } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { Select } from '../../ui/select.tsx'
import { toastFailure } from '../../ui/toasts.tsx'
import { type GraceTime, graceTimes } from './key-choices.ts'
import { endTask, rotateKey } from './keys-store.ts'
import { keysLabels } from './labels.ts'

export function RotateKeyDialog({ apiKey }: { apiKey: Key }) {
  const [grace, setGrace] = useState<GraceTime>('86400')
  const [busy, setBusy] = useState(false)

  async function rotate() {
    setBusy(true)
    try {
      await rotateKey(apiKey, Number(grace))
    } catch (cause) {
      toastFailure(cause)
      setBusy(false)
    }
  }

  return (
    <Dialog
      open
      onClose={endTask}
      title={keysLabels.commands.rotate(apiKey.name)}
      description={keysLabels.rotate.description}
    >
      <DialogBody>
        <Field
          label={keysLabels.rotate.grace}
          hint={grace === '0' ? keysLabels.rotate.noGrace : keysLabels.rotate.graceHint}
        >
          {({ id }) => (
            <Select
              id={id}
              label={keysLabels.rotate.grace}
              value={grace}
              options={graceTimes}
              onChange={setGrace}
              className="w-44"
            />
          )}
        </Field>
      </DialogBody>
      <DialogFooter>
        <Button onClick={endTask}>{keysLabels.cancel}</Button>
        <Button look="primary" busy={busy} onClick={rotate}>
          {keysLabels.rotate.action}
        </Button>
      </DialogFooter>
    </Dialog>
  )
}
