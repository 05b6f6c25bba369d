import { join } from 'node:path'
import { app, net, session } from 'electron'
import type { Vault } from '../base/vault.ts'
import { consoleCaller } from '../domain/auth/caller.ts'
import type { RunningServer } from '../server.ts'
import { confirmRemoveServer } from './confirm-remove-server.ts'
import { connectServer } from './connect-server.ts'
import { watchServer } from './event-watcher.ts'
import { answerBridge } from './ipc-handlers.ts'
import type { StartWords } from './launch-args.ts'
import type { StartWordInbox } from './launch-queue.ts'
import { createMainWindow, type MainWindow } from './main-window.ts'
import { setMenu } from './menu.ts'
import { dragMessage, forgetDrags, importFiles } from './message-files.ts'
import { guardPermissions } from './navigation-guard.ts'
import { createNotices } from './notifications.ts'
import { openPreferences, type PreferenceStore } from './preferences.ts'
import { createNavigation, type Navigation, type Page } from './remote-navigation.ts'
import { openRemoteServers, type RemoteServers } from './remote-servers.ts'
import type { Fetch } from './server-problem.ts'
import { showTray } from './tray.ts'

type DesktopOptions = {
  readonly server: RunningServer
  /** The folder of the desktop app's own files. */
  readonly folder: string
  /** Seals the keys of remote servers. */
  readonly vault: Vault
  readonly words: StartWordInbox
  readonly hasTray: boolean
}

type DesktopContext = DesktopOptions & {
  readonly ownUrl: string
  readonly preferences: PreferenceStore
  readonly kept: RemoteServers
  readonly fetch: Fetch
  readonly navigation: Navigation
  readonly main: MainWindow
}

/** The desktop app around the server: window, menu, tray, notifications and links. */
export function openDesktop(options: DesktopOptions) {
  const context = createContext(options)
  const { navigation, main } = context
  answerPages(context)
  guardPermissions(session.defaultSession, navigation.pageUrl)
  updateMenu(context)
  app.setAsDefaultProtocolClient('mailsage')
  app.on('activate', () => main.show())
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit()
  })
  const stopReporting = reportEvents(context)
  followWords(context)

  return {
    close(): void {
      stopReporting()
      forgetDrags()
    },
  }
}

/** The window and its navigation need each other, and both need the files of the app. */
function createContext(options: DesktopOptions): DesktopContext {
  const { server, folder, vault, hasTray } = options
  const ownUrl = developmentUrl() ?? server.url
  const preferences = openPreferences(join(folder, 'preferences.json'), hasTray)
  const kept = openRemoteServers(folder, vault)
  const fetch: Fetch = (url, init) => net.fetch(url, init)
  const navigation = createNavigation({
    ownUrl,
    kept,
    fetch,
    window: () => main.current(),
    changed: () => updateMenu(context),
  })
  const main = createMainWindow({
    ownUrl,
    listening: `${server.url} · SMTP ${server.smtpPort}`,
    stateFile: join(folder, 'window.json'),
    navigation,
    hides: () => {
      const { closeToTray, hasTray } = preferences.current()
      return closeToTray && hasTray
    },
  })
  const context = { ...options, ownUrl, preferences, kept, fetch, navigation, main }
  return context
}

/** Replies to the requests of the window's pages. */
function answerPages(context: DesktopContext): void {
  const { server, ownUrl, preferences, kept, fetch, navigation, main } = context
  answerBridge({
    ownUrl,
    appUrl: navigation.pageUrl,
    session: (page) => sessionFor(context, page),
    preferences,
    switchServer: (id) => switchServer(context, id),
    connectServer: async (given) => {
      const answer = await connectServer({ kept, fetch, ownUrl }, given)
      if (answer.type === 'connected') void navigation.visit(answer.id)
      return answer
    },
    removeServer: (id) => removeServer(context, id),
    dragMessage: ({ webContents }, id) => dragMessage(server.domain, webContents, id),
    window: main.current,
  })
}

function sessionFor({ server, kept, navigation, main }: DesktopContext, page: Page) {
  const { consoleKey, firstKeys, version } = server
  const facts = { version, platform: process.platform, ...main.news() }
  const servers = navigation.serversFor(page)
  if (page === 'own') return { ...facts, servers, consoleKey, firstKeys }
  const other = navigation.shown()
  const key = other && kept.keyOf(other.id)
  return { ...facts, servers, consoleKey: key ?? '', firstKeys: null }
}

function updateMenu(context: DesktopContext): void {
  const { kept, navigation, main } = context
  setMenu({
    appUrl: navigation.pageUrl,
    run: main.run,
    servers: kept.list(),
    current: navigation.current(),
    switchServer: (id) => switchServer(context, id),
    removeServer: (id) => removeServer(context, id),
  })
}

function switchServer({ navigation, main }: DesktopContext, id: string | null): void {
  if (id === null) navigation.showLocal()
  else void navigation.visit(id)
  main.show()
}

async function removeServer({ kept, navigation, main }: DesktopContext, id: string): Promise<void> {
  const other = kept.find(id)
  if (other && (await confirmRemoveServer(main.show(), other))) navigation.forget(id)
}

/** Shows the events of the server: tray, badge, notifications. Returns a function that ends it. */
function reportEvents(context: DesktopContext): () => void {
  const { server, hasTray, preferences, navigation, main } = context
  const { domain } = server
  const tray = hasTray
    ? showTray({
        open: () => main.show(),
        setPaused: (paused) =>
          void domain.settings.change(consoleCaller, { capture_paused: paused }),
        quit: () => app.quit(),
      })
    : null
  const notices = createNotices({
    domain,
    notify: () => preferences.current().notify,
    isFocused: () => main.current()?.isFocused() ?? false,
    open: (target) => {
      navigation.showLocal()
      main.show(target)
    },
  })
  const stopWatching = watchServer(domain, {
    changed(state) {
      app.setBadgeCount(state.unread)
      tray?.show(state)
    },
    arrived: notices.arrived,
    alerted: notices.alerted,
  })

  return () => {
    stopWatching()
    notices.close()
    tray?.close()
  }
}

/** Follows the words of each start; the first start may keep the window hidden. */
function followWords({ server, words, hasTray, main }: DesktopContext): void {
  let isFirst = true
  words.handle((given) => {
    const mayHide = isFirst && given.hidden && hasTray
    isFirst = false
    void follow(given, mayHide)
  })

  async function follow({ files, target }: StartWords, mayHide: boolean): Promise<void> {
    const imported = files.length > 0 ? await importFiles(server.domain, files) : null
    if (!mayHide) main.show(imported ?? target)
  }
}

/** The development server, which forwards requests to the MailSage server. */
function developmentUrl(): string | undefined {
  return app.isPackaged ? undefined : process.env.ELECTRON_RENDERER_URL
}
