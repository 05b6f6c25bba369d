import { appendFileSync } from 'node:fs'
import { app, type BrowserWindow, dialog } from 'electron'

const maxReloads = 3
const withinMs = 60_000

/** Reloads the page when its process dies; asks the user when that repeats. */
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
      detail: `${reason}. The server is still running and accepts mail.`,
      buttons: ['Reload', 'Quit'],
    }).then((answer) => (answer === 0 ? reload() : app.quit()))
  })

  window.webContents.on('unresponsive', () => {
    void ask(window, {
      message: 'The window does not respond.',
      detail: 'The server is still running and accepts mail.',
      buttons: ['Wait', 'Reload'],
    }).then((answer) => {
      if (answer !== 1 || window.isDestroyed()) return
      // A hung process does not reload. After its end, the handler above reloads the page.
      window.webContents.forcefullyCrashRenderer()
    })
  })
}

/**
 * After an uncaught error the state of the server is unknown. Acknowledged mail is committed, so
 * ending the process loses nothing.
 */
export function explainCrash(logFile: string, close: () => Promise<void>): void {
  let isAsking = false
  const explain = (error: unknown) => {
    const story = error instanceof Error ? (error.stack ?? error.message) : String(error)
    console.error(story)
    try {
      appendFileSync(logFile, `${new Date().toISOString()} ${story}\n`, { mode: 0o600 })
    } catch {
      // On a full disk only the dialog reports the error.
    }
    if (isAsking) return
    isAsking = true
    void dialog
      .showMessageBox({
        type: 'error',
        message: 'MailSage stopped because of an internal error.',
        detail: `${error instanceof Error ? error.message : String(error)}\n\nAccepted mail is safe. ${logFile} has the details.`,
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
