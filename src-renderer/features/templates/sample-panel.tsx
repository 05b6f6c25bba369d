import { CircleAlert, Save, Trash2 } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { Button, IconButton } from '../../ui/button.tsx'
import { CodeEditor } from '../../ui/code-editor.tsx'
import { Dialog, DialogBody, DialogFooter } from '../../ui/dialog.tsx'
import { Field, TextInput } from '../../ui/field.tsx'
import { Icon } from '../../ui/icon.tsx'
import { templatesLabels } from './labels.ts'
import { SamplePicker } from './sample-picker.tsx'
import {
  chooseSample,
  editSample,
  isStored,
  removeSample,
  saveSample,
  useSamples,
} from './sample-store.ts'

export function SamplePanel() {
  const state = useSamples()
  const [isNaming, setNaming] = useState(false)
  const sample = state.samples.find(({ name }) => name === state.chosen)
  const stored = isStored(state)
  return (
    <>
      <div className="flex h-10 shrink-0 items-center gap-2 border-line border-b px-4">
        <SamplePicker />
        <span role="status" className="min-w-0 flex-1 truncate text-ink-faint text-sm">
          {stored ? templatesLabels.samples.saved : templatesLabels.samples.unsaved}
        </span>
        <IconButton
          icon={Trash2}
          label={templatesLabels.samples.delete}
          onClick={() => void removeSample()}
        />
        <Button onClick={() => setNaming(true)}>{templatesLabels.samples.saveAs}</Button>
        <Button icon={Save} disabled={stored} onClick={() => void saveSample()}>
          {templatesLabels.samples.save}
        </Button>
      </div>
      <div className="min-h-0 flex-1">
        <CodeEditor
          key={`${state.templateId} ${state.chosen}`}
          label={templatesLabels.sampleData}
          language="json"
          value={sample?.text ?? '{}'}
          onChange={editSample}
        />
      </div>
      {state.error !== null && (
        <div
          role="alert"
          className="flex shrink-0 items-start gap-2 border-line border-t bg-danger-soft px-4 py-2 text-danger-ink"
        >
          <Icon of={CircleAlert} className="mt-0.5 shrink-0" />
          <p className="min-w-0 flex-1 break-words">
            {templatesLabels.samples.invalid(state.error)}
          </p>
        </div>
      )}
      {isNaming && <NameDialog onClose={() => setNaming(false)} />}
    </>
  )
}

function NameDialog({ onClose }: { onClose: () => void }) {
  const names = useSamples((state) => state.samples).map(({ name }) => name)
  const [name, setName] = useState('')
  const [problem, setProblem] = useState<string | null>(null)

  async function submit(event: FormEvent) {
    event.preventDefault()
    const wanted = name.trim()
    if (wanted === '') setProblem(templatesLabels.samples.nameMissing)
    else if (names.includes(wanted)) setProblem(templatesLabels.samples.nameTaken(wanted))
    else if (await saveSample(wanted)) {
      chooseSample(wanted)
      onClose()
    }
  }

  return (
    <Dialog
      open
      onClose={onClose}
      title={templatesLabels.samples.dialogTitle}
      description={templatesLabels.samples.dialogHint}
    >
      <form onSubmit={submit} noValidate>
        <DialogBody>
          <Field label={templatesLabels.name} error={problem}>
            {(control) => (
              <TextInput
                {...control}
                value={name}
                maxLength={100}
                onChange={(event) => {
                  setName(event.target.value)
                  setProblem(null)
                }}
              />
            )}
          </Field>
        </DialogBody>
        <DialogFooter>
          <Button onClick={onClose}>{templatesLabels.cancel}</Button>
          <Button type="submit" look="primary">
            {templatesLabels.samples.dialogAction}
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  )
}
