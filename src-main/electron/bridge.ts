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
  'connect-server',
] as const
export type Command = (typeof commands)[number]

/** What a `mailsage:` link or a notification opens. */
export type Target = { readonly screen: 'inbox' | 'keys'; readonly id: string }

/** A server on another computer, as the window names it. */
export type ServerName = {
  id: string
  name: string
  /** Empty on a page that has no business with it: that of yet another server. */
  host: string
}

/** Why a server cannot be shown, and what of it to change. */
export type ServerProblem = {
  field: 'address' | 'key'
  /** Says what to do. */
  sentence: string
}

/** Which server the window shows, or where it stands on the way there. */
export type Way =
  | { at: 'here' }
  | { at: 'connecting'; server: ServerName }
  | { at: 'lost'; server: ServerName; address: string; problem: ServerProblem }
  | { at: 'there'; server: ServerName }

export type ServerList = { way: Way; others: ServerName[] }

export type NewServer = {
  name: string
  address: string
  key: string
  /** The person was warned and wants it all the same. */
  unencrypted: boolean
}

export type ConnectAnswer =
  | { type: 'connected'; id: string }
  | { type: 'unencrypted'; host: string }
  | ({ type: 'refused' } & ServerProblem)

export type DesktopSession = {
  /** Of the server whose page asks. */
  consoleKey: string
  firstKeys: { admin: string | null; test: string | null } | null
  version: string
  platform: string
  /** True once after the page had crashed and was loaded again. */
  recovered: boolean
  servers: ServerList
  /** What the menu asked for while this page was not there yet. */
  command: Command | null
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

/**
 * What the window may ask of the desktop; everything else goes over the HTTP API. A page of another
 * server may be of another version: questions are added here, never changed.
 */
export type Bridge = {
  session(): Promise<DesktopSession>
  saveFile(name: string, bytes: Uint8Array): Promise<boolean>
  openExternal(url: string): Promise<void>
  /** Null: this computer's. */
  switchServer(id: string | null): Promise<void>
  /** These are answered to the page of this computer's server alone. */
  connectServer(server: NewServer): Promise<ConnectAnswer>
  /** Asks the person first. */
  removeServer(id: string): Promise<void>
  dragMessage(id: string): Promise<void>
  preferences(change: PreferencesChange): Promise<Preferences>
  onCommand(listener: (command: Command) => void): () => void
  onOpen(listener: (target: Target) => void): () => void
  onServers(listener: (servers: ServerList) => void): () => void
}

/** The questions of the bridge; each has a channel of the same name and is answered by the main process. */
export type Questions = Omit<Bridge, 'onCommand' | 'onOpen' | 'onServers'>

export const channels = {
  session: 'mailsage:session',
  saveFile: 'mailsage:save-file',
  openExternal: 'mailsage:open-external',
  switchServer: 'mailsage:switch-server',
  connectServer: 'mailsage:connect-server',
  removeServer: 'mailsage:remove-server',
  dragMessage: 'mailsage:drag-message',
  preferences: 'mailsage:preferences',
} as const satisfies Record<keyof Questions, string>

export const commandChannel = 'mailsage:command'
export const openChannel = 'mailsage:open'
export const serversChannel = 'mailsage:servers'

declare global {
  interface Window {
    mailsage?: Bridge
  }
}
