import { useEffect, useState } from 'react'
import type { Bridge, Preferences, PreferencesChange } from '../../../src-main/electron/bridge.ts'
import { Card, Section } from '../../ui/page.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { Switch } from '../../ui/switch.tsx'
import { toastFailure } from '../../ui/toasts.tsx'
import { settingsLabels } from './labels.ts'
import { SettingRow } from './setting-row.tsx'

const notifyValues = ['always', 'unfocused', 'off'] as const

/** Settings of the desktop app on this computer. */
export function StartUp({ desktop }: { desktop: Bridge }) {
  const [preferences, setPreferences] = useState<Preferences | null>(null)
  const change = (next: PreferencesChange) => {
    desktop.preferences(next).then(setPreferences, toastFailure)
  }
  useEffect(() => {
    desktop.preferences({}).then(setPreferences, toastFailure)
  }, [desktop])
  return (
    <Section title={settingsLabels.startUp.title} description={settingsLabels.startUp.hint}>
      <Card>{preferences && <Rows preferences={preferences} onChange={change} />}</Card>
    </Section>
  )
}

type RowsProps = { preferences: Preferences; onChange: (next: PreferencesChange) => void }

function Rows({ preferences, onChange }: RowsProps) {
  const { notify, closeToTray, openAtLogin, startHidden, hasTray } = preferences
  return (
    <>
      <SettingRow
        name={settingsLabels.startUp.notifications}
        note={settingsLabels.startUp.notificationsHint}
      >
        <Segmented
          label={settingsLabels.startUp.notifications}
          value={notify}
          onChange={(next) => onChange({ notify: next })}
          options={notifyValues.map((value) => ({
            value,
            label: settingsLabels.startUp.notify[value],
          }))}
        />
      </SettingRow>
      <SettingRow
        id="close-to-tray"
        name={settingsLabels.startUp.tray}
        note={hasTray ? settingsLabels.startUp.trayHint : settingsLabels.startUp.noTrayHint}
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
        name={settingsLabels.startUp.login}
        note={settingsLabels.startUp.loginHint}
      >
        <Switch
          id="open-at-login"
          checked={openAtLogin}
          onChange={(next) => onChange({ openAtLogin: next })}
        />
      </SettingRow>
      <SettingRow
        id="start-hidden"
        name={settingsLabels.startUp.hidden}
        note={settingsLabels.startUp.hiddenHint}
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
