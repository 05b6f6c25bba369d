/** Texts of the frame around every screen: sidebar, status bar, palette, servers, shortcuts. */
export const frameLabels = {
  sidebar: 'Sidebar',
  screens: 'Screens',
  search: 'Search everything',
  unread: ' unread',
  mailsage: 'MailSage',

  smtp: 'SMTP',
  http: 'HTTP',
  queue: 'Queue',
  rate: 'Rate',
  copySmtp: 'Copy SMTP address',
  copyHttp: 'Copy HTTP address',
  queued: (count: string) => `${count} queued`,
  perMinute: (count: string) => `${count} emails/min`,
  connecting: 'Connecting',
  connected: 'Connected',
  reconnecting: 'Reconnecting',
  liveHint: 'While connected, new messages appear automatically',
  theme: (theme: string) => `Theme: ${theme}`,
  shortcuts: 'Keyboard shortcuts',

  palette: 'Command palette',
  palettePlaceholder: 'Search messages, keys and commands',
  noResults: 'No results.',
  results: 'Results',
  messageResult: (subject: string, sender: string) => `${subject || '(no subject)'} – ${sender}`,
  keyResult: (name: string, mode: string) => `${name} – ${mode} key`,
  goTo: 'Go to',
  windowGroup: 'Window',
  lightTheme: 'Light theme',
  darkTheme: 'Dark theme',
  systemTheme: 'System theme',
  apiDocs: 'API documentation',
  signOut: 'Sign out',

  server: 'Server',
  thisComputer: 'This computer',
  serverOf: ', server of ',
  switchToThisComputer: 'Switch to this computer',
  switchTo: (name: string) => `Switch to ${name}`,
  connectServer: 'Connect to another server…',
  removeServer: 'Remove server',
  removeServerCommand: (name: string) => `Remove ${name}…`,
  removeServerItem: (name: string) => `${name}…`,

  connectTitle: 'Connect to another server',
  connectDescription:
    'Opens the window of a MailSage server on another computer. The server on this computer keeps running.',
  address: 'Address',
  addressHint: 'The URL that opens its window in a browser.',
  addressExample: 'https://mail.example.com',
  adminKey: 'Admin key',
  adminKeyHint: 'A key with the permission “*”. Stored encrypted on this computer.',
  adminKeyExample: 'ms_live_…',
  name: 'Name',
  nameHint: 'Shown in the server menu.',
  nameExample: 'Team',
  unencrypted: (host: string) =>
    `Without https, anyone on the network path to ${host} can read the key and the mail. Continue only on a network you trust.`,
  cancel: 'Cancel',
  checking: 'Checking…',
  connect: 'Connect',
  connectUnencrypted: 'Connect without encryption',

  connectingTo: (name: string) => `Connecting to ${name}…`,
  connectionFailed: (name: string) => `Can’t connect to ${name}`,
  checkingServer: 'Checking the server…',
  useAnotherKey: 'Use another key…',
  tryAgain: 'Try again',
  backToThisComputer: 'Back to this computer',
  serverLost: (name: string) => `Can’t reach ${name}. The data shown may be out of date.`,
} as const

type Shortcut = {
  /** Alternatives; `…` marks a range. */
  readonly keys: readonly string[]
  readonly action: string
}

export const shortcutGroups: readonly {
  readonly name: string
  readonly shortcuts: readonly Shortcut[]
}[] = [
  {
    name: 'Everywhere',
    shortcuts: [
      { keys: ['mod+k'], action: 'Search messages, keys and commands' },
      { keys: ['mod+1', '…', 'mod+9'], action: 'Go to screen' },
      { keys: ['mod+,'], action: 'Settings' },
      { keys: ['?'], action: 'Show shortcuts' },
    ],
  },
  {
    name: 'Inbox',
    shortcuts: [
      { keys: ['/'], action: 'Search' },
      { keys: ['j'], action: 'Next message' },
      { keys: ['k'], action: 'Previous message' },
      { keys: ['Enter'], action: 'Open message' },
      { keys: ['x'], action: 'Select' },
      { keys: ['Shift+J', 'Shift+K'], action: 'Extend selection' },
      { keys: ['mod+a'], action: 'Select all' },
      { keys: ['t'], action: 'Tag' },
      { keys: ['u'], action: 'Mark as read or unread' },
      { keys: ['e'], action: 'Export selection' },
      { keys: ['Delete'], action: 'Delete' },
      { keys: ['['], action: 'Show or hide sidebar' },
      { keys: ['Esc'], action: 'Clear selection, close message, clear search' },
    ],
  },
  {
    name: 'Message',
    shortcuts: [
      { keys: ['1', '…', '8'], action: 'Switch message tab' },
      { keys: ['c'], action: 'Copy one-time code' },
      { keys: ['l'], action: 'Open main link' },
      { keys: ['r'], action: 'Release to real recipients' },
      { keys: ['mod+f'], action: 'Search in source' },
    ],
  },
  {
    name: 'Outbox',
    shortcuts: [
      { keys: ['x'], action: 'Select message' },
      { keys: ['r'], action: 'Retry selected or open message' },
    ],
  },
  { name: 'Connect', shortcuts: [{ keys: ['j', 'k'], action: 'Next or previous language' }] },
  {
    name: 'Keys',
    shortcuts: [
      { keys: ['c'], action: 'Create key' },
      { keys: ['j', 'k'], action: 'Next or previous key' },
      { keys: ['Enter'], action: 'Open key' },
      { keys: ['Esc'], action: 'Close key' },
      { keys: ['e'], action: 'Edit' },
      { keys: ['r'], action: 'Rotate' },
    ],
  },
  {
    name: 'Templates',
    shortcuts: [
      { keys: ['c'], action: 'Create template' },
      { keys: ['/'], action: 'Search' },
      { keys: ['mod+s'], action: 'Save new version' },
    ],
  },
  {
    name: 'Relays',
    shortcuts: [
      { keys: ['c'], action: 'Add relay' },
      { keys: ['j', 'k'], action: 'Next or previous relay' },
      { keys: ['Alt+↑'], action: 'Move relay up' },
      { keys: ['Alt+↓'], action: 'Move relay down' },
    ],
  },
  { name: 'Tenants', shortcuts: [{ keys: ['c'], action: 'Create tenant' }] },
  { name: 'Usage', shortcuts: [{ keys: ['Esc'], action: 'Zoom out, then close key' }] },
  {
    name: 'Logs',
    shortcuts: [
      { keys: ['/'], action: 'Filter' },
      { keys: ['Space'], action: 'Pause or resume' },
      { keys: ['j', 'k'], action: 'Next or previous entry' },
      { keys: ['Enter'], action: 'Open entry' },
      { keys: ['Esc'], action: 'Close entry, clear filters' },
    ],
  },
  {
    name: 'Webhooks',
    shortcuts: [
      { keys: ['c'], action: 'Add webhook' },
      { keys: ['r'], action: 'Replay delivery' },
    ],
  },
]
