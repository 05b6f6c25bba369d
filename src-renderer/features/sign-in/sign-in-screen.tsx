import { CircleAlert } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { isAbort } from '../../app/request.ts'
import { signIn } from '../../app/session.ts'
import { BrandMark } from '../../ui/brand.tsx'
import { Button } from '../../ui/button.tsx'
import { Field, TextInput } from '../../ui/field.tsx'
import { Note } from '../../ui/notice.tsx'
import { signInLabels } from './labels.ts'

export function SignInScreen({ reason }: { reason: string | null }) {
  const [key, setKey] = useState('')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const shown = reason ?? problem

  async function submit(event: FormEvent) {
    event.preventDefault()
    if (key.trim() === '') return setProblem(signInLabels.keyMissing)
    setBusy(true)
    setProblem(null)
    try {
      await signIn(key.trim())
    } catch (cause) {
      if (!isAbort(cause)) setProblem(cause instanceof Error ? cause.message : String(cause))
    } finally {
      setBusy(false)
    }
  }

  return (
    <main className="flex h-full items-center justify-center bg-rail p-6">
      <form
        onSubmit={submit}
        className="w-[360px] rounded-xl border border-line bg-canvas p-6 shadow-control"
      >
        <BrandMark size={32} />
        <h1 className="mt-4 font-semibold text-xl">{signInLabels.title}</h1>
        <p className="mt-1 mb-5 text-ink-muted">
          {signInLabels.intro} <code className="text-sm">{signInLabels.introVariable}</code>{' '}
          {signInLabels.introEnd}
        </p>
        <Field label={signInLabels.key}>
          {(control) => (
            <TextInput
              {...control}
              type="password"
              name="key"
              autoFocus
              value={key}
              onChange={(event) => setKey(event.target.value)}
              placeholder={signInLabels.keyExample}
              className="font-mono"
            />
          )}
        </Field>
        {shown && (
          <div role="alert" className="mt-3">
            <Note tone="danger" icon={CircleAlert}>
              {shown}
            </Note>
          </div>
        )}
        <Button type="submit" look="primary" busy={busy} className="mt-4 h-8 w-full">
          {busy ? signInLabels.checking : signInLabels.signIn}
        </Button>
        <p className="mt-3 text-ink-faint text-sm">{signInLabels.storage}</p>
      </form>
    </main>
  )
}
