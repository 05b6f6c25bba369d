import { RadioGroup } from 'radix-ui'
import { type FormEvent, useState } from 'react'
import { RequestFailure } from '../../app/request.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogBody, DialogFooter } from '../../ui/dialog.tsx'
import { Field, TextInput } from '../../ui/field.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { toastFailure } from '../../ui/toasts.tsx'
import { templatesLabels } from './labels.ts'
import { StarterSketch } from './starter-sketch.tsx'
import { starters } from './starters.ts'
import { createTemplate, endTask } from './templates-store.ts'

/** Liquid remains for templates of earlier versions. */
type NewEngine = keyof typeof templatesLabels.create.engineHint

export function CreateTemplateDialog() {
  const [name, setName] = useState('')
  const [engine, setEngine] = useState<NewEngine>('handlebars')
  const [starterId, setStarterId] = useState('password-reset')
  const [problem, setProblem] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)

  async function submit(event: FormEvent) {
    event.preventDefault()
    if (name.trim() === '') {
      setProblem(templatesLabels.create.nameMissing)
      return
    }
    setBusy(true)
    try {
      await createTemplate({ name: name.trim(), engine, starterId })
    } catch (cause) {
      if (cause instanceof RequestFailure && cause.code === 'conflict') setProblem(cause.message)
      else toastFailure(cause)
      setBusy(false)
    }
  }

  return (
    <Dialog open onClose={endTask} title={templatesLabels.createTemplate} width="wide">
      <form onSubmit={submit} noValidate className="flex min-h-0 flex-col">
        <DialogBody>
          <Field
            label={templatesLabels.name}
            error={problem}
            hint={templatesLabels.create.nameHint}
          >
            {(control) => (
              <TextInput
                {...control}
                value={name}
                maxLength={255}
                placeholder={starters.find(({ id }) => id === starterId)?.name}
                onChange={(event) => {
                  setName(event.target.value)
                  setProblem(null)
                }}
              />
            )}
          </Field>
          <fieldset>
            <legend className="mb-1 font-medium text-sm">{templatesLabels.create.start}</legend>
            <RadioGroup.Root
              value={starterId}
              onValueChange={setStarterId}
              aria-label={templatesLabels.create.start}
              className="grid grid-cols-2 gap-2 sm:grid-cols-4"
            >
              {starters.map(({ id, title, description }) => (
                <RadioGroup.Item
                  key={id}
                  value={id}
                  aria-label={title}
                  aria-description={description}
                  className="flex flex-col rounded-lg border border-line-strong p-2 text-left hover:bg-hover data-[state=checked]:border-sage data-[state=checked]:shadow-[0_0_0_1px_var(--color-sage)]"
                >
                  <StarterSketch id={id} />
                  <span className="mt-2 font-medium">{title}</span>
                  <span className="text-ink-muted text-sm">{description}</span>
                </RadioGroup.Item>
              ))}
            </RadioGroup.Root>
          </fieldset>
          <div className="flex flex-wrap items-center gap-3">
            <div className="min-w-48 flex-1">
              <p className="font-medium text-sm">{templatesLabels.create.engine}</p>
              <p className="text-ink-faint text-sm">{templatesLabels.create.engineHint[engine]}</p>
            </div>
            <Segmented
              label={templatesLabels.create.engine}
              value={engine}
              onChange={setEngine}
              options={[
                { value: 'handlebars', label: templatesLabels.engines.handlebars },
                { value: 'jinja', label: templatesLabels.engines.jinja },
              ]}
            />
          </div>
        </DialogBody>
        <DialogFooter>
          <Button onClick={endTask}>{templatesLabels.cancel}</Button>
          <Button type="submit" look="primary" busy={busy}>
            {templatesLabels.createTemplate}
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  )
}
