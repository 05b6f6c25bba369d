import { app, type BrowserWindow, Menu, type MenuItemConstructorOptions, shell } from 'electron'
import { type Command, commandChannel } from './bridge.ts'

type MenuOptions = {
  readonly relayUrl: string
  readonly window: () => BrowserWindow
}

const isMac = process.platform === 'darwin'
const separator = { type: 'separator' } as const

export function setMenu({ relayUrl, window }: MenuOptions): void {
  const item = (
    label: string,
    command: Command,
    accelerator?: string,
  ): MenuItemConstructorOptions => ({
    id: command,
    label,
    ...(accelerator ? { accelerator } : {}),
    click: () => {
      const open = window()
      open.show()
      open.webContents.send(commandChannel, command)
    },
  })
  const preferences = item('Preferences…', 'preferences')

  const template: MenuItemConstructorOptions[] = [
    ...(isMac ? [macAppMenu(preferences)] : []),
    {
      label: 'File',
      submenu: [
        item('Import message…', 'import', 'CmdOrCtrl+O'),
        separator,
        ...(isMac ? [] : [preferences, separator]),
        { role: 'close' },
        ...(isMac ? [] : [{ role: 'quit' } as const]),
      ],
    },
    { role: 'editMenu' },
    {
      label: 'Go',
      submenu: [
        item('Inbox', 'go-inbox', 'CmdOrCtrl+1'),
        item('Outbox', 'go-outbox', 'CmdOrCtrl+2'),
        separator,
        item('Connect', 'go-connect', 'CmdOrCtrl+3'),
        item('Keys', 'go-keys', 'CmdOrCtrl+4'),
        item('Templates', 'go-templates', 'CmdOrCtrl+5'),
        item('Webhooks', 'go-webhooks', 'CmdOrCtrl+6'),
        separator,
        item('Usage', 'go-usage', 'CmdOrCtrl+7'),
        item('Logs', 'go-logs', 'CmdOrCtrl+8'),
        separator,
        item('Relays', 'go-relays', 'CmdOrCtrl+9'),
        item('Tenants', 'go-tenants'),
        separator,
        item('Settings', 'go-settings', 'CmdOrCtrl+,'),
      ],
    },
    {
      label: 'View',
      submenu: [
        item('Command palette', 'palette', 'CmdOrCtrl+K'),
        item('Search', 'search', 'CmdOrCtrl+F'),
        separator,
        { role: 'reload' },
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { role: 'togglefullscreen' },
        ...(app.isPackaged ? [] : [{ role: 'toggleDevTools' } as const]),
      ],
    },
    { role: 'windowMenu' },
    {
      role: 'help',
      submenu: [
        { label: 'Open in browser', click: () => void shell.openExternal(relayUrl) },
        {
          label: 'API description',
          click: () => void shell.openExternal(new URL('/openapi.json', relayUrl).href),
        },
      ],
    },
  ]
  Menu.setApplicationMenu(Menu.buildFromTemplate(template))
}

function macAppMenu(preferences: MenuItemConstructorOptions): MenuItemConstructorOptions {
  return {
    label: app.name,
    submenu: [
      { role: 'about' },
      separator,
      preferences,
      separator,
      { role: 'services' },
      separator,
      { role: 'hide' },
      { role: 'hideOthers' },
      { role: 'unhide' },
      separator,
      { role: 'quit' },
    ],
  }
}
