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
import { createMainWindow } from './main-window.ts'
import { setMenu } from './menu.ts'
import { dragMessage, forgetDrags, importFiles } from './message-files.ts'
import { guardPermissions } from './navigation-guard.ts'
import { createNotices } from './notifications.ts'
import { openPreferences } from './preferences.ts'
import { createNavigation } from './remote-navigation.ts'
import { openRemoteServers } from './remote-servers.ts'
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

/** The desktop app around the server: window, menu, tray, notifications and links. */
export function openDesktop({ server, folder, vault, words, hasTray }: DesktopOptions) {
  const { domain, consoleKey, firstKeys, version } = server
  const ownUrl = developmentUrl() ?? server.url
  const preferences = openPreferences(join(folder, 'preferences.json'), hasTray)
  const kept = openRemoteServers(folder, vault)
  const fetch: Fetch = (url, init) => net.fetch(url, init)
  const navigation = createNavigation({
    ownUrl,
    kept,
    fetch,
    window: () => main.current(),
    changed: updateMenu,
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

  function updateMenu(): void {
    setMenu({
      appUrl: navigation.pageUrl,
      run: main.run,
      servers: kept.list(),
      current: navigation.current(),
      switchServer,
      removeServer,
    })
  }

  function switchServer(id: string | null): void {
    if (id === null) navigation.showLocal()
    else void navigation.visit(id)
    main.show()
  }

  async function removeServer(id: string): Promise<void> {
    const other = kept.find(id)
    if (other && (await confirmRemoveServer(main.show(), other))) navigation.forget(id)
  }

  answerBridge({
    ownUrl,
    appUrl: navigation.pageUrl,
    session: (page) => {
      const facts = { version, platform: process.platform, ...main.news() }
      const servers = navigation.serversFor(page)
      if (page === 'own') return { ...facts, servers, consoleKey, firstKeys }
      const other = navigation.shown()
      const key = other && kept.keyOf(other.id)
      return { ...facts, servers, consoleKey: key ?? '', firstKeys: null }
    },
    preferences,
    switchServer,
    connectServer: async (given) => {
      const answer = await connectServer({ kept, fetch, ownUrl }, given)
      if (answer.type === 'connected') void navigation.visit(answer.id)
      return answer
    },
    removeServer,
    dragMessage: ({ webContents }, id) => dragMessage(domain, webContents, id),
    window: main.current,
  })
  guardPermissions(session.defaultSession, navigation.pageUrl)
  updateMenu()
  app.setAsDefaultProtocolClient('mailsage')
  app.on('activate', () => main.show())
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit()
  })

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

  let isFirst = true
  words.handle((given) => {
    const mayHide = isFirst && given.hidden && hasTray
    isFirst = false
    void follow(given, mayHide)
  })

  async function follow({ files, target }: StartWords, mayHide: boolean): Promise<void> {
    const imported = files.length > 0 ? await importFiles(domain, files) : null
    if (!mayHide) main.show(imported ?? target)
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

/** The development server, which forwards requests to the MailSage server. */
function developmentUrl(): string | undefined {
  return app.isPackaged ? undefined : process.env.ELECTRON_RENDERER_URL
}
