import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { app, Menu, type MenuItemConstructorOptions, nativeImage, Tray } from 'electron'

export type TrayActions = {
  readonly open: () => void
  readonly setPaused: (paused: boolean) => void
  readonly quit: () => void
}

export type TrayState = { readonly unread: number; readonly paused: boolean }

/** The tray icon: the number of unread messages, and actions without the window. */
export function showTray(actions: TrayActions) {
  const tray = new Tray(iconWith(false))
  tray.on('click', actions.open)

  return {
    show(state: TrayState): void {
      tray.setImage(iconWith(state.unread > 0))
      tray.setToolTip(toolTip(state))
      if (process.platform === 'darwin') tray.setTitle(state.unread > 0 ? String(state.unread) : '')
      tray.setContextMenu(Menu.buildFromTemplate(trayMenu(state, actions)))
    },
    close: () => tray.destroy(),
  }
}

function trayMenu(
  { unread, paused }: TrayState,
  actions: TrayActions,
): MenuItemConstructorOptions[] {
  return [
    {
      label: unread > 0 ? `Open MailSage (${unread} unread)` : 'Open MailSage',
      click: actions.open,
    },
    { type: 'separator' },
    {
      label: paused ? 'Resume capture' : 'Pause capture',
      click: () => actions.setPaused(!paused),
    },
    { type: 'separator' },
    { label: 'Quit MailSage', click: actions.quit },
  ]
}

function toolTip({ unread, paused }: TrayState): string {
  const count = unread > 0 ? `${unread} unread` : 'nothing unread'
  return paused ? `MailSage · capture is paused · ${count}` : `MailSage · ${count}`
}

/** The app's icon; with a dot in its corner when something is unread. */
function iconWith(dot: boolean) {
  const size = process.platform === 'linux' ? 32 : 16
  const icon = nativeImage
    .createFromPath(join(app.getAppPath(), 'resources/icon.png'))
    .resize({ width: size, height: size })
  if (!dot) return icon
  const bitmap = icon.toBitmap()
  const { width } = icon.getSize(1)
  const radius = width / 5
  const centre = width - radius - 1
  for (let y = 0; y < width; y++) {
    for (let x = 0; x < width; x++) {
      if (Math.hypot(x - centre, y - centre) > radius) continue
      bitmap.writeUInt32BE(bytesOfDot, (y * width + x) * 4)
    }
  }
  return nativeImage.createFromBitmap(bitmap, { width, height: width })
}

/** Orange, in contrast to the sage icon, as blue, green, red and alpha. */
const bytesOfDot = 0x2b7af0ff

const run = promisify(execFile)

/**
 * True when an icon is visible. Linux desktops without a tray host drop icons silently, and a hidden
 * window would be lost.
 */
export async function isTrayShown(): Promise<boolean> {
  if (process.platform !== 'linux') return true
  try {
    const { stdout } = await run(
      'dbus-send',
      [
        '--session',
        '--print-reply',
        '--dest=org.kde.StatusNotifierWatcher',
        '/StatusNotifierWatcher',
        'org.freedesktop.DBus.Properties.Get',
        'string:org.kde.StatusNotifierWatcher',
        'string:IsStatusNotifierHostRegistered',
      ],
      { timeout: 2_000 },
    )
    return stdout.includes('boolean true')
  } catch {
    return false
  }
}
