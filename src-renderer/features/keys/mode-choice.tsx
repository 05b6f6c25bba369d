import { Send, TestTube } from 'lucide-react'
import { RadioGroup } from 'radix-ui'
import type { KeyMode } from '../../../src-main/contract/keys.ts'
import { Icon } from '../../ui/icon.tsx'
import { ModeBadge } from '../../ui/mode-badge.tsx'
import { keysLabels } from './labels.ts'

const modes = [
  { mode: 'test', icon: TestTube, meaning: keysLabels.mode.test },
  { mode: 'live', icon: Send, meaning: keysLabels.mode.live },
] as const

export function ModeChoice({
  mode,
  onChange,
}: {
  mode: KeyMode
  onChange: (mode: KeyMode) => void
}) {
  return (
    <fieldset>
      <legend className="mb-1 font-medium text-sm">{keysLabels.type}</legend>
      <RadioGroup.Root
        value={mode}
        onValueChange={(next) => onChange(next === 'live' ? 'live' : 'test')}
        aria-label={keysLabels.type}
        className="grid grid-cols-2 gap-2"
      >
        {modes.map(({ mode: value, icon, meaning }) => (
          <RadioGroup.Item
            key={value}
            value={value}
            aria-label={value === 'live' ? keysLabels.live : keysLabels.test}
            aria-description={meaning}
            className={`rounded-lg border border-line-strong p-3 text-left hover:bg-hover ${
              value === 'live'
                ? 'data-[state=checked]:border-live data-[state=checked]:shadow-[0_0_0_1px_var(--color-live)]'
                : 'data-[state=checked]:border-test data-[state=checked]:shadow-[0_0_0_1px_var(--color-test)]'
            }`}
          >
            <span className="flex items-center justify-between">
              <ModeBadge mode={value} />
              <Icon of={icon} className={value === 'live' ? 'text-live-ink' : 'text-test-ink'} />
            </span>
            <span className="mt-2 block text-ink-muted text-sm">{meaning}</span>
          </RadioGroup.Item>
        ))}
      </RadioGroup.Root>
    </fieldset>
  )
}
