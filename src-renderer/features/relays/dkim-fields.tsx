import { KeyRound } from 'lucide-react'
import { useState } from 'react'
import type { DkimKey } from '../../../src-main/contract/relay-tests.ts'
import type { Relay } from '../../../src-main/contract/relays.ts'
import { request } from '../../app/request.ts'
import { Button } from '../../ui/button.tsx'
import { CopyIcon } from '../../ui/copy.tsx'
import { Field } from '../../ui/field.tsx'
import { toastFailure } from '../../ui/toasts.tsx'
import { relaysLabels } from './labels.ts'
import { type StepProps, TextField } from './text-field.tsx'

type DkimFieldsProps = StepProps & { relay: Relay | null }

/** Domain, selector and key; a key pair can be generated with its DNS record. */
export function DkimFields({ relay, ...step }: DkimFieldsProps) {
  const { form, problems, onChange } = step
  const [generated, setGenerated] = useState<DkimKey | null>(null)
  const [busy, setBusy] = useState(false)
  const record = generated ?? relay?.dkim ?? null

  async function generate() {
    setBusy(true)
    try {
      const body = { domain: form.dkimDomain.trim(), selector: form.dkimSelector.trim() }
      const key = await request('POST /v1/relays/dkim-key', { body })
      setGenerated(key)
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
        <TextField
          {...step}
          name="dkimDomain"
          label={relaysLabels.dkim.domain}
          placeholder="example.com"
          isMono
        />
        <TextField {...step} name="dkimSelector" label={relaysLabels.dkim.selector} isMono />
      </div>
      <Field
        label={relaysLabels.dkim.privateKey}
        error={problems.dkimKey}
        hint={relaysLabels.dkim.privateKeyHint}
      >
        {(control) => (
          <textarea
            {...control}
            spellCheck={false}
            rows={3}
            placeholder={relay?.dkim ? relaysLabels.unchanged : '-----BEGIN PRIVATE KEY-----'}
            value={form.dkimKey}
            onChange={(event) => onChange({ dkimKey: event.target.value })}
            className="block w-full resize-none rounded-md border border-line-strong bg-canvas px-2.5 py-1.5 font-mono text-ink text-sm placeholder:text-ink-faint focus-visible:outline-offset-0 aria-invalid:border-danger"
          />
        )}
      </Field>
      <Button
        icon={KeyRound}
        busy={busy}
        disabled={form.dkimDomain.trim() === ''}
        onClick={generate}
      >
        {relaysLabels.dkim.generate}
      </Button>
      {record && (
        <dl
          aria-label={relaysLabels.dkim.record}
          className="rounded-lg border border-line bg-sunken p-3 text-sm"
        >
          <Line name={relaysLabels.dkim.txt} value={record.dns_name} />
          <Line name={relaysLabels.dkim.value} value={record.dns_value} />
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
        <CopyIcon text={value} label={relaysLabels.dkim.copy(name)} />
      </dd>
    </div>
  )
}
