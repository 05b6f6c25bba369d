export const commands = [
  'go-inbox',
  'go-outbox',
  'go-connect',
  'go-keys',
  'go-templates',
  'go-webhooks',
  'go-usage',
  'go-logs',
  'go-relays',
  'go-tenants',
  'go-settings',
  'palette',
  'search',
  'import',
  'preferences',
] as const
export type Command = (typeof commands)[number]

/** What a `mailsage:` link or a notification opens. */
export type Target = { readonly screen: 'inbox' | 'keys'; readonly id: string }

export type DesktopSession = {
  consoleKey: string
  firstKeys: { admin: string | null; test: string | null } | null
  version: string
  platform: string
  /** True once after the page had crashed and was loaded again. */
  recovered: boolean
}

/** How the app behaves on this machine, kept beside the window's place. */
export type Preferences = {
  closeToTray: boolean
  notify: 'always' | 'unfocused' | 'off'
  openAtLogin: boolean
  startHidden: boolean
  /** Whether this desktop shows a tray; without one nothing can be hidden in it. */
  hasTray: boolean
}
export type PreferencesChange = Partial<Omit<Preferences, 'hasTray'>>

/** What the window may ask of the desktop; everything else goes over the HTTP API. */
export type Bridge = {
  session(): Promise<DesktopSession>
  saveFile(name: string, bytes: Uint8Array): Promise<boolean>
  openExternal(url: string): Promise<void>
  dragMessage(id: string): Promise<void>
  preferences(change: PreferencesChange): Promise<Preferences>
  onCommand(listener: (command: Command) => void): () => void
  onOpen(listener: (target: Target) => void): () => void
}

/** The questions of the bridge; each has a channel of the same name and is answered by the main process. */
export type Questions = Omit<Bridge, 'onCommand' | 'onOpen'>

export const channels = {
  session: 'mailsage:session',
  saveFile: 'mailsage:save-file',
  openExternal: 'mailsage:open-external',
  dragMessage: 'mailsage:drag-message',
  preferences: 'mailsage:preferences',
} as const satisfies Record<keyof Questions, string>

export const commandChannel = 'mailsage:command'
export const openChannel = 'mailsage:open'

declare global {
  interface Window {
    mailsage?: Bridge
  }
}
