import { writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { app, type BrowserWindow, dialog, type IpcMainInvokeEvent, ipcMain } from 'electron'
import { z } from 'zod'
import {
  type ConnectAnswer,
  channels,
  type DesktopSession,
  type NewServer,
  type PreferencesChange,
  type Questions,
} from './bridge.ts'
import { isAppPage } from './navigation-guard.ts'
import { askToOpen } from './open-external.ts'
import { KeptChange, type PreferenceStore } from './preferences.ts'
import type { Page } from './remote-navigation.ts'

type Desktop = {
  /** The page of the local server. */
  readonly ownUrl: string
  /** The page that the window shows: the local or a remote one. */
  readonly appUrl: () => string
  readonly session: (page: Page) => DesktopSession
  readonly preferences: PreferenceStore
  readonly switchServer: (id: string | null) => void
  readonly connectServer: (server: NewServer) => Promise<ConnectAnswer>
  readonly removeServer: (id: string) => Promise<void>
  readonly dragMessage: (window: BrowserWindow, id: string) => Promise<void>
  readonly window: () => BrowserWindow | null
}

const inputs = {
  session: z.tuple([]),
  saveFile: z.tuple([z.string().min(1).max(255), z.instanceof(Uint8Array)]),
  openExternal: z.tuple([z.string().max(8_192)]),
  switchServer: z.tuple([z.string().max(64).nullable()]),
  connectServer: z.tuple([
    z.strictObject({
      name: z.string().max(60),
      address: z.string().max(300),
      key: z.string().max(300),
      unencrypted: z.boolean(),
    }),
  ]),
  removeServer: z.tuple([z.string().max(64)]),
  dragMessage: z.tuple([z.string().regex(/^msg_[0-9a-z]{1,60}$/)]),
  preferences: z.tuple([KeptChange]) as z.ZodType<[PreferencesChange]>,
} satisfies { [Q in keyof Questions]: z.ZodType<Parameters<Questions[Q]>> }

/** The requests that a remote page may make. */
const forEveryRelay: ReadonlySet<keyof Questions> = new Set([
  'session',
  'saveFile',
  'openExternal',
  'switchServer',
])

/** Replies to requests of the bridge, only from the app's page in the app's window. */
export function answerBridge(desktop: Desktop): void {
  const { ownUrl, appUrl, window, preferences } = desktop
  answer('session', async (page) => desktop.session(page))
  answer('saveFile', (_page, name, bytes) => saveFile(askingWindow(), name, bytes))
  answer('openExternal', (_page, url) => askToOpen(askingWindow(), url))
  answer('switchServer', async (_page, id) => desktop.switchServer(id))
  answer('connectServer', (_page, server) => desktop.connectServer(server))
  answer('removeServer', (_page, id) => desktop.removeServer(id))
  answer('dragMessage', (_page, id) => desktop.dragMessage(askingWindow(), id))
  answer('preferences', async (_page, change) => preferences.change(change))

  function answer<Q extends keyof Questions>(
    question: Q,
    handle: (page: Page, ...given: Parameters<Questions[Q]>) => ReturnType<Questions[Q]>,
  ): void {
    ipcMain.handle(channels[question], (event, ...given) => {
      const page = askingPage(event)
      if (page === null) throw new Error('Only the window of MailSage may ask this')
      if (page === 'other' && !forEveryRelay.has(question)) {
        throw new Error('Only the page of the local server may ask this')
      }
      const input = inputs[question].parse(given)
      // `inputs` has the parameters of each request by name; the index loses this pairing.
      return (handle as (...values: unknown[]) => unknown)(page, ...input)
    })
  }

  function askingPage({ sender, senderFrame }: IpcMainInvokeEvent): Page | null {
    if (!senderFrame || sender !== window()?.webContents || senderFrame.parent !== null) return null
    if (isAppPage(senderFrame.url, ownUrl)) return 'own'
    return isAppPage(senderFrame.url, appUrl()) ? 'other' : null
  }

  function askingWindow(): BrowserWindow {
    const open = window()
    if (!open) throw new Error('The window is closed')
    return open
  }
}

async function saveFile(window: BrowserWindow, name: string, bytes: Uint8Array): Promise<boolean> {
  const { canceled, filePath } = await dialog.showSaveDialog(window, {
    defaultPath: join(app.getPath('downloads'), safeName(name)),
  })
  if (canceled || !filePath) return false
  await writeFile(filePath, bytes, { mode: 0o600 })
  return true
}

/** Attachment names are untrusted. */
function safeName(name: string): string {
  const plain = basename(name.replaceAll('\\', '/')).replace(/[\p{Cc}<>:"|?*]/gu, '_')
  return plain === '' || /^\.+$/.test(plain) ? 'attachment' : plain
}
