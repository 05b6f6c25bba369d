import { CircleAlert, CircleCheck } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Field, TextInput } from '../../ui/field.tsx'
import { Note } from '../../ui/notice.tsx'
import { type Checked, checkSignature } from './check-signature.ts'

/** Everything is computed here; nothing that is pasted leaves the window. */
export function SignatureChecker({ body: first, secret: known }: { body: string; secret: string }) {
  const [body, setBody] = useState(first)
  const [header, setHeader] = useState('')
  const [secret, setSecret] = useState(known)
  const [checked, setChecked] = useState<Checked | null>(null)
  useEffect(() => {
    let gone = false
    checkSignature({ body, header, secret }).then(
      (result) => !gone && setChecked(result),
      () => !gone && setChecked(null),
    )
    return () => {
      gone = true
    }
  }, [body, header, secret])
  const wrong = checked?.type === 'wrong' ? checked.part : ''
  return (
    <div className="space-y-3">
      <Field label="Raw body" {...(wrong.includes('body') ? { error: 'Look here' } : {})}>
        {(control) => (
          <textarea
            {...control}
            value={body}
            rows={5}
            spellCheck={false}
            placeholder={'{"id":"evt_…","type":"captured",…}'}
            onChange={(event) => setBody(event.target.value)}
            className="block w-full resize-y break-all rounded-md border border-line-strong bg-canvas px-2.5 py-1.5 font-mono text-sm leading-5 placeholder:text-ink-faint aria-invalid:border-danger"
          />
        )}
      </Field>
      <Field
        label="X-Webhook-Signature"
        {...(wrong.includes('header') ? { error: 'Look here' } : {})}
      >
        {(control) => (
          <TextInput
            {...control}
            value={header}
            placeholder="sha256=…"
            className="font-mono text-sm"
            onChange={(event) => setHeader(event.target.value)}
          />
        )}
      </Field>
      <Field label="Secret" {...(wrong.includes('secret') ? { error: 'Look here' } : {})}>
        {(control) => (
          <TextInput
            {...control}
            value={secret}
            placeholder="whsec_…"
            className="font-mono text-sm"
            onChange={(event) => setSecret(event.target.value)}
          />
        )}
      </Field>
      <div role="status">{checked && <Result checked={checked} />}</div>
    </div>
  )
}

function Result({ checked }: { checked: Checked }) {
  switch (checked.type) {
    case 'incomplete':
      return (
        <p className="text-ink-faint">
          Paste {checked.missing.join(' and ')} to check. Nothing leaves this window.
        </p>
      )
    case 'genuine':
      return (
        <Note tone="sage" icon={CircleCheck}>
          Genuine: this body was signed with this secret.
        </Note>
      )
    case 'wrong':
      return (
        <Note tone="danger" icon={CircleAlert}>
          <p>{checked.reason}</p>
          <p className="mt-1 break-all font-mono text-sm">These give: {checked.expected}</p>
        </Note>
      )
  }
}
