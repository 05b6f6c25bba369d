import { app, Menu, type MenuItemConstructorOptions, shell } from 'electron'
import type { Command } from './bridge.ts'
import { type RemoteServer, titleOf } from './remote-servers.ts'

type MenuOptions = {
  /** The page of the server that the window shows. */
  readonly appUrl: () => string
  readonly run: (command: Command) => void
  readonly servers: readonly RemoteServer[]
  /** Null: this computer's. */
  readonly current: string | null
  readonly switchServer: (id: string | null) => void
  readonly removeServer: (id: string) => void
}

const isMac = process.platform === 'darwin'
const separator = { type: 'separator' } as const

export function setMenu(options: MenuOptions): void {
  const { appUrl, run } = options
  const item = (
    label: string,
    command: Command,
    accelerator?: string,
  ): MenuItemConstructorOptions => ({
    id: command,
    label,
    ...(accelerator ? { accelerator } : {}),
    click: () => run(command),
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
    serverMenu(options, item('Connect to another server…', 'connect-server')),
    { role: 'windowMenu' },
    {
      role: 'help',
      submenu: [
        { label: 'Open in browser', click: () => void shell.openExternal(appUrl()) },
        {
          label: 'OpenAPI document',
          click: () => void shell.openExternal(new URL('/openapi.json', appUrl()).href),
        },
      ],
    },
  ]
  Menu.setApplicationMenu(Menu.buildFromTemplate(template))
}

function serverMenu(
  { servers, current, switchServer, removeServer }: MenuOptions,
  connect: MenuItemConstructorOptions,
): MenuItemConstructorOptions {
  const choice = (id: string | null, label: string): MenuItemConstructorOptions => ({
    id: `server-${id ?? 'here'}`,
    label,
    type: 'radio',
    checked: id === current,
    click: () => switchServer(id),
  })
  return {
    label: 'Server',
    submenu: [
      choice(null, 'This computer'),
      ...servers.map((server) => choice(server.id, labelOf(server))),
      separator,
      connect,
      {
        label: 'Remove server',
        enabled: servers.length > 0,
        submenu: servers.map((server) => ({
          id: `forget-${server.id}`,
          label: `${labelOf(server)}…`,
          click: () => removeServer(server.id),
        })),
      },
    ],
  }
}

/** In a menu label, an ampersand underlines the next letter. */
const labelOf = (server: RemoteServer): string => titleOf(server).replaceAll('&', '&&')

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
