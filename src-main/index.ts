import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { app, dialog, powerMonitor } from 'electron'
import { systemResumed } from './base/clock.ts'
import { outliveOutput } from './base/output.ts'
import { endProcess } from './base/threads-left.ts'
import { readConfig } from './config.ts'
import { ownFlags } from './electron/app-flags.ts'
import { openDesktop } from './electron/desktop.ts'
import { startOnFreePorts } from './electron/free-ports.ts'
import { keychainSeal } from './electron/keychain.ts'
import { startWordInbox } from './electron/launch-queue.ts'
import { refuseWebviews } from './electron/navigation-guard.ts'
import { explainCrash } from './electron/recovery.ts'
import { isTrayShown } from './electron/tray.ts'
import type { RunningServer } from './server.ts'

/** Async, because Electron becomes ready only after this module has been evaluated. */
async function main(): Promise<void> {
  outliveOutput()
  const config = readConfig(process.env, ownFlags(process.argv))
  const folder = join(config.dataFolder, 'desktop')
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
  } catch (error) {
    const { requireUsableFolder, explainStart } = await import('./storage/inspect-folder.ts')
    requireUsableFolder(config.dataFolder)
    throw explainStart(error, config.dataFolder)
  }
  app.setPath('userData', folder)
  if (!app.requestSingleInstanceLock()) return app.exit(0)

  refuseWebviews()
  const words = startWordInbox()
  const trayShown = isTrayShown()
  await app.whenReady()
  const { startServer } = await import('./server.ts')
  const seal = keychainSeal()
  const server = await startOnFreePorts(config, (free) => startServer(free, seal ? { seal } : {}))
  powerMonitor.on('resume', systemResumed)
  explainCrash(join(folder, 'crash.log'), server.close)
  console.log(`MailSage ${server.version}: ${server.url}, SMTP at port ${server.smtpPort}`)
  const desktop = openDesktop({
    server,
    folder,
    vault: server.vault,
    words,
    hasTray: await trayShown,
  })
  closeOnQuit(server, desktop.close)
}

/** On `will-quit` all windows are closed, so that no page needs the server. */
function closeOnQuit(server: RunningServer, closeDesktop: () => void): void {
  let closing = false
  app.on('will-quit', (event) => {
    if (closing) return
    closing = true
    event.preventDefault()
    closeDesktop()
    server.close().then(
      () => endProcess(0, (code) => app.exit(code)),
      (error: unknown) => {
        console.error(error)
        endProcess(1, (code) => app.exit(code))
      },
    )
  })
}

main().catch(async (error: unknown) => {
  const sentence = error instanceof Error ? error.message : String(error)
  console.error(sentence)
  await app.whenReady()
  dialog.showErrorBox('MailSage cannot start', sentence)
  app.exit(1)
})
