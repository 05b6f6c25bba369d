import { KeyRound } from 'lucide-react'
import { useState } from 'react'
import type { DkimKey } from '../../../src-main/contract/relay-tests.ts'
import type { Relay } from '../../../src-main/contract/relays.ts'
import { request } from '../../app/request.ts'
import { Button } from '../../ui/button.tsx'
import { CopyIcon } from '../../ui/copy.tsx'
import { Field } from '../../ui/field.tsx'
import { toastFailure } from '../../ui/toasts.tsx'
import { type StepProps, TextField } from './text-field.tsx'

type DkimFieldsProps = StepProps & { relay: Relay | null }

/** Domain, selector and key; a pair can be made here, with the record that DNS needs. */
export function DkimFields({ relay, ...step }: DkimFieldsProps) {
  const { form, problems, onChange } = step
  const [made, setMade] = useState<DkimKey | null>(null)
  const [busy, setBusy] = useState(false)
  const record = made ?? relay?.dkim ?? null

  async function make() {
    setBusy(true)
    try {
      const body = { domain: form.dkimDomain.trim(), selector: form.dkimSelector.trim() }
      const key = await request('POST /v1/relays/dkim-key', { body })
      setMade(key)
      onChange({ dkimKey: key.private_key })
    } catch (cause) {
      toastFailure(cause)
    } finally {
      setBusy(false)
    }
  }

  return (
    <div className="space-y-3 border-line border-l-2 pl-4">
      <div className="grid grid-cols-2 gap-3">
        <TextField {...step} name="dkimDomain" label="Domain" placeholder="example.com" isMono />
        <TextField {...step} name="dkimSelector" label="Selector" isMono />
      </div>
      <Field
        label="Private key"
        error={problems.dkimKey}
        hint="RSA as PEM, 1024 bits or more, without a passphrase."
      >
        {(control) => (
          <textarea
            {...control}
            spellCheck={false}
            rows={3}
            placeholder={relay?.dkim ? 'Unchanged' : '-----BEGIN PRIVATE KEY-----'}
            value={form.dkimKey}
            onChange={(event) => onChange({ dkimKey: event.target.value })}
            className="block w-full resize-none rounded-md border border-line-strong bg-canvas px-2.5 py-1.5 font-mono text-ink text-sm placeholder:text-ink-faint focus-visible:outline-offset-0 aria-invalid:border-danger"
          />
        )}
      </Field>
      <Button icon={KeyRound} busy={busy} disabled={form.dkimDomain.trim() === ''} onClick={make}>
        Make a key pair
      </Button>
      {record && (
        <dl
          aria-label="DNS record to publish"
          className="rounded-lg border border-line bg-sunken p-3 text-sm"
        >
          <Line name="TXT record" value={record.dns_name} />
          <Line name="Value" value={record.dns_value} />
        </dl>
      )}
    </div>
  )
}

function Line({ name, value }: { name: string; value: string }) {
  return (
    <div className="flex items-center gap-3">
      <dt className="w-20 shrink-0 text-ink-muted">{name}</dt>
      <dd className="min-w-0 flex-1 truncate font-mono" title={value}>
        {value}
      </dd>
      <dd>
        <CopyIcon text={value} label={`Copy ${name.toLowerCase()}`} />
      </dd>
    </div>
  )
}
