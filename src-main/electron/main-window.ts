import { app, type BrowserWindow } from 'electron'
import { type Command, commandChannel, openChannel, type Target } from './bridge.ts'
import { recoverPage } from './recovery.ts'
import type { Navigation } from './remote-navigation.ts'
import { titleOf } from './remote-servers.ts'
import { openWindow } from './window.ts'

export type MainWindow = ReturnType<typeof createMainWindow>

type MainWindowOptions = {
  readonly ownUrl: string
  /** The address of the local server, for the title. */
  readonly listening: string
  readonly stateFile: string
  readonly navigation: Navigation
  /** True when closing only hides the window. */
  readonly hides: () => boolean
}

/** The window of the app: opens it and navigates it to a target. */
export function createMainWindow(options: MainWindowOptions) {
  const { ownUrl, listening, stateFile, navigation, hides } = options
  let window: BrowserWindow | null = null
  let isQuitting = false
  let recovered = false
  let command: Command | null = null
  app.on('before-quit', () => {
    isQuitting = true
  })

  function show(target: Target | null = null): BrowserWindow {
    const place = target ? `#/${target.screen}/${target.id}` : ''
    // Targets belong to the local server.
    const isLoading = target !== null && navigation.showLocal(place)
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

  function open(place: string): BrowserWindow {
    const opened = openWindow({
      ownUrl,
      appUrl: navigation.pageUrl,
      server: () => {
        const other = navigation.shown()
        return other ? titleOf(other) : listening
      },
      stateFile,
      place,
    })
    window = opened
    recoverPage(opened, () => {
      recovered = true
    })
    opened.on('close', (event) => {
      if (isQuitting || !hides()) return
      event.preventDefault()
      opened.hide()
    })
    opened.once('closed', () => {
      window = null
    })
    navigation.resume(opened)
    return opened
  }

  return {
    current: () => window,
    show,

    run(wanted: Command): void {
      const isLoading = ownCommands.includes(wanted) && navigation.showLocal()
      const isOpen = window !== null
      const { webContents } = show()
      if (isOpen && !isLoading) webContents.send(commandChannel, wanted)
      else command = wanted
    },

    /** Passed to a page once, when it starts. */
    news() {
      const pending = { recovered, command }
      recovered = false
      command = null
      return pending
    },
  }
}

/** Commands for the local computer, whichever server the window shows. */
const ownCommands: readonly Command[] = ['preferences', 'connect-server']
