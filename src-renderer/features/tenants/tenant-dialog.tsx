import { CircleAlert } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import type { Tenant } from '../../../src-main/contract/tenants.ts'
import { Button } from '../../ui/button.tsx'
import { Checkbox } from '../../ui/checkbox.tsx'
import { Dialog, DialogBody, DialogFooter } from '../../ui/dialog.tsx'
import { Field, TextInput } from '../../ui/field.tsx'
import { Note } from '../../ui/notice.tsx'
import { toast } from '../../ui/toasts.tsx'
import { tenantsLabels } from './labels.ts'
import {
  readTenantForm,
  type TenantForm,
  type TenantProblems,
  tenantFormOf,
} from './tenant-form.ts'
import { changeTenant, createTenant, endTask } from './tenants-store.ts'

export function TenantDialog({ tenant }: { tenant: Tenant | null }) {
  const [form, setForm] = useState(() => tenantFormOf(tenant))
  const [problems, setProblems] = useState<TenantProblems>({})
  const [refusal, setRefusal] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)

  async function submit(event: FormEvent) {
    event.preventDefault()
    const read = readTenantForm(form, tenant)
    setRefusal(null)
    if ('problems' in read) return setProblems(read.problems)
    setProblems({})
    setBusy(true)
    try {
      if (tenant) await changeTenant(tenant, read.tenant)
      else await createTenant(read.tenant)
      endTask()
      toast(tenant ? tenantsLabels.dialog.saved : tenantsLabels.dialog.created)
    } catch (cause) {
      setRefusal(cause instanceof Error ? cause.message : String(cause))
      setBusy(false)
    }
  }

  const text = (name: TextName, label: string, rest: TextRest = {}) => {
    const { hint, ...input } = rest
    return (
      <Field label={label} error={problems[name]} hint={hint}>
        {(control) => (
          <TextInput
            {...control}
            {...input}
            value={form[name]}
            onChange={(event) => {
              setForm((known) => ({ ...known, [name]: event.target.value }))
              // A changed value clears its error.
              setProblems(({ [name]: _, ...others }) => others)
            }}
          />
        )}
      </Field>
    )
  }

  return (
    <Dialog
      open
      onClose={endTask}
      title={tenant ? tenantsLabels.dialog.edit(tenant.name) : tenantsLabels.createTenant}
      width="wide"
    >
      <form onSubmit={submit} noValidate className="flex min-h-0 flex-1 flex-col">
        <DialogBody>
          <div className="grid grid-cols-2 gap-3">
            {text('name', tenantsLabels.name, { hint: tenantsLabels.dialog.nameHint })}
            {text('domain', tenantsLabels.domain, { placeholder: 'example.com' })}
          </div>
          <div className="grid grid-cols-2 gap-3">
            {text('fromName', tenantsLabels.dialog.fromName, {
              hint: tenantsLabels.dialog.fallbackHint,
            })}
            {text('replyTo', tenantsLabels.dialog.replyTo, {
              hint: tenantsLabels.dialog.fallbackHint,
            })}
          </div>
          <div className="grid grid-cols-2 gap-3">
            {text('requestsPerMinute', tenantsLabels.dialog.requests, {
              placeholder: tenantsLabels.noLimit,
              hint: tenantsLabels.dialog.limitHint,
            })}
            {text('emailsPerDay', tenantsLabels.dialog.emails, {
              placeholder: tenantsLabels.noLimit,
              hint: tenantsLabels.dialog.limitHint,
            })}
          </div>
          <Checkbox
            id="tenant-relay"
            checked={form.hasRelay}
            onChange={(hasRelay) => setForm((known) => ({ ...known, hasRelay }))}
          >
            {tenantsLabels.dialog.ownRelay}
            <span className="block text-ink-muted text-sm">
              {tenantsLabels.dialog.ownRelayHint}
            </span>
          </Checkbox>
          {form.hasRelay && (
            <div className="space-y-3 border-line border-l-2 pl-4">
              <div className="grid grid-cols-[1fr_96px] gap-3">
                {text('host', tenantsLabels.dialog.host, { placeholder: 'smtp.example.com' })}
                {text('port', tenantsLabels.dialog.port)}
              </div>
              <div className="grid grid-cols-2 gap-3">
                {text('user', tenantsLabels.dialog.user, { placeholder: tenantsLabels.none })}
                {text('pass', tenantsLabels.dialog.password, {
                  type: 'password',
                  placeholder: tenant?.smtp ? tenantsLabels.dialog.unchanged : tenantsLabels.none,
                })}
              </div>
            </div>
          )}
          {refusal && (
            <div role="alert">
              <Note tone="danger" icon={CircleAlert}>
                {refusal}
              </Note>
            </div>
          )}
        </DialogBody>
        <DialogFooter>
          <Button onClick={endTask}>{tenantsLabels.cancel}</Button>
          <Button type="submit" look="primary" busy={busy}>
            {tenant ? tenantsLabels.save : tenantsLabels.createTenant}
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  )
}

type TextName = Exclude<keyof TenantForm, 'hasRelay'>
type TextRest = { type?: 'password'; placeholder?: string; hint?: string }
