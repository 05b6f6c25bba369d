import { app, type BrowserWindow } from 'electron'
import { type Command, commandChannel, openChannel, type Target } from './bridge.ts'
import { recoverPage } from './recovery.ts'
import type { Journey } from './remote-navigation.ts'
import { titleOf } from './remote-servers.ts'
import { openWindow } from './window.ts'

type MainWindowOptions = {
  readonly ownUrl: string
  /** Where this computer's server listens, in words. */
  readonly listening: string
  readonly stateFile: string
  readonly journey: Journey
  /** Whether closing it only hides it. */
  readonly hides: () => boolean
}

/** The one window of the app: there or not, and brought to what it is to show. */
export function createMainWindow(options: MainWindowOptions) {
  const { ownUrl, listening, stateFile, journey, hides } = options
  let window: BrowserWindow | null = null
  let isQuitting = false
  let recovered = false
  let command: Command | null = null
  app.on('before-quit', () => {
    isQuitting = true
  })

  function show(target: Target | null = null): BrowserWindow {
    const place = target ? `#/${target.screen}/${target.id}` : ''
    // What a target names lies with the server of this computer.
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

  function open(place: string): BrowserWindow {
    const opened = openWindow({
      ownUrl,
      appUrl: journey.pageUrl,
      server: () => {
        const other = journey.shown()
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
    journey.resume(opened)
    return opened
  }

  return {
    current: () => window,
    show,

    run(wanted: Command): void {
      const isLoading = ownCommands.includes(wanted) && journey.goHome()
      const isOpen = window !== null
      const { webContents } = show()
      if (isOpen && !isLoading) webContents.send(commandChannel, wanted)
      else command = wanted
    },

    /** What a page hears of once, when it begins. */
    news() {
      const told = { recovered, command }
      recovered = false
      command = null
      return told
    },
  }
}

/** These are about this computer, whatever server the window shows. */
const ownCommands: readonly Command[] = ['preferences', 'connect-server']
