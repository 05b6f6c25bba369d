import type { BrowserWindow } from 'electron'
import {
  type ServerConnection,
  type ServerList,
  type ServerProblem,
  serversChannel,
} from './bridge.ts'
import { isAppPage } from './navigation-guard.ts'
import { nameOf, type RemoteServer, type RemoteServers } from './remote-servers.ts'
import { type Fetch, findProblem } from './server-problem.ts'

type NavigationOptions = {
  /** The page of the local server. */
  readonly ownUrl: string
  readonly kept: RemoteServers
  readonly fetch: Fetch
  readonly window: () => BrowserWindow | null
  readonly changed: () => void
}

/** The page that asks: of the local server, or of the remote server that the window shows. */
export type Page = 'own' | 'other'

export type Navigation = ReturnType<typeof createNavigation>

/**
 * The server that the window shows. A remote page is loaded only after its server replied. Until then,
 * and after a failure, the local page shows the state, so that the window is never blank.
 */
export function createNavigation({ ownUrl, kept, fetch, window, changed }: NavigationOptions) {
  let connection: ServerConnection = { at: 'local' }

  function setConnection(next: ServerConnection): void {
    connection = next
    changed()
    // A remote page gets no event: it may be unloading.
    const page = window()?.webContents.mainFrame
    if (page && isAppPage(page.url, ownUrl)) page.send(serversChannel, serversFor('own'))
  }

  function serversFor(page: Page): ServerList {
    const others = kept.list().map(nameOf)
    if (page === 'other')
      return { connection, others: others.map((name) => ({ ...name, host: '' })) }
    // The local page waits until the remote page replaces it.
    return {
      connection:
        connection.at === 'remote' ? { at: 'connecting', server: connection.server } : connection,
      others,
    }
  }

  /** Shows a state on the local page; true when that page must be loaded first. */
  function show(next: ServerConnection, place = ''): boolean {
    const wasRemote = connection.at === 'remote'
    setConnection(next)
    if (wasRemote) load(new URL(place, ownUrl).href)
    return wasRemote
  }

  async function visit(id: string): Promise<void> {
    const server = kept.find(id)
    if (!server) return
    kept.choose(id)
    if ((await isReached(server)) && window()) {
      setConnection({ at: 'remote', server: nameOf(server) })
      load(server.address)
    }
  }

  /** Also false when the user chose another server meanwhile. */
  async function isReached(server: RemoteServer): Promise<boolean> {
    const connecting: ServerConnection = { at: 'connecting', server: nameOf(server) }
    show(connecting)
    const problem = await problemOf(server)
    if (connection !== connecting) return false
    if (problem) show(failed(server, problem))
    return problem === null
  }

  async function problemOf({ id, address }: RemoteServer): Promise<ServerProblem | null> {
    const key = kept.keyOf(id)
    if (key !== null) return findProblem({ origin: address, key }, fetch)
    return { field: 'key', sentence: 'This computer can no longer read the saved key.' }
  }

  /** The server replies, but its page does not load. */
  async function fail(server: RemoteServer, why: string): Promise<void> {
    if (!(await isReached(server))) return
    show(failed(server, { field: 'address', sentence: `Its window did not load (${why}).` }))
  }

  function load(url: string): void {
    // `did-fail-load` reports a page that fails to load.
    window()
      ?.webContents.loadURL(url)
      .catch(() => undefined)
  }

  const shown = (): RemoteServer | null =>
    connection.at === 'remote' ? kept.find(connection.server.id) : null

  return {
    serversFor,
    /** The id of the chosen server, reached or not; null: the local one. */
    current: (): string | null => (connection.at === 'local' ? null : connection.server.id),
    /** The page that the window is to show. */
    pageUrl: () => shown()?.address ?? ownUrl,
    /** The remote server whose page is shown; null: the local page. */
    shown,
    visit,

    /** Returns to the local server; true when its page must be loaded first. */
    showLocal(place = ''): boolean {
      kept.choose(null)
      return show({ at: 'local' }, place)
    },

    forget(id: string): void {
      if (connection.at !== 'local' && connection.server.id === id) show({ at: 'local' })
      kept.forget(id)
      setConnection(connection)
    },

    /** Continues in a new window, which shows this computer's page. */
    resume(opened: BrowserWindow): void {
      const { webContents } = opened
      opened.once('closed', () => {
        connection = { at: 'local' }
      })
      webContents.on('did-navigate', (_event, url, status) => {
        // The history could lead back to the page of another server.
        webContents.navigationHistory.clear()
        const server = shown()
        if (server && status >= 400 && isAppPage(url, server.address))
          void fail(server, String(status))
      })
      webContents.on('did-fail-load', (_event, code, why, url, isMainFrame) => {
        const server = shown()
        if (!server || !isMainFrame || code === aborted || !isAppPage(url, server.address)) return
        void fail(server, why)
      })
      const chosen = kept.chosen()
      if (chosen !== null) void visit(chosen)
    },
  }
}

const failed = (server: RemoteServer, problem: ServerProblem): ServerConnection => ({
  at: 'failed',
  server: nameOf(server),
  address: server.address,
  problem,
})

/** Chromium's code for a navigation that was aborted before the page loaded. */
const aborted = -3
