import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { app } from 'electron'
import { z } from 'zod'
import { writeDurably } from '../base/durable-file.ts'
import type { Preferences, PreferencesChange } from './bridge.ts'

type Kept = Omit<Preferences, 'hasTray'>

const Kept = z.object({
  closeToTray: z.boolean(),
  notify: z.enum(['always', 'unfocused', 'off']),
  openAtLogin: z.boolean(),
  startHidden: z.boolean(),
})
export const KeptChange = Kept.partial().strict()

const defaults: Kept = {
  closeToTray: true,
  notify: 'unfocused',
  openAtLogin: false,
  startHidden: false,
}

export type PreferenceStore = ReturnType<typeof openPreferences>

export function openPreferences(file: string, hasTray: boolean) {
  let kept = read(file)

  return {
    current: (): Preferences => ({ ...kept, hasTray }),

    change(change: PreferencesChange): Preferences {
      const next = { ...kept, ...change }
      writeDurably(file, `${JSON.stringify(next, null, 2)}\n`)
      const isLoginChanged =
        next.openAtLogin !== kept.openAtLogin || next.startHidden !== kept.startHidden
      if (isLoginChanged) setLogin(next)
      kept = next
      return { ...kept, hasTray }
    },
  }
}

function read(file: string): Kept {
  try {
    return { ...defaults, ...KeptChange.parse(JSON.parse(readFileSync(file, 'utf8'))) } as Kept
  } catch {
    // No file yet, or an edited one: use the defaults.
    return defaults
  }
}

function setLogin({ openAtLogin, startHidden }: Kept): void {
  const args = startHidden ? ['--hidden'] : []
  if (process.platform !== 'linux') {
    app.setLoginItemSettings({ openAtLogin, args })
    return
  }
  const folder = process.env.XDG_CONFIG_HOME || join(homedir(), '.config')
  const entry = join(folder, 'autostart/mailsage-desktop.desktop')
  if (!openAtLogin) {
    rmSync(entry, { force: true })
    return
  }
  mkdirSync(dirname(entry), { recursive: true })
  writeDurably(entry, autostartEntry([process.env.APPIMAGE ?? process.execPath, ...args]))
}

/** Desktop Application Autostart Specification; `Exec` is quoted by the Desktop Entry Specification. */
function autostartEntry(command: readonly string[]): string {
  const words = command.map((word) => `"${word.replace(/[\\"`$]/g, '\\$&').replaceAll('%', '%%')}"`)
  return `[Desktop Entry]\nType=Application\nName=MailSage\nExec=${words.join(' ')}\nTerminal=false\n`
}
