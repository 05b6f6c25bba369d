import { useState } from 'react'
import type { Key } from '../../../src-main/contract/keys.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogBody, DialogFooter } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { Select } from '../../ui/select.tsx'
import { toastFailure } from '../../ui/toasts.tsx'
import { type GraceTime, graceTimes } from './key-choices.ts'
import { endTask, rotateKey } from './keys-store.ts'

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
      title={`Rotate “${apiKey.name}”`}
      description="Makes a new secret. Name, permissions and limits stay as they are."
    >
      <DialogBody>
        <Field
          label="The old secret works for"
          hint={
            grace === '0'
              ? 'Apps that still use it fail from now on.'
              : 'Time to bring the new one to every app that uses it.'
          }
        >
          {({ id }) => (
            <Select
              id={id}
              label="The old secret works for"
              value={grace}
              options={graceTimes}
              onChange={setGrace}
              className="w-44"
            />
          )}
        </Field>
      </DialogBody>
      <DialogFooter>
        <Button onClick={endTask}>Cancel</Button>
        <Button look="primary" busy={busy} onClick={rotate}>
          Rotate key
        </Button>
      </DialogFooter>
    </Dialog>
  )
}
