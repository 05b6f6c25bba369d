import { CircleAlert } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import type { Tenant } from '../../../src-main/contract/tenants.ts'
import { Button } from '../../ui/button.tsx'
import { Checkbox } from '../../ui/checkbox.tsx'
import { Dialog, DialogBody, DialogFooter } from '../../ui/dialog.tsx'
import { Field, TextInput } from '../../ui/field.tsx'
import { Note } from '../../ui/notice.tsx'
import { toast } from '../../ui/toasts.tsx'
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
      toast(tenant ? 'Tenant changed' : 'Tenant created')
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
              // What was wrong about it is no longer there.
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
      title={tenant ? `Edit “${tenant.name}”` : 'Create tenant'}
      width="wide"
    >
      <form onSubmit={submit} noValidate className="flex min-h-0 flex-1 flex-col">
        <DialogBody>
          <div className="grid grid-cols-2 gap-3">
            {text('name', 'Name', { hint: 'Whom it stands for, such as a customer.' })}
            {text('domain', 'Domain', { placeholder: 'example.com' })}
          </div>
          <div className="grid grid-cols-2 gap-3">
            {text('fromName', 'Sender’s name', { hint: 'Where a send gives none.' })}
            {text('replyTo', 'Reply to', { hint: 'Where a send gives none.' })}
          </div>
          <div className="grid grid-cols-2 gap-3">
            {text('requestsPerMinute', 'Requests a minute', {
              placeholder: 'No limit',
              hint: 'For all its keys together.',
            })}
            {text('emailsPerDay', 'Emails a day', {
              placeholder: 'No limit',
              hint: 'For all its keys together.',
            })}
          </div>
          <Checkbox
            id="tenant-relay"
            checked={form.hasRelay}
            onChange={(hasRelay) => setForm((known) => ({ ...known, hasRelay }))}
          >
            A relay of its own
            <span className="block text-ink-muted text-sm">
              Its live keys send through this one instead of the installation’s.
            </span>
          </Checkbox>
          {form.hasRelay && (
            <div className="space-y-3 border-line border-l-2 pl-4">
              <div className="grid grid-cols-[1fr_96px] gap-3">
                {text('host', 'Host', { placeholder: 'smtp.example.com' })}
                {text('port', 'Port')}
              </div>
              <div className="grid grid-cols-2 gap-3">
                {text('user', 'User name', { placeholder: 'None' })}
                {text('pass', 'Password', {
                  type: 'password',
                  placeholder: tenant?.smtp ? 'Unchanged' : 'None',
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
          <Button onClick={endTask}>Cancel</Button>
          <Button type="submit" look="primary" busy={busy}>
            {tenant ? 'Save' : 'Create tenant'}
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  )
}

type TextName = Exclude<keyof TenantForm, 'hasRelay'>
type TextRest = { type?: 'password'; placeholder?: string; hint?: string }
