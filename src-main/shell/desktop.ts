import { join } from 'node:path'
import { app, type BrowserWindow, session } from 'electron'
import { consoleCaller } from '../domain/caller.ts'
import type { Relay } from '../relay.ts'
import { answerBridge } from './answers.ts'
import { openChannel, type Target } from './bridge.ts'
import { guardPermissions } from './guard.ts'
import { setMenu } from './menu.ts'
import { dragMessage, forgetDrags, importFiles } from './message-files.ts'
import { createNotices } from './notices.ts'
import { openPreferences } from './preferences.ts'
import { recoverPage } from './recovery.ts'
import type { StartWordInbox } from './start-word-inbox.ts'
import type { StartWords } from './start-words.ts'
import { showTray } from './tray.ts'
import { watchRelay } from './watch.ts'
import { openWindow } from './window.ts'

type DesktopOptions = {
  readonly relay: Relay
  /** Where the desktop keeps what is its own. */
  readonly folder: string
  readonly words: StartWordInbox
  readonly hasTray: boolean
}

/** Everything that a desktop has around the relay: window, menu, tray, notifications, links. */
export function openDesktop({ relay, folder, words, hasTray }: DesktopOptions) {
  const { domain, consoleKey, firstKeys, version } = relay
  const appUrl = developmentUrl() ?? relay.url
  const preferences = openPreferences(join(folder, 'preferences.json'), hasTray)
  let window: BrowserWindow | null = null
  let isQuitting = false
  let recovered = false
  app.on('before-quit', () => {
    isQuitting = true
  })

  function show(target: Target | null = null): BrowserWindow {
    const isOpen = window !== null
    const shown = window ?? open(target)
    if (shown.isMinimized()) shown.restore()
    if (isOpen) {
      shown.show()
      if (target) shown.webContents.send(openChannel, target)
    }
    shown.focus()
    return shown
  }

  function open(target: Target | null): BrowserWindow {
    const opened = openWindow({
      appUrl,
      address: `${relay.url} · SMTP ${relay.smtpPort}`,
      stateFile: join(folder, 'window.json'),
      place: target ? `#/${target.screen}/${target.id}` : '',
    })
    window = opened
    recoverPage(opened, () => {
      recovered = true
    })
    opened.on('close', (event) => {
      const { closeToTray, hasTray } = preferences.current()
      if (isQuitting || !closeToTray || !hasTray) return
      event.preventDefault()
      opened.hide()
    })
    opened.once('closed', () => {
      window = null
    })
    return opened
  }

  answerBridge({
    appUrl,
    session: () => {
      const facts = { consoleKey, firstKeys, version, platform: process.platform, recovered }
      recovered = false
      return facts
    },
    preferences,
    dragMessage: ({ webContents }, id) => dragMessage(domain, webContents, id),
    window: () => window,
  })
  guardPermissions(session.defaultSession, appUrl)
  setMenu({ relayUrl: relay.url, window: () => window ?? show() })
  app.setAsDefaultProtocolClient('mailsage')
  app.on('activate', () => show())
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit()
  })

  const tray = hasTray
    ? showTray({
        open: () => show(),
        setPaused: (paused) =>
          void domain.settings.change(consoleCaller, { capture_paused: paused }),
        quit: () => app.quit(),
      })
    : null
  const notices = createNotices({
    domain,
    notify: () => preferences.current().notify,
    isFocused: () => window?.isFocused() ?? false,
    open: show,
  })
  const stopWatching = watchRelay(domain, {
    changed(state) {
      app.setBadgeCount(state.unread)
      tray?.show(state)
    },
    arrived: notices.arrived,
    alerted: notices.alerted,
  })

  let isFirst = true
  words.handle((given) => {
    const mayHide = isFirst && given.hidden && hasTray
    isFirst = false
    void follow(given, mayHide)
  })

  async function follow({ files, target }: StartWords, mayHide: boolean): Promise<void> {
    const imported = files.length > 0 ? await importFiles(domain, files) : null
    if (!mayHide) show(imported ?? target)
  }

  return {
    close(): void {
      stopWatching()
      notices.close()
      tray?.close()
      forgetDrags()
    },
  }
}

/** The development server, which hands requests on to the relay. */
function developmentUrl(): string | undefined {
  return app.isPackaged ? undefined : process.env.ELECTRON_RENDERER_URL
}
