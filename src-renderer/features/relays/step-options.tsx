import type { Relay } from '../../../src-main/contract/relays.ts'
import { Checkbox } from '../../ui/checkbox.tsx'
import { DkimFields } from './dkim-fields.tsx'
import { relaysLabels } from './labels.ts'
import { type StepProps, TextField } from './text-field.tsx'

type OptionsStepProps = StepProps & { relay: Relay | null }

export function OptionsStep({ relay, ...step }: OptionsStepProps) {
  const { form, onChange } = step
  return (
    <>
      <TextField
        {...step}
        name="name"
        label={relaysLabels.name}
        placeholder={form.host || relaysLabels.options.namePlaceholder}
      />
      <div className="grid grid-cols-2 gap-3">
        <TextField
          {...step}
          name="dailyLimit"
          label={relaysLabels.options.dailyLimit}
          placeholder={relaysLabels.options.noLimit}
          hint={relaysLabels.options.dailyLimitHint}
        />
        <TextField
          {...step}
          name="priority"
          label={relaysLabels.options.priority}
          hint={relaysLabels.options.priorityHint}
        />
      </div>
      <Checkbox
        id="relay-default"
        checked={form.isDefault}
        onChange={(isDefault) => onChange({ isDefault })}
      >
        {relaysLabels.options.default}
      </Checkbox>
      <Checkbox id="relay-signs" checked={form.signs} onChange={(signs) => onChange({ signs })}>
        {relaysLabels.options.sign}
        <span className="block text-ink-muted text-sm">{relaysLabels.options.signHint}</span>
      </Checkbox>
      {form.signs && <DkimFields {...step} relay={relay} />}
    </>
  )
}
