import { type FormEvent, useEffect, useState } from 'react'
import type { Settings } from '../../../src-main/contract/settings.ts'
import type { RetentionPreview } from '../../../src-main/contract/storage.ts'
import { request } from '../../app/request.ts'
import { changeSettings } from '../../app/server-settings.ts'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { TextInput } from '../../ui/field.tsx'
import { Card, Section } from '../../ui/page.tsx'
import { toast } from '../../ui/toasts.tsx'
import { OutsideNote } from './outside-note.tsx'
import { type Kept, keptFields, previewWords, readKept } from './retention-labels.ts'
import { SettingRow } from './setting-row.tsx'

const previewAfterMs = 250

export function Retention({ facts }: { facts: Settings }) {
  const [typed, setTyped] = useState<Partial<Record<Kept, string>>>({})
  const [preview, setPreview] = useState<RetentionPreview | null>(null)
  const [isAsking, setAsking] = useState(false)
  const { change, problems } = readKept(typed, facts)
  const isChanged = Object.keys(change).length > 0
  const isRight = Object.keys(problems).length === 0
  const asked = JSON.stringify(change)

  useEffect(() => {
    setPreview(null)
    if (asked === '{}') return
    const controller = new AbortController()
    const timer = setTimeout(() => {
      const call = { query: JSON.parse(asked), signal: controller.signal }
      request('GET /v1/storage/retention', call).then(setPreview, () => undefined)
    }, previewAfterMs)
    return () => {
      clearTimeout(timer)
      controller.abort()
    }
  }, [asked])

  async function save() {
    await changeSettings(change)
    setTyped({})
    toast('What is kept has changed')
  }

  function submit(event: FormEvent) {
    event.preventDefault()
    if (isChanged && isRight) setAsking(true)
  }

  return (
    <Section
      title="Retention"
      description="How long things are kept. 0 keeps them for good. Mail on its way is never deleted."
    >
      <form onSubmit={submit} noValidate>
        <Card>
          {keptFields.map(({ name, label, note, unit, env }) => (
            <SettingRow
              key={name}
              id={name}
              name={label}
              note={
                <>
                  {problems[name] ? (
                    <span className="text-danger-ink">{problems[name]}</span>
                  ) : (
                    note
                  )}
                  <OutsideNote facts={facts} env={env} />
                </>
              }
            >
              <span className="flex items-center gap-2">
                <TextInput
                  id={name}
                  inputMode="numeric"
                  {...(problems[name] ? { 'aria-invalid': true } : {})}
                  value={typed[name] ?? String(facts[name])}
                  onChange={(event) =>
                    setTyped((known) => ({ ...known, [name]: event.target.value }))
                  }
                  className="figures w-24! text-right"
                />
                <span className="w-16 text-ink-muted">{unit}</span>
              </span>
            </SettingRow>
          ))}
          <div className="flex min-h-12 items-center gap-4 bg-sunken px-4 py-2">
            <p role="status" className="flex-1 text-ink-muted text-sm">
              {isChanged && isRight
                ? preview
                  ? previewWords(preview)
                  : 'Looking at what would go…'
                : 'A change here says first what it would delete.'}
            </p>
            {isChanged && <Button onClick={() => setTyped({})}>Discard</Button>}
            <Button type="submit" look="primary" disabled={!isChanged || !isRight || !preview}>
              Save
            </Button>
          </div>
        </Card>
      </form>
      <Confirm
        open={isAsking}
        onClose={() => setAsking(false)}
        title="Keep less from now on?"
        action="Save"
        onConfirm={save}
      >
        <p>{preview ? previewWords(preview) : ''}</p>
        <p>What is deleted cannot be brought back. Usage figures and the audit stay.</p>
      </Confirm>
    </Section>
  )
}
