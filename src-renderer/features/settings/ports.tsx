import { type FormEvent, useState } from 'react'
import type { Settings } from '../../../src-main/contract/settings.ts'
import { changeSettings } from '../../app/server-settings.ts'
import { Button } from '../../ui/button.tsx'
import { Field, TextInput } from '../../ui/field.tsx'
import { Card } from '../../ui/page.tsx'
import { toast, toastFailure } from '../../ui/toasts.tsx'
import { settingsLabels } from './labels.ts'

const listeners = [
  { name: 'http_port', label: settingsLabels.ports.http, env: 'MAILSAGE_HTTP_PORT' },
  { name: 'smtp_port', label: settingsLabels.ports.smtp, env: 'MAILSAGE_SMTP_PORT' },
  { name: 'smtps_port', label: settingsLabels.ports.smtps, env: 'MAILSAGE_SMTPS_PORT' },
] as const

type Ports = Readonly<Record<(typeof listeners)[number]['name'], string>>

/** The ports of the next start. Ports set by the environment can only be changed there. */
export function Ports({ facts: { next_start, set_outside } }: { facts: Settings }) {
  const saved: Ports = {
    http_port: String(next_start.http_port),
    smtp_port: String(next_start.smtp_port),
    smtps_port: next_start.smtps_port === null ? '' : String(next_start.smtps_port),
  }
  const [typed, setTyped] = useState<Partial<Ports>>({})
  const ports = { ...saved, ...typed }
  const changed = listeners.filter(({ name }) => ports[name].trim() !== saved[name])

  async function save(event: FormEvent) {
    event.preventDefault()
    if (changed.length === 0 || changed.some(({ name }) => problemOf(name, ports[name]))) return
    const next = Object.fromEntries(
      changed.map(({ name }) => [name, ports[name].trim() === '' ? null : Number(ports[name])]),
    )
    try {
      await changeSettings({ next_start: next })
      setTyped({})
      toast(settingsLabels.ports.saved)
    } catch (cause) {
      toastFailure(cause)
    }
  }

  return (
    <Card>
      <form onSubmit={save} noValidate className="p-4">
        <div className="grid grid-cols-[repeat(auto-fit,minmax(150px,1fr))] gap-3">
          {listeners.map(({ name, label, env }) => {
            const isFixed = set_outside.includes(env)
            return (
              <Field
                key={name}
                label={label}
                error={problemOf(name, ports[name])}
                hint={isFixed ? settingsLabels.ports.setBy(env) : undefined}
              >
                {(control) => (
                  <TextInput
                    {...control}
                    inputMode="numeric"
                    disabled={isFixed}
                    placeholder={name === 'smtps_port' ? settingsLabels.ports.none : ''}
                    value={ports[name]}
                    onChange={(event) =>
                      setTyped((known) => ({ ...known, [name]: event.target.value }))
                    }
                    className="figures font-mono text-sm"
                  />
                )}
              </Field>
            )
          })}
        </div>
        <div className="mt-3 flex items-center gap-4">
          <p className="flex-1 text-ink-muted text-sm">{settingsLabels.ports.hint}</p>
          <Button type="submit" disabled={changed.length === 0}>
            {settingsLabels.ports.save}
          </Button>
        </div>
      </form>
    </Card>
  )
}

function problemOf(name: keyof Ports, text: string): string | null {
  if (text.trim() === '') return name === 'smtps_port' ? null : settingsLabels.ports.missing
  const port = Number(text)
  const isPort = Number.isInteger(port) && port >= 0 && port <= 65_535
  return isPort ? null : settingsLabels.ports.invalid
}
