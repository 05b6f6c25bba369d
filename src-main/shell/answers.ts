import { writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { app, type BrowserWindow, dialog, type IpcMainInvokeEvent, ipcMain } from 'electron'
import { z } from 'zod'
import { channels, type DesktopSession, type PreferencesChange, type Questions } from './bridge.ts'
import { isAppPage } from './guard.ts'
import { askToOpen } from './links.ts'
import { KeptChange, type PreferenceStore } from './preferences.ts'

type Desktop = {
  readonly appUrl: string
  readonly session: () => DesktopSession
  readonly preferences: PreferenceStore
  readonly dragMessage: (window: BrowserWindow, id: string) => Promise<void>
  readonly window: () => BrowserWindow | null
}

const inputs = {
  session: z.tuple([]),
  saveFile: z.tuple([z.string().min(1).max(255), z.instanceof(Uint8Array)]),
  openExternal: z.tuple([z.string().max(8_192)]),
  dragMessage: z.tuple([z.string().regex(/^msg_[0-9a-z]{1,60}$/)]),
  preferences: z.tuple([KeptChange]) as z.ZodType<[PreferencesChange]>,
} satisfies { [Q in keyof Questions]: z.ZodType<Parameters<Questions[Q]>> }

/** Answers the bridge, and only to the app's own page in the app's own window. */
export function answerBridge(desktop: Desktop): void {
  const { appUrl, session, window, preferences } = desktop
  answer('session', async () => session())
  answer('saveFile', (name, bytes) => saveFile(askingWindow(), name, bytes))
  answer('openExternal', (url) => askToOpen(askingWindow(), url))
  answer('dragMessage', (id) => desktop.dragMessage(askingWindow(), id))
  answer('preferences', async (change) => preferences.change(change))

  function answer<Q extends keyof Questions>(question: Q, handle: Questions[Q]): void {
    ipcMain.handle(channels[question], (event, ...given) => {
      if (!isOurs(event)) throw new Error('Only the window of MailSage may ask this')
      const input = inputs[question].parse(given)
      // `inputs` holds the parameters of each question under its name; the index loses that pairing.
      return (handle as (...values: unknown[]) => unknown)(...input)
    })
  }

  function isOurs({ sender, senderFrame }: IpcMainInvokeEvent): boolean {
    if (!senderFrame || sender !== window()?.webContents) return false
    return senderFrame.parent === null && isAppPage(senderFrame.url, appUrl)
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
  await writeFile(filePath, bytes)
  return true
}

/** Attachment names come from strangers. */
function safeName(name: string): string {
  const plain = basename(name.replaceAll('\\', '/')).replace(/[\p{Cc}<>:"|?*]/gu, '_')
  return plain === '' || /^\.+$/.test(plain) ? 'attachment' : plain
}
