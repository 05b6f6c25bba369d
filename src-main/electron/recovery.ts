import { appendFileSync } from 'node:fs'
import { app, type BrowserWindow, dialog } from 'electron'

const maxReloads = 3
const withinMs = 60_000

/** Brings the page back where it was when its process dies; asks when that keeps happening. */
export function recoverPage(window: BrowserWindow, onRecovered: () => void): void {
  let deaths: number[] = []
  const reload = () => {
    onRecovered()
    window.webContents.reload()
  }

  window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    if (reason === 'clean-exit' || window.isDestroyed()) return
    console.error(`The window’s process is gone: ${reason} (${exitCode})`)
    const now = Date.now()
    deaths = [...deaths.filter((at) => now - at < withinMs), now]
    if (deaths.length <= maxReloads) {
      setImmediate(reload)
      return
    }
    deaths = []
    void ask(window, {
      message: 'The window keeps crashing.',
      detail: `${reason}. The server is still running and takes mail.`,
      buttons: ['Reload', 'Quit'],
    }).then((answer) => (answer === 0 ? reload() : app.quit()))
  })

  window.webContents.on('unresponsive', () => {
    void ask(window, {
      message: 'The window does not respond.',
      detail: 'The server is still running and takes mail.',
      buttons: ['Wait', 'Reload'],
    }).then((answer) => {
      if (answer !== 1 || window.isDestroyed()) return
      // A hung process does not reload; once it is gone the handler above does it.
      window.webContents.forcefullyCrashRenderer()
    })
  })
}

/**
 * An error that nobody caught leaves the server in a state that nobody knows. What was answered is
 * committed, so ending here loses nothing.
 */
export function explainCrash(logFile: string, close: () => Promise<void>): void {
  let isAsking = false
  const explain = (error: unknown) => {
    const story = error instanceof Error ? (error.stack ?? error.message) : String(error)
    console.error(story)
    try {
      appendFileSync(logFile, `${new Date().toISOString()} ${story}\n`, { mode: 0o600 })
    } catch {
      // On a full disk the dialog has to do.
    }
    if (isAsking) return
    isAsking = true
    void dialog
      .showMessageBox({
        type: 'error',
        message: 'Something in MailSage broke.',
        detail: `${error instanceof Error ? error.message : String(error)}\n\nMail that was accepted is safe. The whole story is in ${logFile}.`,
        buttons: ['Restart', 'Quit'],
        defaultId: 0,
        cancelId: 1,
      })
      .then(async ({ response }) => {
        if (response === 0) app.relaunch()
        await Promise.race([close(), new Promise((resolve) => setTimeout(resolve, 3_000))])
        app.exit(1)
      })
  }
  process.on('uncaughtException', explain)
  process.on('unhandledRejection', explain)
}

async function ask(
  window: BrowserWindow,
  question: { message: string; detail: string; buttons: string[] },
): Promise<number> {
  const { response } = await dialog.showMessageBox(window, { type: 'warning', ...question })
  return response
}
