import { CircleAlert, CircleCheck } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Field, TextInput } from '../../ui/field.tsx'
import { Note } from '../../ui/notice.tsx'
import { checkSignature, type SignatureCheck } from './check-signature.ts'
import { webhooksLabels } from './labels.ts'

/** Computes the signature in the window; pasted text is not sent. */
export function SignatureChecker({ body: first, secret: known }: { body: string; secret: string }) {
  const [body, setBody] = useState(first)
  const [header, setHeader] = useState('')
  const [secret, setSecret] = useState(known)
  const [checked, setChecked] = useState<SignatureCheck | null>(null)
  useEffect(() => {
    let isStale = false
    checkSignature({ body, header, secret }).then(
      (result) => !isStale && setChecked(result),
      () => !isStale && setChecked(null),
    )
    return () => {
      isStale = true
    }
  }, [body, header, secret])
  const invalid = checked?.type === 'invalid' ? checked.part : ''
  return (
    <div className="space-y-3">
      <Field
        label={webhooksLabels.checker.body}
        {...(invalid.includes('body') ? { error: webhooksLabels.checker.checkThis } : {})}
      >
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
        {...(invalid.includes('header') ? { error: webhooksLabels.checker.checkThis } : {})}
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
      <Field
        label={webhooksLabels.secret}
        {...(invalid.includes('secret') ? { error: webhooksLabels.checker.checkThis } : {})}
      >
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

function Result({ checked }: { checked: SignatureCheck }) {
  switch (checked.type) {
    case 'incomplete':
      return <p className="text-ink-faint">{webhooksLabels.checker.missing(checked.missing)}</p>
    case 'valid':
      return (
        <Note tone="sage" icon={CircleCheck}>
          {webhooksLabels.checker.valid}
        </Note>
      )
    case 'invalid':
      return (
        <Note tone="danger" icon={CircleAlert}>
          <p>{checked.reason}</p>
          <p className="mt-1 break-all font-mono text-sm">
            {webhooksLabels.checker.expected(checked.expected)}
          </p>
        </Note>
      )
  }
}
