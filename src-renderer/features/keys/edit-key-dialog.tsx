import { type FormEvent, useState } from 'react'
import type { Key } from '../../../src-main/contract/keys.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogBody, DialogFooter } from '../../ui/dialog.tsx'
import { Switch } from '../../ui/switch.tsx'
import { toast, toastFailure } from '../../ui/toasts.tsx'
import { draftOf, type KeyDraft, problemsOf, settingsOf } from './key-draft.ts'
import { NameField, PermissionField, RestrictionFields } from './key-form.tsx'
import { changeKey, endTask } from './keys-store.ts'
import { keysLabels } from './labels.ts'

export function EditKeyDialog({ apiKey }: { apiKey: Key }) {
  const [draft, setDraft] = useState(() => draftOf(apiKey))
  const [enabled, setEnabled] = useState(apiKey.enabled)
  const [busy, setBusy] = useState(false)
  const problems = problemsOf(draft)
  const isValid = Object.keys(problems).length === 0
  const form = {
    draft,
    problems,
    onChange: (part: Partial<KeyDraft>) => setDraft({ ...draft, ...part }),
  }

  async function submit(event: FormEvent) {
    event.preventDefault()
    setBusy(true)
    try {
      await changeKey(apiKey, { ...settingsOf(draft), enabled })
      endTask()
      toast(keysLabels.edit.saved)
    } catch (cause) {
      toastFailure(cause)
      setBusy(false)
    }
  }

  return (
    <Dialog
      open
      onClose={endTask}
      title={keysLabels.edit.title}
      description={keysLabels.edit.description}
      width="wide"
    >
      <form onSubmit={submit} noValidate className="flex min-h-0 flex-col">
        <DialogBody>
          <NameField {...form} />
          <PermissionField {...form} />
          <RestrictionFields {...form} />
          <div className="flex items-center justify-between gap-4 border-line border-t pt-3">
            <label htmlFor="key-enabled">
              <span className="block font-medium text-sm">{keysLabels.edit.enabled}</span>
              <span className="block text-ink-faint text-sm">{keysLabels.edit.enabledHint}</span>
            </label>
            <Switch id="key-enabled" checked={enabled} onChange={setEnabled} />
          </div>
        </DialogBody>
        <DialogFooter>
          <Button onClick={endTask}>{keysLabels.cancel}</Button>
          <Button type="submit" look="primary" busy={busy} disabled={!isValid}>
            {keysLabels.edit.save}
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  )
}
