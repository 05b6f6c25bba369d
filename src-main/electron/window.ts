import { join } from 'node:path'
import { app, BrowserWindow, nativeTheme } from 'electron'
import { guardWindow } from './navigation-guard.ts'
import { readWindowState, rememberWindowState } from './window-state.ts'

type WindowOptions = {
  /** The first page: the local one. */
  readonly ownUrl: string
  /** The page that the window must stay on. */
  readonly appUrl: () => string
  /** The shown server and its address, for the title. */
  readonly server: () => string
  readonly stateFile: string
  /** The first location in the window: `#/inbox/msg_…`. */
  readonly place: string
}

export function openWindow(options: WindowOptions): BrowserWindow {
  const { ownUrl, appUrl, server, stateFile, place } = options
  const state = readWindowState(stateFile)
  const window = new BrowserWindow({
    ...(state ?? { width: 1280, height: 840 }),
    minWidth: 760,
    minHeight: 480,
    title: `MailSage · ${server()}`,
    icon: join(app.getAppPath(), 'resources/icon.png'),
    show: false,
    backgroundColor: pageColor(),
    autoHideMenuBar: true,
    webPreferences: {
      preload: join(import.meta.dirname, '../preload/preload.cjs'),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      // Chromium would fetch dictionaries from the internet.
      spellcheck: false,
    },
  })
  if (state?.maximized) window.maximize()
  guardWindow(window, appUrl)
  rememberWindowState(window, stateFile)
  window.once('ready-to-show', () => window.show())
  window.on('page-title-updated', (event, title) => {
    event.preventDefault()
    window.setTitle(`${title} · ${server()}`)
  })
  const repaint = () => window.setBackgroundColor(pageColor())
  nativeTheme.on('updated', repaint)
  window.once('closed', () => nativeTheme.off('updated', repaint))
  void window.loadURL(new URL(place, ownUrl).href)
  return window
}

/** The colour before the first paint and during a resize: the page background of each theme. */
function pageColor(): string {
  return nativeTheme.shouldUseDarkColors ? '#161b18' : '#ffffff'
}
