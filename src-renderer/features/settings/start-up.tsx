import { useEffect, useState } from 'react'
import { Card, Section } from '../../ui/page.tsx'
import { Switch } from '../../ui/switch.tsx'
import { toastFailure } from '../../ui/toasts.tsx'
import { SettingRow } from './setting-row.tsx'

type Preferences = {
  readonly openAtLogin: boolean
  readonly startHidden: boolean
  readonly closeToTray: boolean
  readonly hasTray: boolean
}
type Ask = (change: Partial<Omit<Preferences, 'hasTray'>>) => Promise<Preferences>

/** Asks the desktop; null where it has no such question, or there is no desktop. */
export function startUpQuestion(): Ask | null {
  const bridge = window.mailsage as { readonly preferences?: Ask } | undefined
  return bridge?.preferences ?? null
}

const switches = [
  {
    name: 'openAtLogin',
    label: 'Open at login',
    note: 'MailSage is there before your apps send their first mail.',
    needsTray: false,
  },
  {
    name: 'startHidden',
    label: 'Start in the tray',
    note: 'Opened at login it shows no window.',
    needsTray: true,
  },
  {
    name: 'closeToTray',
    label: 'Go on in the tray',
    note: 'With its window closed MailSage still takes mail. Quit it from the tray.',
    needsTray: true,
  },
] as const

export function StartUp({ ask }: { ask: Ask }) {
  const [preferences, setPreferences] = useState<Preferences | null>(null)
  useEffect(() => {
    ask({}).then(setPreferences, toastFailure)
  }, [ask])
  return (
    <Section title="Start-up">
      <Card>
        {switches.map(({ name, label, note, needsTray }) => {
          const lacksTray = needsTray && preferences?.hasTray === false
          return (
            <SettingRow
              key={name}
              id={name}
              name={label}
              note={lacksTray ? 'This desktop shows no tray.' : note}
            >
              <Switch
                id={name}
                checked={preferences?.[name] ?? false}
                disabled={preferences === null || lacksTray}
                onChange={(next) => {
                  ask({ [name]: next }).then(setPreferences, toastFailure)
                }}
              />
            </SettingRow>
          )
        })}
      </Card>
    </Section>
  )
}
