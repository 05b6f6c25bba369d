import { app, type BrowserWindow, type Session } from 'electron'
import { askToOpen } from './open-external.ts'

/** The one page of the window: that of the server it shows. Other paths of the server hold mail or answers, never the app. */
export const isAppPage = (address: string, appUrl: string): boolean => {
  if (!URL.canParse(address)) return false
  const { origin, pathname } = new URL(address)
  return origin === new URL(appUrl).origin && pathname === '/'
}

const isSameOrigin = (address: string, appUrl: string): boolean =>
  URL.canParse(address) && new URL(address).origin === new URL(appUrl).origin

/** Keeps the window on its page: links in mail go to the browser, everything else goes nowhere. */
export function guardWindow(window: BrowserWindow, appUrl: () => string): void {
  const { webContents } = window
  webContents.on('will-frame-navigate', (event) => {
    const allowed = event.isMainFrame
      ? isAppPage(event.url, appUrl())
      : isSameOrigin(event.url, appUrl())
    if (allowed) return
    event.preventDefault()
    if (!event.isMainFrame) void askToOpen(window, event.url)
  })
  webContents.on('will-redirect', (event) => {
    if (event.isMainFrame && !isAppPage(event.url, appUrl())) event.preventDefault()
  })
  webContents.setWindowOpenHandler(({ url }) => {
    void askToOpen(window, url)
    return { action: 'deny' }
  })
}

export function refuseWebviews(): void {
  app.on('web-contents-created', (_event, contents) => {
    contents.on('will-attach-webview', (event) => event.preventDefault())
  })
}

/** The app copies keys and snippets; no page here needs any other permission. */
export function guardPermissions(session: Session, appUrl: () => string): void {
  const allowed = (permission: string, address: string, isMainFrame: boolean) =>
    permission === 'clipboard-sanitized-write' && isMainFrame && isSameOrigin(address, appUrl())

  session.setPermissionRequestHandler(
    (_contents, permission, decide, { requestingUrl, isMainFrame }) =>
      decide(allowed(permission, requestingUrl, isMainFrame)),
  )
  session.setPermissionCheckHandler((_contents, permission, origin, { isMainFrame }) =>
    allowed(permission, origin, isMainFrame),
  )
  session.setDevicePermissionHandler(() => false)
}
