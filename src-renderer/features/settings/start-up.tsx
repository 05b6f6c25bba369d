import { useEffect, useState } from 'react'
import type { Bridge, Preferences, PreferencesChange } from '../../../src-main/electron/bridge.ts'
import { Card, Section } from '../../ui/page.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { Switch } from '../../ui/switch.tsx'
import { toastFailure } from '../../ui/toasts.tsx'
import { SettingRow } from './setting-row.tsx'

const notifyNames = { always: 'Always', unfocused: 'In background', off: 'Off' } as const
const notifyValues = ['always', 'unfocused', 'off'] as const

/** How the desktop app behaves on this machine; only a desktop can do these things. */
export function StartUp({ desktop }: { desktop: Bridge }) {
  const [preferences, setPreferences] = useState<Preferences | null>(null)
  const change = (wish: PreferencesChange) => {
    desktop.preferences(wish).then(setPreferences, toastFailure)
  }
  useEffect(() => {
    desktop.preferences({}).then(setPreferences, toastFailure)
  }, [desktop])
  return (
    <Section title="Start-up and notifications" description="How MailSage behaves on this machine.">
      <Card>{preferences && <Rows preferences={preferences} onChange={change} />}</Card>
    </Section>
  )
}

type RowsProps = { preferences: Preferences; onChange: (wish: PreferencesChange) => void }

function Rows({ preferences, onChange }: RowsProps) {
  const { notify, closeToTray, openAtLogin, startHidden, hasTray } = preferences
  return (
    <>
      <SettingRow name="Notifications" note="Of new mail and alerts; a burst makes one.">
        <Segmented
          label="Notifications"
          value={notify}
          onChange={(next) => onChange({ notify: next })}
          options={notifyValues.map((value) => ({ value, label: notifyNames[value] }))}
        />
      </SettingRow>
      <SettingRow
        id="close-to-tray"
        name="Keep running in the tray"
        note={
          hasTray
            ? 'Closing the window leaves the relay running. Quit from the tray or the menu.'
            : 'This desktop shows no tray, so closing the window quits.'
        }
      >
        <Switch
          id="close-to-tray"
          checked={closeToTray && hasTray}
          disabled={!hasTray}
          onChange={(next) => onChange({ closeToTray: next })}
        />
      </SettingRow>
      <SettingRow
        id="open-at-login"
        name="Start at login"
        note="The relay is there when you need it."
      >
        <Switch
          id="open-at-login"
          checked={openAtLogin}
          onChange={(next) => onChange({ openAtLogin: next })}
        />
      </SettingRow>
      <SettingRow
        id="start-hidden"
        name="Start without a window"
        note="At login only the tray shows; without a tray the window opens."
      >
        <Switch
          id="start-hidden"
          checked={startHidden}
          disabled={!openAtLogin}
          onChange={(next) => onChange({ startHidden: next })}
        />
      </SettingRow>
    </>
  )
}
