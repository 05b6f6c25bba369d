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
  'connect-relay',
] as const
export type Command = (typeof commands)[number]

/** What a `mailsage:` link or a notification opens. */
export type Target = { readonly screen: 'inbox' | 'keys'; readonly id: string }

/** A relay on another computer, as the window names it. */
export type RelayName = {
  id: string
  name: string
  /** Empty on a page that has no business with it: that of yet another relay. */
  host: string
}

/** Why a relay cannot be shown, and what of it to change. */
export type RelayProblem = {
  field: 'address' | 'key'
  /** Says what to do. */
  sentence: string
}

/** Which relay the window shows, or where it stands on the way there. */
export type Way =
  | { at: 'here' }
  | { at: 'connecting'; relay: RelayName }
  | { at: 'lost'; relay: RelayName; address: string; problem: RelayProblem }
  | { at: 'there'; relay: RelayName }

export type Relays = { way: Way; others: RelayName[] }

export type NewRelay = {
  name: string
  address: string
  key: string
  /** The person was warned and wants it all the same. */
  unencrypted: boolean
}

export type ConnectAnswer =
  | { type: 'connected'; id: string }
  | { type: 'unencrypted'; host: string }
  | ({ type: 'refused' } & RelayProblem)

export type DesktopSession = {
  /** Of the relay whose page asks. */
  consoleKey: string
  firstKeys: { admin: string | null; test: string | null } | null
  version: string
  platform: string
  /** True once after the page had crashed and was loaded again. */
  recovered: boolean
  relays: Relays
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
 * relay may be of another version: questions are added here, never changed.
 */
export type Bridge = {
  session(): Promise<DesktopSession>
  saveFile(name: string, bytes: Uint8Array): Promise<boolean>
  openExternal(url: string): Promise<void>
  /** Null: this computer's. */
  switchRelay(id: string | null): Promise<void>
  /** These are answered to the page of this computer's relay alone. */
  connectRelay(relay: NewRelay): Promise<ConnectAnswer>
  /** Asks the person first. */
  forgetRelay(id: string): Promise<void>
  dragMessage(id: string): Promise<void>
  preferences(change: PreferencesChange): Promise<Preferences>
  onCommand(listener: (command: Command) => void): () => void
  onOpen(listener: (target: Target) => void): () => void
  onRelays(listener: (relays: Relays) => void): () => void
}

/** The questions of the bridge; each has a channel of the same name and is answered by the main process. */
export type Questions = Omit<Bridge, 'onCommand' | 'onOpen' | 'onRelays'>

export const channels = {
  session: 'mailsage:session',
  saveFile: 'mailsage:save-file',
  openExternal: 'mailsage:open-external',
  switchRelay: 'mailsage:switch-relay',
  connectRelay: 'mailsage:connect-relay',
  forgetRelay: 'mailsage:forget-relay',
  dragMessage: 'mailsage:drag-message',
  preferences: 'mailsage:preferences',
} as const satisfies Record<keyof Questions, string>

export const commandChannel = 'mailsage:command'
export const openChannel = 'mailsage:open'
export const relaysChannel = 'mailsage:relays'

declare global {
  interface Window {
    mailsage?: Bridge
  }
}
