import { type FormEvent, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogBody, DialogFooter } from '../../ui/dialog.tsx'
import { Field, TextInput } from '../../ui/field.tsx'
import { reschedule } from './sent-store.ts'

type RescheduleDialogProps = { id: string; at: string; onClose: () => void }

export function RescheduleDialog({ id, at, onClose }: RescheduleDialogProps) {
  const [text, setText] = useState(() => toLocal(new Date(at)))
  const [error, setError] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)

  async function save(event: FormEvent) {
    event.preventDefault()
    const next = new Date(text)
    if (Number.isNaN(next.getTime())) return setError('Choose a day and a time.')
    if (next.getTime() < Date.now()) return setError('This time has passed. Choose a later one.')
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
    <Dialog open onClose={onClose} title="Change time">
      <form onSubmit={save} noValidate>
        <DialogBody>
          <Field label="Send at" hint="In your time zone, at most a year ahead" error={error}>
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
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={busy}>
            Change time
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  )
}

/** As a datetime-local field writes it. */
function toLocal(at: Date): string {
  const local = new Date(at.getTime() - at.getTimezoneOffset() * 60_000)
  return local.toISOString().slice(0, 16)
}
