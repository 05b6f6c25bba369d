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

type NavigationContext = NavigationOptions & {
  readonly state: { connection: ServerConnection }
}

/**
 * The server that the window shows. A remote page is loaded only after its server replied. Until then,
 * and after a failure, the local page shows the state, so that the window is never blank.
 */
export function createNavigation(options: NavigationOptions) {
  const { ownUrl, kept } = options
  const state: NavigationContext['state'] = { connection: { at: 'local' } }
  const context: NavigationContext = { ...options, state }

  return {
    serversFor: (page: Page): ServerList => serversFor(context, page),

    /** The id of the chosen server, reached or not; null: the local one. */
    current(): string | null {
      const { connection } = state
      return connection.at === 'local' ? null : connection.server.id
    },

    /** The page that the window is to show. */
    pageUrl: (): string => shown(context)?.address ?? ownUrl,

    /** The remote server whose page is shown; null: the local page. */
    shown: (): RemoteServer | null => shown(context),

    visit: (id: string): Promise<void> => visit(context, id),

    /** Returns to the local server; true when its page must be loaded first. */
    showLocal(place = ''): boolean {
      kept.choose(null)
      return show(context, { at: 'local' }, place)
    },

    forget(id: string): void {
      const { connection } = state
      if (connection.at !== 'local' && connection.server.id === id) show(context, { at: 'local' })
      kept.forget(id)
      setConnection(context, state.connection)
    },

    /** Continues in a new window, which shows this computer's page. */
    resume(opened: BrowserWindow): void {
      watchPage(context, opened)
      const chosen = kept.chosen()
      if (chosen !== null) void visit(context, chosen)
    },
  }
}

function serversFor({ kept, state: { connection } }: NavigationContext, page: Page): ServerList {
  const others = kept.list().map(nameOf)
  if (page === 'other') return { connection, others: others.map((name) => ({ ...name, host: '' })) }
  // The local page waits until the remote page replaces it.
  return {
    connection:
      connection.at === 'remote' ? { at: 'connecting', server: connection.server } : connection,
    others,
  }
}

function shown({ kept, state: { connection } }: NavigationContext): RemoteServer | null {
  return connection.at === 'remote' ? kept.find(connection.server.id) : null
}

async function visit(context: NavigationContext, id: string): Promise<void> {
  const { kept, window } = context
  const server = kept.find(id)
  if (!server) return
  kept.choose(id)
  if ((await isReached(context, server)) && window()) {
    setConnection(context, { at: 'remote', server: nameOf(server) })
    load(context, server.address)
  }
}

/** Also false when the user chose another server meanwhile. */
async function isReached(context: NavigationContext, server: RemoteServer): Promise<boolean> {
  const connecting: ServerConnection = { at: 'connecting', server: nameOf(server) }
  show(context, connecting)
  const problem = await problemOf(context, server)
  if (context.state.connection !== connecting) return false
  if (problem) show(context, failed(server, problem))
  return problem === null
}

async function problemOf(
  { kept, fetch }: NavigationContext,
  { id, address }: RemoteServer,
): Promise<ServerProblem | null> {
  const key = kept.keyOf(id)
  if (key !== null) return findProblem({ origin: address, key }, fetch)
  return { field: 'key', sentence: 'This computer can no longer read the saved key.' }
}

/** Shows a state on the local page; true when that page must be loaded first. */
function show(context: NavigationContext, next: ServerConnection, place = ''): boolean {
  const wasRemote = context.state.connection.at === 'remote'
  setConnection(context, next)
  if (wasRemote) load(context, new URL(place, context.ownUrl).href)
  return wasRemote
}

function setConnection(context: NavigationContext, next: ServerConnection): void {
  const { ownUrl, window, changed, state } = context
  state.connection = next
  changed()
  // A remote page gets no event: it may be unloading.
  const page = window()?.webContents.mainFrame
  if (page && isAppPage(page.url, ownUrl)) page.send(serversChannel, serversFor(context, 'own'))
}

function load({ window }: NavigationContext, url: string): void {
  // `did-fail-load` reports a page that fails to load.
  window()
    ?.webContents.loadURL(url)
    .catch(() => undefined)
}

/** Returns to the local page when the window is closed or a remote page does not load. */
function watchPage(context: NavigationContext, opened: BrowserWindow): void {
  const { webContents } = opened
  opened.once('closed', () => {
    context.state.connection = { at: 'local' }
  })
  webContents.on('did-navigate', (_event, url, status) => {
    // The history could lead back to the page of another server.
    webContents.navigationHistory.clear()
    const server = shown(context)
    if (server && status >= 400 && isAppPage(url, server.address))
      void fail(context, server, String(status))
  })
  webContents.on('did-fail-load', (_event, code, why, url, isMainFrame) => {
    const server = shown(context)
    if (!server || !isMainFrame || code === aborted || !isAppPage(url, server.address)) return
    void fail(context, server, why)
  })
}

/** The server replies, but its page does not load. */
async function fail(context: NavigationContext, server: RemoteServer, why: string): Promise<void> {
  if (!(await isReached(context, server))) return
  const sentence = `Its window did not load (${why}).`
  show(context, failed(server, { field: 'address', sentence }))
}

const failed = (server: RemoteServer, problem: ServerProblem): ServerConnection => ({
  at: 'failed',
  server: nameOf(server),
  address: server.address,
  problem,
})

/** Chromium's code for a navigation that was aborted before the page loaded. */
const aborted = -3
