import { RadioGroup } from 'radix-ui'
import type { RelayTls } from '../../../src-main/contract/relays.ts'
import { Checkbox } from '../../ui/checkbox.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { presets } from './presets.ts'
import { fromPreset, usualPorts } from './relay-form.ts'
import { type StepProps, TextField } from './text-field.tsx'

const tlsModes = [
  { value: 'starttls', label: 'STARTTLS' },
  { value: 'implicit', label: 'TLS' },
  { value: 'none', label: 'None' },
] as const

type StepWhereProps = StepProps & { presetId: string; onPreset: (id: string) => void }

export function StepWhere({ presetId, onPreset, ...step }: StepWhereProps) {
  const { form, onChange } = step
  const preset = presets.find(({ id }) => id === presetId)

  function choose(id: string) {
    const chosen = presets.find((one) => one.id === id)
    onPreset(id)
    if (chosen) onChange(fromPreset(chosen))
  }

  function changeTls(tls: RelayTls) {
    const isUsual = form.port === usualPorts[form.tls]
    onChange({ tls, ...(isUsual ? { port: usualPorts[tls] } : {}) })
  }

  return (
    <>
      <fieldset>
        <legend className="mb-1 font-medium text-sm">Provider</legend>
        <RadioGroup.Root
          value={presetId}
          onValueChange={choose}
          aria-label="Provider"
          className="grid grid-cols-3 gap-1.5"
        >
          {presets.map(({ id, name }) => (
            <RadioGroup.Item
              key={id}
              value={id}
              className="h-8 truncate rounded-md border border-line-strong px-2.5 text-left hover:bg-hover data-[state=checked]:border-sage data-[state=checked]:bg-sage-soft data-[state=checked]:font-medium data-[state=checked]:text-sage-ink"
            >
              {name}
            </RadioGroup.Item>
          ))}
        </RadioGroup.Root>
        <p className="mt-1.5 min-h-8 text-ink-muted text-sm">{preset?.note}</p>
      </fieldset>
      <div className="grid grid-cols-[1fr_96px] gap-3">
        <TextField {...step} name="host" label="Host" placeholder="smtp.example.com" isMono />
        <TextField {...step} name="port" label="Port" isMono />
      </div>
      <div>
        <p className="mb-1 font-medium text-sm">Encryption</p>
        <Segmented label="Encryption" value={form.tls} options={tlsModes} onChange={changeTls} />
        <div className="mt-2.5 min-h-5">
          {form.tls === 'none' ? (
            <p className="text-sm text-warn-ink">
              Mail and password travel readable. Only for this machine or a network you trust.
            </p>
          ) : (
            <Checkbox
              id="relay-verify"
              checked={form.verify}
              onChange={(verify) => onChange({ verify })}
            >
              Check the certificate
            </Checkbox>
          )}
        </div>
      </div>
    </>
  )
}
