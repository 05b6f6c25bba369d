import { app, type BrowserWindow, type Session } from 'electron'
import { askToOpen } from './open-external.ts'

/** True for the app's page of the shown server. Other paths hold mail or API replies. */
export const isAppPage = (address: string, appUrl: string): boolean => {
  if (!URL.canParse(address)) return false
  const { origin, pathname } = new URL(address)
  return origin === new URL(appUrl).origin && pathname === '/'
}

const isSameOrigin = (address: string, appUrl: string): boolean =>
  URL.canParse(address) && new URL(address).origin === new URL(appUrl).origin

/** Keeps the window on its page: links in mail open in the browser, everything else is blocked. */
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

/** The app copies keys and snippets and needs no other permission. */
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
