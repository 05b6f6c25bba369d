import type { Relay } from '../../../src-main/contract/relays.ts'
import { Checkbox } from '../../ui/checkbox.tsx'
import { DkimFields } from './dkim-fields.tsx'
import { type StepProps, TextField } from './text-field.tsx'

type StepThenProps = StepProps & { relay: Relay | null }

export function StepThen({ relay, ...step }: StepThenProps) {
  const { form, onChange } = step
  return (
    <>
      <TextField {...step} name="name" label="Name" placeholder={form.host || 'My relay'} />
      <div className="grid grid-cols-2 gap-3">
        <TextField
          {...step}
          name="dailyLimit"
          label="Recipients a day"
          placeholder="No limit"
          hint="Then passed over until midnight UTC."
        />
        <TextField {...step} name="priority" label="Priority" hint="Lowest is tried first." />
      </div>
      <Checkbox
        id="relay-default"
        checked={form.isDefault}
        onChange={(isDefault) => onChange({ isDefault })}
      >
        Default: tried before all others
      </Checkbox>
      <Checkbox id="relay-signs" checked={form.signs} onChange={(signs) => onChange({ signs })}>
        Sign messages with DKIM
        <span className="block text-ink-muted text-sm">
          Proves that your domain sent them. Most providers do it themselves; a server of your own
          often does not.
        </span>
      </Checkbox>
      {form.signs && <DkimFields {...step} relay={relay} />}
    </>
  )
}
