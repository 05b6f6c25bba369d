import { app, type BrowserWindow, Menu, type MenuItemConstructorOptions, shell } from 'electron'
import { type Command, commandChannel } from './bridge.ts'

type MenuOptions = {
  readonly relayUrl: string
  readonly window: () => BrowserWindow | null
}

const isMac = process.platform === 'darwin'

export function setMenu({ relayUrl, window }: MenuOptions): void {
  const go = (
    label: string,
    accelerator: string,
    command: Command,
  ): MenuItemConstructorOptions => ({
    id: command,
    label,
    accelerator,
    click: () => {
      const open = window()
      open?.show()
      open?.webContents.send(commandChannel, command)
    },
  })

  const template: MenuItemConstructorOptions[] = [
    ...(isMac ? [{ role: 'appMenu' } as const] : []),
    { label: 'File', submenu: [{ role: isMac ? 'close' : 'quit' }] },
    { role: 'editMenu' },
    {
      label: 'View',
      submenu: [
        go('Inbox', 'CmdOrCtrl+1', 'go-inbox'),
        go('Keys', 'CmdOrCtrl+2', 'go-keys'),
        go('Usage', 'CmdOrCtrl+3', 'go-usage'),
        go('Settings', 'CmdOrCtrl+4', 'go-settings'),
        go('Search', 'CmdOrCtrl+F', 'search'),
        { type: 'separator' },
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
        { label: 'Open in Browser', click: () => void shell.openExternal(relayUrl) },
        {
          label: 'API Description',
          click: () => void shell.openExternal(new URL('/openapi.json', relayUrl).href),
        },
      ],
    },
  ]
  Menu.setApplicationMenu(Menu.buildFromTemplate(template))
}
