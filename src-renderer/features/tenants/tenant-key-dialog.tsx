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
import { createTenantKey, endTask } from './tenants-store.ts'

const modes = [
  { value: 'test', label: 'Test' },
  { value: 'live', label: 'Live' },
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
      title="Create key"
      description={`It may send, and belongs to “${tenant.name}”. More can be allowed under Keys.`}
    >
      <form onSubmit={submit} noValidate>
        <DialogBody>
          <Field
            label="Name"
            error={isTried && name.trim() === '' ? 'Give the key a name.' : null}
            hint="Where it is used."
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
            <p className="mb-1 font-medium text-sm">Type</p>
            <Segmented label="Type" value={mode} options={modes} onChange={setMode} />
            <p className="mt-1.5 text-ink-muted text-sm">
              {mode === 'test'
                ? 'Mail is captured in the tenant’s inbox. Nothing is ever sent.'
                : 'Mail goes out through a relay, to real people.'}
            </p>
          </div>
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

/** A whole key, the one time it can be seen. */
export function TenantKeyReveal({ created }: { created: CreatedKey }) {
  return (
    <Dialog
      open
      locked
      onClose={endTask}
      title="Your new API key"
      description="Copy it now. MailSage keeps only a fingerprint, so it cannot be shown again."
      width="wide"
    >
      <DialogBody>
        <div className="flex items-center gap-2">
          <span className="truncate font-medium">{created.name}</span>
          <ModeBadge mode={created.mode} />
        </div>
        <div className="flex items-center gap-2">
          <output
            aria-label="API key"
            className="min-w-0 flex-1 select-all break-all rounded-md border border-line-strong bg-sunken px-2.5 py-1.5 font-mono text-sm"
          >
            {created.key}
          </output>
          <CopyButton text={created.key} look="primary" />
        </div>
      </DialogBody>
      <DialogFooter>
        <Button onClick={endTask}>I stored it</Button>
      </DialogFooter>
    </Dialog>
  )
}
