import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { app, type BrowserWindow, dialog, session } from 'electron'
import { readConfig } from './config.ts'
import type { Relay } from './relay.ts'
import { answerBridge } from './shell/answers.ts'
import { startOnFreePorts } from './shell/free-ports.ts'
import { guardPermissions, refuseWebviews } from './shell/guard.ts'
import { setMenu } from './shell/menu.ts'
import { ownFlags } from './shell/own-flags.ts'
import { keychainSeal } from './shell/seal.ts'
import { openWindow } from './shell/window.ts'

/** An async function because Electron becomes ready only after this module has been evaluated. */
async function main(): Promise<void> {
  const config = readConfig(process.env, ownFlags(process.argv))
  const desktopFolder = join(config.dataFolder, 'desktop')
  mkdirSync(desktopFolder, { recursive: true, mode: 0o700 })
  app.setPath('userData', desktopFolder)
  if (!app.requestSingleInstanceLock()) return app.exit(0)

  refuseWebviews()
  await app.whenReady()
  const { startRelay } = await import('./relay.ts')
  const seal = keychainSeal()
  const relay = await startOnFreePorts(config, (free) => startRelay(free, seal ? { seal } : {}))
  closeOnQuit(relay)
  console.log(`MailSage ${relay.version}: ${relay.url}, SMTP at port ${relay.smtpPort}`)

  const appUrl = developmentUrl() ?? relay.url
  let window: BrowserWindow | null = null
  const show = () => {
    window ??= open()
    if (window.isMinimized()) window.restore()
    window.focus()
  }
  const open = () => {
    const opened = openWindow({
      appUrl,
      address: `${relay.url} · SMTP ${relay.smtpPort}`,
      stateFile: join(desktopFolder, 'window.json'),
    })
    opened.once('closed', () => {
      window = null
    })
    return opened
  }
  const { consoleKey, firstKeys, version } = relay
  answerBridge({
    appUrl,
    session: { consoleKey, firstKeys, version, platform: process.platform },
    window: () => window,
  })
  guardPermissions(session.defaultSession, appUrl)
  setMenu({ relayUrl: relay.url, window: () => window })
  app.on('second-instance', show)
  app.on('activate', show)
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit()
  })
  show()
}

/** `will-quit` comes after the windows are gone, so that no page is left that needs the relay. */
function closeOnQuit(relay: Relay): void {
  let closing = false
  app.on('will-quit', (event) => {
    if (closing) return
    closing = true
    event.preventDefault()
    relay.close().then(
      () => app.exit(0),
      (error: unknown) => {
        console.error(error)
        app.exit(1)
      },
    )
  })
}

/** The development server, which hands requests on to the relay. */
function developmentUrl(): string | undefined {
  return app.isPackaged ? undefined : process.env.ELECTRON_RENDERER_URL
}

main().catch(async (error: unknown) => {
  const sentence = error instanceof Error ? error.message : String(error)
  console.error(sentence)
  await app.whenReady()
  dialog.showErrorBox('MailSage cannot start', sentence)
  app.exit(1)
})
