import { type FormEvent, useId, useState } from 'react'
import type { Webhook, WebhookEvent } from '../../../src-main/contract/webhooks.ts'
import { RequestFailure } from '../../app/request.ts'
import { Button } from '../../ui/button.tsx'
import { Checkbox } from '../../ui/checkbox.tsx'
import { Dialog, DialogBody, DialogFooter } from '../../ui/dialog.tsx'
import { Field, TextInput } from '../../ui/field.tsx'
import { toastFailure } from '../../ui/toasts.tsx'
import { allEvents, eventGroups, inOrder } from './event-choices.ts'
import { webhooksLabels } from './labels.ts'
import { changeWebhook, createWebhook, endTask } from './webhooks-store.ts'

/** Adds a webhook, or edits the given one. */
export function WebhookDialog({ webhook }: { webhook: Webhook | null }) {
  const [url, setUrl] = useState(webhook?.url ?? '')
  const [events, setEvents] = useState<readonly WebhookEvent[]>(
    webhook?.events ?? ['captured', 'delivered', 'bounced', 'failed'],
  )
  const [problem, setProblem] = useState<string | null>(null)
  const [isTried, setTried] = useState(false)
  const [busy, setBusy] = useState(false)

  async function submit(event: FormEvent) {
    event.preventDefault()
    setTried(true)
    if (url.trim() === '') setProblem(webhooksLabels.dialog.urlMissing)
    if (url.trim() === '' || events.length === 0) return
    setBusy(true)
    try {
      const choice = { url: url.trim(), events: inOrder(events) }
      await (webhook ? changeWebhook(webhook, choice) : createWebhook(choice))
    } catch (cause) {
      const isUrl = cause instanceof RequestFailure && cause.details.field === 'url'
      if (isUrl) setProblem(cause.message)
      else toastFailure(cause)
      setBusy(false)
    }
  }

  return (
    <Dialog
      open
      onClose={endTask}
      title={webhook ? webhooksLabels.dialog.edit : webhooksLabels.add}
      width="wide"
    >
      <form onSubmit={submit} noValidate className="flex min-h-0 flex-col">
        <DialogBody>
          <Field
            label={webhooksLabels.dialog.url}
            error={problem}
            hint={webhooksLabels.dialog.urlHint}
          >
            {(control) => (
              <TextInput
                {...control}
                type="url"
                value={url}
                maxLength={2048}
                placeholder="http://127.0.0.1:3000/hook"
                className="font-mono text-sm"
                onChange={(event) => {
                  setUrl(event.target.value)
                  setProblem(null)
                }}
              />
            )}
          </Field>
          <EventPicker chosen={events} onChange={setEvents} />
          {isTried && events.length === 0 && (
            <p className="text-danger-ink text-sm">{webhooksLabels.dialog.eventsMissing}</p>
          )}
        </DialogBody>
        <DialogFooter>
          <Button onClick={endTask}>{webhooksLabels.cancel}</Button>
          <Button type="submit" look="primary" busy={busy}>
            {webhook ? webhooksLabels.dialog.save : webhooksLabels.add}
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  )
}

type EventPickerProps = {
  chosen: readonly WebhookEvent[]
  onChange: (chosen: readonly WebhookEvent[]) => void
}

function EventPicker({ chosen, onChange }: EventPickerProps) {
  const id = useId()
  const isAll = chosen.length === allEvents.length
  return (
    <fieldset>
      <legend className="sr-only">{webhooksLabels.events}</legend>
      <div className="mb-1 flex items-center justify-between">
        <span aria-hidden className="font-medium text-sm">
          {webhooksLabels.events}
        </span>
        <button
          type="button"
          onClick={() => onChange(isAll ? [] : allEvents)}
          className="h-6 rounded-md px-1.5 font-medium text-sage-ink text-sm hover:bg-sage-soft"
        >
          {isAll ? webhooksLabels.dialog.selectNone : webhooksLabels.dialog.selectAll}
        </button>
      </div>
      <div className="space-y-3 rounded-lg border border-line bg-sunken px-3 py-2.5">
        {eventGroups.map(({ name, choices }) => (
          <div key={name}>
            <p className="mb-1 text-ink-faint text-sm">{name}</p>
            <div className="space-y-1.5">
              {choices.map(({ event, label }) => (
                <Checkbox
                  key={event}
                  id={`${id}-${event}`}
                  checked={chosen.includes(event)}
                  onChange={(isChosen) =>
                    onChange(
                      isChosen ? [...chosen, event] : chosen.filter((other) => other !== event),
                    )
                  }
                >
                  <span className="flex items-baseline justify-between gap-3">
                    <span>{label}</span>
                    <code className="text-ink-faint text-xs">{event}</code>
                  </span>
                </Checkbox>
              ))}
            </div>
          </div>
        ))}
      </div>
    </fieldset>
  )
}
