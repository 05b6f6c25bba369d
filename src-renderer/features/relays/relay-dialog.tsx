import { CircleAlert } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import type { Relay, RelayTls } from '../../../src-main/contract/relays.ts'
import { Button } from '../../ui/button.tsx'
import { Checkbox } from '../../ui/checkbox.tsx'
import { Dialog, DialogBody, DialogFooter } from '../../ui/dialog.tsx'
import { Field, TextInput } from '../../ui/field.tsx'
import { Note } from '../../ui/notice.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { toast } from '../../ui/toasts.tsx'
import { formOf, type Problems, type RelayForm, readForm, usualPorts } from './relay-form.ts'
import { endTask, saveRelay } from './relays-store.ts'

const tlsModes = [
  { value: 'starttls', label: 'STARTTLS' },
  { value: 'implicit', label: 'TLS' },
  { value: 'none', label: 'None' },
] as const

type TextName = 'name' | 'host' | 'port' | 'username' | 'password' | 'from' | 'priority'

export function RelayDialog({ relay }: { relay: Relay | null }) {
  const [form, setForm] = useState(() => formOf(relay))
  const [problems, setProblems] = useState<Problems>({})
  const [refusal, setRefusal] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const change = (part: Partial<RelayForm>) => setForm((known) => ({ ...known, ...part }))

  function changeTls(tls: RelayTls) {
    const isUsual = form.port === usualPorts[form.tls]
    change({ tls, ...(isUsual ? { port: usualPorts[tls] } : {}) })
  }

  async function submit(event: FormEvent) {
    event.preventDefault()
    const read = readForm(form)
    setRefusal(null)
    if ('problems' in read) return setProblems(read.problems)
    setProblems({})
    setBusy(true)
    try {
      await saveRelay(relay, read.relay)
      endTask()
      toast(relay ? 'Relay changed' : 'Relay added')
    } catch (cause) {
      setRefusal(cause instanceof Error ? cause.message : String(cause))
      setBusy(false)
    }
  }

  const text = (name: TextName, label: string, rest: TextRest = {}) => (
    <TextField
      {...rest}
      label={label}
      value={form[name]}
      error={problems[name]}
      onChange={(value) => change({ [name]: value })}
    />
  )

  return (
    <Dialog open onClose={endTask} title={relay ? 'Edit relay' : 'Add relay'} width="wide">
      <form onSubmit={submit} noValidate className="flex min-h-0 flex-col">
        <DialogBody>
          <div className="grid grid-cols-[1fr_96px] gap-3">
            {text('host', 'Host', { placeholder: 'smtp.example.com' })}
            {text('port', 'Port')}
          </div>
          <div>
            <p className="mb-1 font-medium text-sm">Encryption</p>
            <Segmented
              label="Encryption"
              value={form.tls}
              options={tlsModes}
              onChange={changeTls}
            />
            {form.tls !== 'none' && (
              <div className="mt-2.5">
                <Checkbox
                  id="relay-verify"
                  checked={form.verify}
                  onChange={(verify) => change({ verify })}
                >
                  Check the certificate
                </Checkbox>
              </div>
            )}
          </div>
          <div className="grid grid-cols-2 gap-3">
            {text('username', 'User name', { placeholder: 'None' })}
            {text('password', 'Password', {
              type: 'password',
              placeholder: relay?.has_password ? 'Unchanged' : 'None',
            })}
          </div>
          {text('from', 'Sender', {
            placeholder: 'noreply@example.com',
            hint: 'For sends that name no sender of their own.',
          })}
          <div className="grid grid-cols-[1fr_96px] gap-3">
            {text('name', 'Name', { placeholder: form.host || 'My relay' })}
            {text('priority', 'Priority', { hint: 'Lowest first' })}
          </div>
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
            {relay ? 'Save' : 'Add relay'}
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  )
}

type TextRest = { type?: 'password'; placeholder?: string; hint?: string }
type TextFieldProps = TextRest & {
  label: string
  value: string
  error: string | undefined
  onChange: (value: string) => void
}

function TextField({ label, value, error, hint, onChange, ...rest }: TextFieldProps) {
  return (
    <Field label={label} error={error} hint={hint}>
      {(control) => (
        <TextInput
          {...control}
          {...rest}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  )
}
