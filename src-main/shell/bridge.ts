export const commands = ['go-inbox', 'go-keys', 'go-usage', 'go-settings', 'search'] as const
export type Command = (typeof commands)[number]

export type DesktopSession = {
  consoleKey: string
  firstKeys: { admin: string | null; test: string | null } | null
  version: string
  platform: string
}

/** What the window may ask of the desktop; everything else goes over the HTTP API. */
export type Bridge = {
  session(): Promise<DesktopSession>
  saveFile(name: string, bytes: Uint8Array): Promise<boolean>
  openExternal(url: string): Promise<void>
  onCommand(listener: (command: Command) => void): () => void
}

/** The questions of the bridge; each has a channel of the same name and is answered by the main process. */
export type Questions = Omit<Bridge, 'onCommand'>

export const channels = {
  session: 'mailsage:session',
  saveFile: 'mailsage:save-file',
  openExternal: 'mailsage:open-external',
} as const satisfies Record<keyof Questions, string>

export const commandChannel = 'mailsage:command'

declare global {
  interface Window {
    mailsage?: Bridge
  }
}
