import { useId, useState } from 'react'
import { type Permission, permissionMeanings } from '../../../src-main/contract/permissions.ts'
import { Checkbox } from '../../ui/checkbox.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { type Preset, presetOf, presets, singlePermissions } from './key-choices.ts'
import { keysLabels } from './labels.ts'
import { PermissionChips } from './permission-chips.tsx'

type PermissionPickerProps = {
  chosen: readonly Permission[]
  onChange: (chosen: readonly Permission[]) => void
}

export function PermissionPicker({ chosen, onChange }: PermissionPickerProps) {
  const id = useId()
  const [isCustom, setCustom] = useState(() => presetOf(chosen) === 'custom')
  const preset: Preset = isCustom ? 'custom' : presetOf(chosen)
  const isFull = chosen.includes('*')

  function choosePreset(next: Preset) {
    setCustom(next === 'custom')
    const permissions = presets.find(({ value }) => value === next)?.permissions
    if (permissions) onChange(permissions)
    else if (isFull) onChange(['send'])
  }

  function toggle(permission: Permission, isChosen: boolean) {
    setCustom(true)
    const rest = chosen.filter((one) => one !== permission && one !== '*')
    onChange(isChosen ? [...rest, permission] : rest)
  }

  return (
    <fieldset>
      <legend className="mb-1 font-medium text-sm">{keysLabels.permissions}</legend>
      <Segmented
        label={keysLabels.picker.label}
        value={preset}
        onChange={choosePreset}
        options={presets.map(({ value, label }) => ({ value, label }))}
      />
      <div className="mt-2">
        <PermissionChips permissions={chosen} />
      </div>
      <div
        hidden={preset !== 'custom'}
        className="mt-2 max-h-[212px] space-y-2 overflow-y-auto rounded-lg border border-line bg-sunken px-3 py-2.5"
      >
        {singlePermissions.map((permission) => (
          <Checkbox
            key={permission}
            id={`${id}-${permission}`}
            checked={isFull || chosen.includes(permission)}
            disabled={isFull}
            onChange={(isChosen) => toggle(permission, isChosen)}
          >
            <span className="flex items-baseline justify-between gap-3">
              <span>{permissionMeanings[permission]}</span>
              <code className="text-ink-faint text-xs">{permission}</code>
            </span>
          </Checkbox>
        ))}
      </div>
    </fieldset>
  )
}
