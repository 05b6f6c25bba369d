import { type ReactNode, useEffect } from 'react'
import { create } from 'zustand'
import type { Preferences, PreferencesChange } from '../../../src-main/shell/bridge.ts'
import { Dialog, DialogBody } from '../../ui/dialog.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { Switch } from '../../ui/switch.tsx'
import { toastFailure } from '../../ui/toasts.tsx'

const usePreferences = create<{ open: boolean; preferences: Preferences | null }>(() => ({
  open: false,
  preferences: null,
}))

export function showPreferences(): void {
  usePreferences.setState({ open: true })
  change({})
}

function change(wish: PreferencesChange): void {
  window.mailsage
    ?.preferences(wish)
    .then((preferences) => usePreferences.setState({ preferences }), toastFailure)
}

const notifyNames = { always: 'Always', unfocused: 'In background', off: 'Off' } as const
const notifyValues = ['always', 'unfocused', 'off'] as const

/** How the desktop app behaves on this machine; only a desktop can do these things. */
export function PreferencesDialog() {
  const { open, preferences } = usePreferences()
  useEffect(() => () => usePreferences.setState({ open: false }), [])
  return (
    <Dialog
      open={open && preferences !== null}
      onClose={() => usePreferences.setState({ open: false })}
      title="Preferences"
      description="How MailSage behaves on this machine."
      width="wide"
    >
      {preferences && (
        <DialogBody>
          <Row name="Notifications" note="Of new mail and alerts; a burst makes one.">
            <Segmented
              label="Notifications"
              value={preferences.notify}
              onChange={(notify) => change({ notify })}
              options={notifyValues.map((value) => ({ value, label: notifyNames[value] }))}
            />
          </Row>
          <Row
            id="close-to-tray"
            name="Keep running in the tray"
            note={
              preferences.hasTray
                ? 'Closing the window leaves the relay running. Quit from the tray or the menu.'
                : 'This desktop shows no tray, so closing the window quits.'
            }
          >
            <Switch
              id="close-to-tray"
              checked={preferences.closeToTray && preferences.hasTray}
              disabled={!preferences.hasTray}
              onChange={(closeToTray) => change({ closeToTray })}
            />
          </Row>
          <Row id="open-at-login" name="Start at login" note="The relay is there when you need it.">
            <Switch
              id="open-at-login"
              checked={preferences.openAtLogin}
              onChange={(openAtLogin) => change({ openAtLogin })}
            />
          </Row>
          <Row
            id="start-hidden"
            name="Start without a window"
            note="At login only the tray shows; without a tray the window opens."
          >
            <Switch
              id="start-hidden"
              checked={preferences.startHidden}
              disabled={!preferences.openAtLogin}
              onChange={(startHidden) => change({ startHidden })}
            />
          </Row>
        </DialogBody>
      )}
    </Dialog>
  )
}

type RowProps = { id?: string; name: string; note: string; children: ReactNode }

function Row({ id, name, note, children }: RowProps) {
  return (
    <div className="flex items-center gap-6">
      <div className="min-w-0 flex-1">
        {id ? (
          <label htmlFor={id} className="font-medium">
            {name}
          </label>
        ) : (
          <span className="font-medium">{name}</span>
        )}
        <p className="text-ink-muted text-sm">{note}</p>
      </div>
      {children}
    </div>
  )
}
