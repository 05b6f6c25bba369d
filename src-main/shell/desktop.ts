import { join } from 'node:path'
import { app, type BrowserWindow, net, session } from 'electron'
import type { Vault } from '../base/vault.ts'
import { consoleCaller } from '../domain/caller.ts'
import type { Relay } from '../relay.ts'
import { answerBridge } from './answers.ts'
import { askToForget } from './ask-to-forget.ts'
import { type Command, commandChannel, openChannel, type Target } from './bridge.ts'
import { connectRelay } from './connect-relay.ts'
import { guardPermissions } from './guard.ts'
import { createJourney } from './journey.ts'
import { setMenu } from './menu.ts'
import { dragMessage, forgetDrags, importFiles } from './message-files.ts'
import { createNotices } from './notices.ts'
import { openOtherRelays, titleOf } from './other-relays.ts'
import { openPreferences } from './preferences.ts'
import { recoverPage } from './recovery.ts'
import type { Fetch } from './relay-problem.ts'
import type { StartWordInbox } from './start-word-inbox.ts'
import type { StartWords } from './start-words.ts'
import { showTray } from './tray.ts'
import { watchRelay } from './watch.ts'
import { openWindow } from './window.ts'

type DesktopOptions = {
  readonly relay: Relay
  /** Where the desktop keeps what is its own. */
  readonly folder: string
  /** Seals the keys of other relays. */
  readonly vault: Vault
  readonly words: StartWordInbox
  readonly hasTray: boolean
}

/** Everything that a desktop has around the relay: window, menu, tray, notifications, links. */
export function openDesktop({ relay, folder, vault, words, hasTray }: DesktopOptions) {
  const { domain, consoleKey, firstKeys, version } = relay
  const ownUrl = developmentUrl() ?? relay.url
  const preferences = openPreferences(join(folder, 'preferences.json'), hasTray)
  const kept = openOtherRelays(join(folder, 'relays.json'), vault)
  const fetch: Fetch = (url, init) => net.fetch(url, init)
  let window: BrowserWindow | null = null
  let isQuitting = false
  let recovered = false
  let awaited: Command | null = null
  app.on('before-quit', () => {
    isQuitting = true
  })
  const journey = createJourney({ ownUrl, kept, fetch, window: () => window, changed: updateMenu })

  function show(target: Target | null = null): BrowserWindow {
    const place = target ? `#/${target.screen}/${target.id}` : ''
    // What a target names lies with the relay of this computer.
    const isLoading = target !== null && journey.goHome(place)
    const isOpen = window !== null
    const shown = window ?? open(place)
    if (shown.isMinimized()) shown.restore()
    if (isOpen) {
      shown.show()
      if (target && !isLoading) shown.webContents.send(openChannel, target)
    }
    shown.focus()
    return shown
  }

  function run(command: Command): void {
    const isLoading = ownCommands.includes(command) && journey.goHome()
    const isOpen = window !== null
    const { webContents } = show()
    if (isOpen && !isLoading) webContents.send(commandChannel, command)
    else awaited = command
  }

  function open(place: string): BrowserWindow {
    const opened = openWindow({
      ownUrl,
      appUrl: journey.pageUrl,
      relay: () => {
        const other = journey.shown()
        return other ? titleOf(other) : `${relay.url} · SMTP ${relay.smtpPort}`
      },
      stateFile: join(folder, 'window.json'),
      place,
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
    journey.resume(opened)
    return opened
  }

  function updateMenu(): void {
    setMenu({
      appUrl: journey.pageUrl,
      run,
      relays: kept.list(),
      current: journey.current(),
      switchRelay,
      forgetRelay,
    })
  }

  function switchRelay(id: string | null): void {
    if (id === null) journey.goHome()
    else void journey.visit(id)
    show()
  }

  async function forgetRelay(id: string): Promise<void> {
    const other = kept.find(id)
    if (other && (await askToForget(show(), other))) journey.forget(id)
  }

  answerBridge({
    ownUrl,
    appUrl: journey.pageUrl,
    session: (isOwnPage) => {
      const other = isOwnPage ? null : journey.shown()
      const facts = {
        consoleKey: other ? (kept.keyOf(other.id) ?? '') : consoleKey,
        firstKeys: other ? null : firstKeys,
        version,
        platform: process.platform,
        recovered,
        relays: journey.relaysFor(isOwnPage ? 'own' : 'other'),
        command: awaited,
      }
      recovered = false
      awaited = null
      return facts
    },
    preferences,
    switchRelay,
    connectRelay: async (given) => {
      const answer = await connectRelay({ kept, fetch, ownUrl }, given)
      if (answer.type === 'connected') void journey.visit(answer.id)
      return answer
    },
    forgetRelay,
    dragMessage: ({ webContents }, id) => dragMessage(domain, webContents, id),
    window: () => window,
  })
  guardPermissions(session.defaultSession, journey.pageUrl)
  updateMenu()
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
    open: (target) => {
      journey.goHome()
      show(target)
    },
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

/** These are about this computer, whatever relay the window shows. */
const ownCommands: readonly Command[] = ['preferences', 'connect-relay']

/** The development server, which hands requests on to the relay. */
function developmentUrl(): string | undefined {
  return app.isPackaged ? undefined : process.env.ELECTRON_RENDERER_URL
}
