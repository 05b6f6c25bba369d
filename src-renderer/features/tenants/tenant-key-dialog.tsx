import { type FormEvent, useState } from 'react'
import type { CreatedKey, KeyMode } from '../../../src-main/contract/keys.ts'
import type { Tenant } from '../../../src-main/contract/tenants.ts'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy.tsx'
import { Dialog, DialogBody, DialogFooter } from '../../ui/dialog.tsx'
import { Field, TextInput } from '../../ui/field.tsx'
import { ModeBadge } from '../../ui/mode-badge.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { toastFailure } from '../../ui/toasts.tsx'
import { tenantsLabels } from './labels.ts'
import { createTenantKey, endTask } from './tenants-store.ts'

const modes = [
  { value: 'test', label: tenantsLabels.key.test },
  { value: 'live', label: tenantsLabels.key.live },
] as const

export function TenantKeyDialog({ tenant }: { tenant: Tenant }) {
  const [name, setName] = useState('')
  const [mode, setMode] = useState<KeyMode>('test')
  const [isTried, setTried] = useState(false)
  const [busy, setBusy] = useState(false)

  async function submit(event: FormEvent) {
    event.preventDefault()
    setTried(true)
    if (name.trim() === '') return
    setBusy(true)
    try {
      await createTenantKey(tenant, name.trim(), mode)
    } catch (cause) {
      toastFailure(cause)
      setBusy(false)
    }
  }

  return (
    <Dialog
      open
      onClose={endTask}
      title={tenantsLabels.createKey}
      description={tenantsLabels.key.description(tenant.name)}
    >
      <form onSubmit={submit} noValidate>
        <DialogBody>
          <Field
            label={tenantsLabels.name}
            error={isTried && name.trim() === '' ? tenantsLabels.form.name : null}
            hint={tenantsLabels.key.nameHint}
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
          <div>
            <p className="mb-1 font-medium text-sm">{tenantsLabels.key.type}</p>
            <Segmented
              label={tenantsLabels.key.type}
              value={mode}
              options={modes}
              onChange={setMode}
            />
            <p className="mt-1.5 text-ink-muted text-sm">
              {mode === 'test' ? tenantsLabels.key.testHint : tenantsLabels.key.liveHint}
            </p>
          </div>
        </DialogBody>
        <DialogFooter>
          <Button onClick={endTask}>{tenantsLabels.cancel}</Button>
          <Button type="submit" look="primary" busy={busy}>
            {mode === 'live' ? tenantsLabels.key.createLive : tenantsLabels.key.createTest}
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  )
}

/** Shows a whole key once. */
export function TenantKeyReveal({ created }: { created: CreatedKey }) {
  return (
    <Dialog
      open
      locked
      onClose={endTask}
      title={tenantsLabels.key.revealTitle}
      description={tenantsLabels.key.revealHint}
      width="wide"
    >
      <DialogBody>
        <div className="flex items-center gap-2">
          <span className="truncate font-medium">{created.name}</span>
          <ModeBadge mode={created.mode} />
        </div>
        <div className="flex items-center gap-2">
          <output
            aria-label={tenantsLabels.apiKey}
            className="min-w-0 flex-1 select-all break-all rounded-md border border-line-strong bg-sunken px-2.5 py-1.5 font-mono text-sm"
          >
            {created.key}
          </output>
          <CopyButton text={created.key} look="primary" />
        </div>
      </DialogBody>
      <DialogFooter>
        <Button onClick={endTask}>{tenantsLabels.key.saved}</Button>
      </DialogFooter>
    </Dialog>
  )
}
