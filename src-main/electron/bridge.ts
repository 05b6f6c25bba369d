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

/** The target of a `mailsage:` link or a notification. */
export type Target = { readonly screen: 'inbox' | 'keys'; readonly id: string }

/** A remote server, as the window shows it. */
export type ServerName = {
  id: string
  name: string
  /** Empty on the page of a remote server, which must not know other servers. */
  host: string
}

/** The reason why a server cannot be shown, and the field to correct. */
export type ServerProblem = {
  field: 'address' | 'key'
  /** A sentence with the fix. */
  sentence: string
}

/** The server that the window shows or connects to. */
export type ServerConnection =
  | { at: 'local' }
  | { at: 'connecting'; server: ServerName }
  | { at: 'failed'; server: ServerName; address: string; problem: ServerProblem }
  | { at: 'remote'; server: ServerName }

export type ServerList = { connection: ServerConnection; others: ServerName[] }

export type NewServer = {
  name: string
  address: string
  key: string
  /** The user confirmed the warning about http. */
  unencrypted: boolean
}

export type ConnectAnswer =
  | { type: 'connected'; id: string }
  | { type: 'unencrypted'; host: string }
  | ({ type: 'refused' } & ServerProblem)

export type DesktopSession = {
  /** The key of the server whose page asks. */
  consoleKey: string
  firstKeys: { admin: string | null; test: string | null } | null
  version: string
  platform: string
  /** True once, after a crash and reload of the page. */
  recovered: boolean
  servers: ServerList
  /** A menu command that arrived before the page was ready. */
  command: Command | null
}

/** Preferences of the app on this machine. */
export type Preferences = {
  closeToTray: boolean
  notify: 'always' | 'unfocused' | 'off'
  openAtLogin: boolean
  startHidden: boolean
  /** False where the desktop has no tray, so that the window cannot hide in it. */
  hasTray: boolean
}
export type PreferencesChange = Partial<Omit<Preferences, 'hasTray'>>

/**
 * The requests of the window to the desktop app; everything else uses the HTTP API. A remote server may
 * have another version, so requests are added here and never changed.
 */
export type Bridge = {
  session(): Promise<DesktopSession>
  saveFile(name: string, bytes: Uint8Array): Promise<boolean>
  openExternal(url: string): Promise<void>
  /** Null: this computer's. */
  switchServer(id: string | null): Promise<void>
  /** From here on, only for the page of the local server. */
  connectServer(server: NewServer): Promise<ConnectAnswer>
  /** Asks the user first. */
  removeServer(id: string): Promise<void>
  dragMessage(id: string): Promise<void>
  preferences(change: PreferencesChange): Promise<Preferences>
  onCommand(listener: (command: Command) => void): () => void
  onOpen(listener: (target: Target) => void): () => void
  onServers(listener: (servers: ServerList) => void): () => void
}

/** The requests of the bridge; each has a channel, and the main process replies. */
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
