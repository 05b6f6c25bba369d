import { type FormEvent, useState } from 'react'
import type { Key } from '../../../src-main/contract/keys.ts'
import type { Permission } from '../../../src-main/contract/permissions.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogBody, DialogFooter } from '../../ui/dialog.tsx'
import { Field, TextInput } from '../../ui/field.tsx'
import { toast, toastFailure } from '../../ui/toasts.tsx'
import { changeKey, endTask } from './keys-store.ts'
import { PermissionPicker } from './permission-picker.tsx'

export function EditKeyDialog({ apiKey }: { apiKey: Key }) {
  const [name, setName] = useState(apiKey.name)
  const [permissions, setPermissions] = useState<readonly Permission[]>(apiKey.permissions)
  const [busy, setBusy] = useState(false)
  const isFit = name.trim() !== '' && permissions.length > 0

  async function submit(event: FormEvent) {
    event.preventDefault()
    setBusy(true)
    try {
      await changeKey(apiKey, { name: name.trim(), permissions: [...permissions] })
      endTask()
      toast('Key changed')
    } catch (cause) {
      toastFailure(cause)
      setBusy(false)
    }
  }

  return (
    <Dialog open onClose={endTask} title="Edit key" width="wide">
      <form onSubmit={submit} className="flex min-h-0 flex-col">
        <DialogBody>
          <Field label="Name">
            {(control) => (
              <TextInput
                {...control}
                value={name}
                maxLength={100}
                onChange={(event) => setName(event.target.value)}
              />
            )}
          </Field>
          <PermissionPicker chosen={permissions} onChange={setPermissions} />
        </DialogBody>
        <DialogFooter>
          <Button onClick={endTask}>Cancel</Button>
          <Button type="submit" look="primary" busy={busy} disabled={!isFit}>
            Save
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  )
}
