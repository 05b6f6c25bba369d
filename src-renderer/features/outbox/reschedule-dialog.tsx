import { type FormEvent, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogBody, DialogFooter } from '../../ui/dialog.tsx'
import { Field, TextInput } from '../../ui/field.tsx'
import { sentLabels } from './labels.ts'
import { reschedule } from './sent-store.ts'

type RescheduleDialogProps = { id: string; at: string; onClose: () => void }

export function RescheduleDialog({ id, at, onClose }: RescheduleDialogProps) {
  const [text, setText] = useState(() => toFieldValue(new Date(at)))
  const [error, setError] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)

  async function save(event: FormEvent) {
    event.preventDefault()
    const next = new Date(text)
    if (Number.isNaN(next.getTime())) return setError(sentLabels.timeMissing)
    if (next.getTime() < Date.now()) return setError(sentLabels.timePassed)
    setBusy(true)
    try {
      await reschedule(id, next)
      onClose()
    } catch (cause) {
      setError(cause instanceof Error ? cause.message : String(cause))
      setBusy(false)
    }
  }

  return (
    <Dialog open onClose={onClose} title={sentLabels.changeTime}>
      <form onSubmit={save} noValidate>
        <DialogBody>
          <Field label={sentLabels.sendAt} hint={sentLabels.sendAtHint} error={error}>
            {(control) => (
              <TextInput
                {...control}
                type="datetime-local"
                value={text}
                onChange={(event) => {
                  setText(event.target.value)
                  setError(null)
                }}
              />
            )}
          </Field>
        </DialogBody>
        <DialogFooter>
          <Button onClick={onClose}>{sentLabels.cancel}</Button>
          <Button type="submit" look="primary" busy={busy}>
            {sentLabels.changeTime}
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  )
}

/** The value of a datetime-local field. */
function toFieldValue(at: Date): string {
  const local = new Date(at.getTime() - at.getTimezoneOffset() * 60_000)
  return local.toISOString().slice(0, 16)
}
