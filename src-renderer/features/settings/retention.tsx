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
import { EnvironmentNote } from './environment-note.tsx'
import { settingsLabels } from './labels.ts'
import { type RetentionName, readRetention, retentionFields } from './retention-fields.ts'
import { SettingRow } from './setting-row.tsx'

const previewDelayMs = 250

export function Retention({ facts }: { facts: Settings }) {
  const [typed, setTyped] = useState<Partial<Record<RetentionName, string>>>({})
  const [preview, setPreview] = useState<RetentionPreview | null>(null)
  const [isConfirming, setConfirming] = useState(false)
  const { change, problems } = readRetention(typed, facts)
  const isChanged = Object.keys(change).length > 0
  const isValid = Object.keys(problems).length === 0
  const query = JSON.stringify(change)

  useEffect(() => {
    setPreview(null)
    if (query === '{}') return
    const controller = new AbortController()
    const timer = setTimeout(() => {
      const call = { query: JSON.parse(query), signal: controller.signal }
      request('GET /v1/storage/retention', call).then(setPreview, () => undefined)
    }, previewDelayMs)
    return () => {
      clearTimeout(timer)
      controller.abort()
    }
  }, [query])

  async function save() {
    await changeSettings(change)
    setTyped({})
    toast(settingsLabels.retention.saved)
  }

  function submit(event: FormEvent) {
    event.preventDefault()
    if (isChanged && isValid) setConfirming(true)
  }

  return (
    <Section title={settingsLabels.sections.retention} description={settingsLabels.retention.hint}>
      <form onSubmit={submit} noValidate>
        <Card>
          {retentionFields.map(({ name, label, note, unit, env }) => (
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
                  <EnvironmentNote facts={facts} env={env} />
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
              {isChanged && isValid
                ? preview
                  ? settingsLabels.retention.preview(preview)
                  : settingsLabels.retention.loadingPreview
                : settingsLabels.retention.previewHint}
            </p>
            {isChanged && (
              <Button onClick={() => setTyped({})}>{settingsLabels.retention.discard}</Button>
            )}
            <Button type="submit" look="primary" disabled={!isChanged || !isValid || !preview}>
              {settingsLabels.save}
            </Button>
          </div>
        </Card>
      </form>
      <Confirm
        open={isConfirming}
        onClose={() => setConfirming(false)}
        title={settingsLabels.retention.confirmTitle}
        action={settingsLabels.save}
        onConfirm={save}
      >
        <p>{preview ? settingsLabels.retention.preview(preview) : ''}</p>
        <p>{settingsLabels.retention.confirmHint}</p>
      </Confirm>
    </Section>
  )
}
