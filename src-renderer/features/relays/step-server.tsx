import { RadioGroup } from 'radix-ui'
import type { RelayTls } from '../../../src-main/contract/relays.ts'
import { Checkbox } from '../../ui/checkbox.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { relaysLabels } from './labels.ts'
import { presets } from './presets.ts'
import { fromPreset, usualPorts } from './relay-form.ts'
import { type StepProps, TextField } from './text-field.tsx'

const tlsModes = [
  { value: 'starttls', label: relaysLabels.tls.starttls },
  { value: 'implicit', label: relaysLabels.tls.implicit },
  { value: 'none', label: relaysLabels.tls.none },
] as const

type ServerStepProps = StepProps & { presetId: string; onPreset: (id: string) => void }

export function ServerStep({ presetId, onPreset, ...step }: ServerStepProps) {
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
        <legend className="mb-1 font-medium text-sm">{relaysLabels.server.provider}</legend>
        <RadioGroup.Root
          value={presetId}
          onValueChange={choose}
          aria-label={relaysLabels.server.provider}
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
        <TextField
          {...step}
          name="host"
          label={relaysLabels.server.host}
          placeholder="smtp.example.com"
          isMono
        />
        <TextField {...step} name="port" label={relaysLabels.server.port} isMono />
      </div>
      <div>
        <p className="mb-1 font-medium text-sm">{relaysLabels.encryption}</p>
        <Segmented
          label={relaysLabels.encryption}
          value={form.tls}
          options={tlsModes}
          onChange={changeTls}
        />
        <div className="mt-2.5 min-h-5">
          {form.tls === 'none' ? (
            <p className="text-sm text-warn-ink">{relaysLabels.server.unencrypted}</p>
          ) : (
            <Checkbox
              id="relay-verify"
              checked={form.verify}
              onChange={(verify) => onChange({ verify })}
            >
              {relaysLabels.server.checkCertificate}
            </Checkbox>
          )}
        </div>
      </div>
    </>
  )
}
