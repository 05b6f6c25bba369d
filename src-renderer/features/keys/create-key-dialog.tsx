import { Send, TestTube } from 'lucide-react'
import { RadioGroup } from 'radix-ui'
import { type FormEvent, useState } from 'react'
import type { Permission } from '../../../src-main/contract/permissions.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogBody, DialogFooter } from '../../ui/dialog.tsx'
import { Field, TextInput } from '../../ui/field.tsx'
import { Icon } from '../../ui/icon.tsx'
import { ModeBadge } from '../../ui/mode-badge.tsx'
import { Select } from '../../ui/select.tsx'
import { toastFailure } from '../../ui/toasts.tsx'
import { type Expiry, expiries, expiryDays } from './key-choices.ts'
import { createKey, endTask } from './keys-store.ts'
import { PermissionPicker } from './permission-picker.tsx'

type Mode = 'test' | 'live'

export function CreateKeyDialog() {
  const [name, setName] = useState('')
  const [mode, setMode] = useState<Mode>('test')
  const [permissions, setPermissions] = useState<readonly Permission[]>(['send'])
  const [expiry, setExpiry] = useState<Expiry>('never')
  const [isTried, setTried] = useState(false)
  const [busy, setBusy] = useState(false)
  const nameProblem = isTried && name.trim() === '' ? 'Give the key a name.' : null
  const hasNone = permissions.length === 0

  async function submit(event: FormEvent) {
    event.preventDefault()
    setTried(true)
    if (name.trim() === '' || hasNone) return
    setBusy(true)
    try {
      await createKey({
        name: name.trim(),
        mode,
        permissions: [...permissions],
        expiresInDays: expiryDays(expiry),
      })
    } catch (cause) {
      toastFailure(cause)
      setBusy(false)
    }
  }

  return (
    <Dialog open onClose={endTask} title="Create API key" width="wide">
      <form onSubmit={submit} className="flex min-h-0 flex-col">
        <DialogBody>
          <div className="grid grid-cols-[1fr_144px] gap-3">
            <Field
              label="Name"
              error={nameProblem}
              hint="Where it is used, such as “Shop staging”."
            >
              {(control) => (
                <TextInput
                  {...control}
                  value={name}
                  maxLength={100}
                  onChange={(event) => setName(event.target.value)}
                />
              )}
            </Field>
            <Field label="Expires">
              {({ id }) => (
                <Select
                  id={id}
                  label="Expires"
                  value={expiry}
                  options={expiries}
                  onChange={setExpiry}
                  className="h-8! w-full"
                />
              )}
            </Field>
          </div>
          <ModeChoice mode={mode} onChange={setMode} />
          <PermissionPicker chosen={permissions} onChange={setPermissions} />
          {isTried && hasNone && (
            <p className="text-danger-ink text-sm">Choose at least one permission.</p>
          )}
        </DialogBody>
        <DialogFooter>
          <Button onClick={endTask}>Cancel</Button>
          <Button type="submit" look="primary" busy={busy}>
            {mode === 'live' ? 'Create live key' : 'Create test key'}
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  )
}

const modes = [
  { mode: 'test', icon: TestTube, meaning: 'Mail is captured in an inbox. Nothing is ever sent.' },
  { mode: 'live', icon: Send, meaning: 'Mail goes out through a relay, to real people.' },
] as const

function ModeChoice({ mode, onChange }: { mode: Mode; onChange: (mode: Mode) => void }) {
  return (
    <fieldset>
      <legend className="mb-1 font-medium text-sm">Type</legend>
      <RadioGroup.Root
        value={mode}
        onValueChange={(next) => onChange(next === 'live' ? 'live' : 'test')}
        aria-label="Type"
        className="grid grid-cols-2 gap-2"
      >
        {modes.map(({ mode: value, icon, meaning }) => (
          <RadioGroup.Item
            key={value}
            value={value}
            aria-label={value === 'live' ? 'Live' : 'Test'}
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
