import type { BrowserWindow } from 'electron'
import { type ServerList, type ServerProblem, serversChannel, type Way } from './bridge.ts'
import { isAppPage } from './navigation-guard.ts'
import { nameOf, type RemoteServer, type RemoteServers } from './remote-servers.ts'
import { type Fetch, findProblem } from './server-problem.ts'

type JourneyOptions = {
  /** The page of this computer's server. */
  readonly ownUrl: string
  readonly kept: RemoteServers
  readonly fetch: Fetch
  readonly window: () => BrowserWindow | null
  readonly changed: () => void
}

/** Whose page asks: that of this computer's server, or the other one that the window shows. */
export type Page = 'own' | 'other'

export type Journey = ReturnType<typeof createJourney>

/**
 * Which server the window shows. The page of another one is loaded only after it was reached; until
 * then, and when it is lost, this computer's page tells how it stands, so the window is never blank.
 */
export function createJourney({ ownUrl, kept, fetch, window, changed }: JourneyOptions) {
  let way: Way = { at: 'here' }

  function become(next: Way): void {
    way = next
    changed()
    // Another relay's page is not told: it may be on its way out.
    const page = window()?.webContents.mainFrame
    if (page && isAppPage(page.url, ownUrl)) page.send(serversChannel, serversFor('own'))
  }

  function serversFor(page: Page): ServerList {
    const others = kept.list().map(nameOf)
    if (page === 'other') return { way, others: others.map((name) => ({ ...name, host: '' })) }
    // Until the other page takes its place, this one waits.
    return { way: way.at === 'there' ? { at: 'connecting', server: way.server } : way, others }
  }

  /** Shows this computer's page; true when it has to be loaded for that. */
  function stay(next: Way, place = ''): boolean {
    const isElsewhere = way.at === 'there'
    become(next)
    if (isElsewhere) load(new URL(place, ownUrl).href)
    return isElsewhere
  }

  async function visit(id: string): Promise<void> {
    const server = kept.find(id)
    if (!server) return
    kept.choose(id)
    if ((await isReached(server)) && window()) {
      become({ at: 'there', server: nameOf(server) })
      load(server.address)
    }
  }

  /** False too when the person went elsewhere meanwhile. */
  async function isReached(server: RemoteServer): Promise<boolean> {
    const connecting: Way = { at: 'connecting', server: nameOf(server) }
    stay(connecting)
    const problem = await problemOf(server)
    if (way !== connecting) return false
    if (problem) stay(lost(server, problem))
    return problem === null
  }

  async function problemOf({ id, address }: RemoteServer): Promise<ServerProblem | null> {
    const key = kept.keyOf(id)
    if (key !== null) return findProblem({ origin: address, key }, fetch)
    return { field: 'key', sentence: 'This computer can no longer read the key that it kept.' }
  }

  /** Its page was there before, or its server answers, and still it does not load. */
  async function lose(server: RemoteServer, why: string): Promise<void> {
    if (!(await isReached(server))) return
    stay(lost(server, { field: 'address', sentence: `Its window did not load (${why}).` }))
  }

  function load(url: string): void {
    // A page that fails to load is told of by `did-fail-load`.
    window()
      ?.webContents.loadURL(url)
      .catch(() => undefined)
  }

  const shown = (): RemoteServer | null => (way.at === 'there' ? kept.find(way.server.id) : null)

  return {
    serversFor,
    /** The one that was chosen, reached or not; null: this computer's. */
    current: (): string | null => (way.at === 'here' ? null : way.server.id),
    /** The page that the window is to show. */
    pageUrl: () => shown()?.address ?? ownUrl,
    /** The one whose page it is; null: this computer's. */
    shown,
    visit,

    /** Back to this computer's server; true when its page has to be loaded for that. */
    goHome(place = ''): boolean {
      kept.choose(null)
      return stay({ at: 'here' }, place)
    },

    forget(id: string): void {
      if (way.at !== 'here' && way.server.id === id) stay({ at: 'here' })
      kept.forget(id)
      become(way)
    },

    /** Goes on in a window that was just opened with this computer's page. */
    resume(opened: BrowserWindow): void {
      const { webContents } = opened
      opened.once('closed', () => {
        way = { at: 'here' }
      })
      webContents.on('did-navigate', (_event, url, status) => {
        // Going back would lead to a page of another server.
        webContents.navigationHistory.clear()
        const server = shown()
        if (server && status >= 400 && isAppPage(url, server.address))
          void lose(server, String(status))
      })
      webContents.on('did-fail-load', (_event, code, why, url, isMainFrame) => {
        const server = shown()
        if (!server || !isMainFrame || code === aborted || !isAppPage(url, server.address)) return
        void lose(server, why)
      })
      const chosen = kept.chosen()
      if (chosen !== null) void visit(chosen)
    },
  }
}

const lost = (server: RemoteServer, problem: ServerProblem): Way => ({
  at: 'lost',
  server: nameOf(server),
  address: server.address,
  problem,
})

/** Chromium's code for a page that was left before it had loaded. */
const aborted = -3
