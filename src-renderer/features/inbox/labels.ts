const messages = (count: string): string => `${count} messages`
const undone = 'This can’t be undone.'

/** Texts of the message list, its search, its sidebar and its dialogs. */
export const inboxLabels = {
  inbox: 'Inbox',
  messageList: 'Message list',
  messages: 'Messages',
  listWidth: 'List width',
  sidebar: 'Inbox sidebar',
  sidebarWidth: 'Sidebar width',
  showSidebar: 'Show sidebar',
  hideSidebar: 'Hide sidebar',
  toggleSidebar: 'Show or hide sidebar',
  undo: 'Undo',
  cancel: 'Cancel',
  delete: 'Delete',

  waiting: 'Waiting for the first message',
  pointYourApp: 'Point your app here',
  intro:
    'Captured messages stay in this inbox and are never delivered. SMTP from this computer needs no password; HTTP needs a test key from',
  introKeys: 'Keys',
  introSamplesBefore: '. Samples for your language and framework are in',
  introConnect: 'Connect',
  introEnd: '.',
  smtpHost: 'SMTP host',
  smtpPort: 'SMTP port',
  httpApi: 'HTTP API',
  client: 'Client',
  snippet: (client: string) => `${client} snippet`,

  noUnread: 'No unread messages',
  allRead: 'All messages are read.',
  allReadInInbox: 'All messages in this inbox are read.',
  showRead: 'Show read messages',
  emptyInbox: 'No messages in this inbox',
  emptyInboxAdvice: (inbox: string) =>
    `Messages sent with a key for the inbox “${inbox}” appear here.`,
  showAllMail: 'Show all mail',
  noResults: 'No results',
  noMatch: (inbox: string | null, isUnreadOnly: boolean) =>
    `No ${isUnreadOnly ? 'unread ' : ''}message${inbox === null ? '' : ` in the inbox “${inbox}”`} matches`,
  allWordsMustMatch: ' All words must match; write OR between words to match any of them.',
  without: (part: string) => `Without “${part}”`,
  searchAllMail: 'Search all mail',
  includeRead: 'Include read messages',
  clearSearch: 'Clear search',

  noSender: '(no sender)',
  noSubject: '(no subject)',
  unread: 'Unread',
  attachments: (count: number) => (count === 1 ? '1 attachment' : `${count} attachments`),
  select: (subject: string) => `Select ${subject || 'message without subject'}`,
  newMessages: (count: string) => (count === '1' ? '1 new message' : `${count} new messages`),

  searchMessages: 'Search messages',
  searchPlaceholder: 'Search',
  suggestions: 'Search suggestions',
  hints: {
    attachment: 'Has at least one attachment',
    unread: 'Not read yet',
    read: 'Already read',
    today: 'Start of today',
    yesterday: 'Start of yesterday',
    '1h': '1 hour ago',
    '24h': '24 hours ago',
    '7d': '7 days ago',
    '30d': '30 days ago',
    date: 'Date as YYYY-MM-DD',
  },

  unreadOnly: 'Unread only',
  actions: 'Inbox actions',
  saveSearch: 'Save search…',
  selectAll: 'Select all',
  markAllRead: 'Mark all as read',
  markResultsRead: 'Mark results as read',
  clearInbox: 'Clear inbox…',
  deleteResults: 'Delete results…',
  allInboxes: 'All inboxes',
  messageCount: messages,

  deleteTitle: (count: number, formatted: string) =>
    count === 1 ? 'Delete 1 message?' : `Delete ${messages(formatted)}?`,
  deleteAll: 'Delete all',
  deleteWarning: (query: string, isUnreadOnly: boolean, inbox: string | null) => {
    const all = isUnreadOnly ? 'All unread messages' : 'All messages'
    const matching = query === '' ? all : `${all} that match “${query}”`
    return `${matching} in ${inbox === null ? 'all inboxes' : `the inbox “${inbox}”`} will be deleted. ${undone}`
  },
  deleteListWarning: `All messages in this list will be deleted, including those not loaded yet. ${undone}`,

  selectedMessages: 'Selected messages',
  clearSelection: 'Clear selection',
  selected: (count: string) => `${count} selected`,
  markSelectedRead: 'Mark selected as read',
  markSelectedUnread: 'Mark selected as unread',
  tagSelected: 'Tag selected',
  exportSelected: 'Export selected',
  deleteSelected: 'Delete selected',
  tooManyToExport: (max: string) =>
    `Select at most ${messages(max)}, or choose “Select all” to export the whole list.`,

  marked: (count: number, formatted: string, isRead: boolean) =>
    `${count === 1 ? '1 message' : messages(formatted)} marked as ${isRead ? 'read' : 'unread'}`,
  deleted: (count: number, formatted: string) =>
    count === 1 ? 'Message deleted' : `${messages(formatted)} deleted`,

  allMail: 'All mail',
  inboxes: 'Inboxes',
  savedSearches: 'Saved searches',
  tags: 'Tags',
  unreadUnit: ' unread',
  messagesUnit: ' messages',
  moreTags: (count: string) => `${count} more: search with tag:`,
  searchActions: (name: string) => `Actions for ${name}`,
  rename: 'Rename…',

  saveSearchTitle: 'Save search',
  renameSearchTitle: 'Rename saved search',
  name: 'Name',
  nameMissing: 'Enter a name.',
  saveSearchButton: 'Save search',
  renameButton: 'Rename',
  savedAs: (name: string) => `Saved as “${name}”`,
  searchDeleted: (name: string) => `Saved search “${name}” deleted`,

  tagsOf: (count: number, formatted: string) =>
    count === 1 ? 'Tags of this message' : `Tags of ${messages(formatted)}`,
  findTag: 'Find or add a tag',
  addTag: (name: string) => `Add “${name}”`,
  noTags: 'No tags yet. Type a name and press Enter.',

  commands: {
    saveSearch: 'Save search…',
    tag: 'Tag…',
    selectAll: 'Select all messages',
    deleteAll: 'Delete all listed messages…',
    mailGroup: 'Mail',
    unreadMail: 'Unread mail',
    inbox: (name: string) => `Inbox ${name}`,
    tagged: (name: string) => `Tag ${name}`,
  },
} as const

/** Texts of the open message. */
export const openMessageLabels = {
  none: 'No message open',
  noneAdvice: 'Select a message, or use the arrow keys and Enter.',
  message: 'Message',
  unreadable: 'Can’t show this message',
  showSource: 'Show source',

  markRead: 'Mark as read',
  markUnread: 'Mark as unread',
  release: 'Release…',
  download: 'Download .eml',
  saveScreenshot: 'Save screenshot',
  copyAs: 'Copy as',
  close: 'Close message',

  from: 'From',
  to: 'To',
  cc: 'Cc',
  replyTo: 'Reply to',
  bcc: 'Bcc',
  bccHint: 'In the envelope only, not in a header',
  more: (count: number) => `and ${count} more`,
  copyAddress: 'Copy address',

  codeAndLink: 'Code and link',
  code: 'Code',
  copyCode: 'Copy code',
  otherCodes: (codes: string) => `or ${codes}`,
  copyLink: 'Copy link',
  codeCopied: (code: string) => `Code ${code} copied`,

  commands: {
    group: 'Message',
    copyCode: (code: string) => `Copy code ${code}`,
    openLink: (text: string) => `Open link: ${text}`,
    release: 'Release message…',
    toggleRead: 'Mark message as read or unread',
    download: 'Download message as .eml',
    saveScreenshot: 'Save screenshot of message',
    delete: 'Delete message',
    showTab: (name: string) => `Show message tab ${name}`,
  },
  copies: {
    curl: { action: 'Copy as curl', done: 'curl command copied' },
    fixture: { action: 'Copy as test fixture', done: 'Test fixture copied' },
    link: { action: 'Copy link', done: 'Link copied' },
    id: { action: 'Copy ID', done: 'ID copied' },
    messageId: { action: 'Copy Message-ID', done: 'Message-ID copied' },
  },

  envelope: 'Envelope',
  smtpEnvelope: 'SMTP envelope',
  bccNote: 'Bcc recipients appear only in the envelope. Readers can’t see them.',
  receivedVia: 'Received via',
  protocol: 'Protocol',
  smtp: 'SMTP',
  http: 'HTTP',
  received: 'Received',
  inbox: 'Inbox',
  key: 'Key',
  noKey: 'No key (local connection)',
  clientAddress: 'Client address',
  ehlo: 'EHLO',
  userAgent: 'User-Agent',
  encryption: 'Encryption',
  noEncryption: 'None',
  request: 'Request',
  requestId: 'Request ID',
  duration: 'Duration',
  noTranscript: 'The SMTP transcript is no longer stored.',
  noRequest:
    'This request is not in the log: old entries and requests from this window are not kept.',
  transcript: 'SMTP transcript',
  copy: 'Copy',

  mimeParts: 'MIME parts',
  partCount: (count: number) => (count === 1 ? '1 part' : `${count} parts`),
  part: (path: string, type: string) => `part ${path}, ${type}`,
  showPart: (path: string, type: string) => `Show part ${path}, ${type}`,
  downloadPartOf: (path: string, type: string) => `Download part ${path}, ${type}`,
  downloadPart: (path: string) => `Download part ${path}`,

  noLinks: 'No links',
  noLinksAdvice: 'This message contains no links.',
  links: 'Links',
  linkCount: (links: number, hosts: number) =>
    `${links === 1 ? '1 link' : `${links} links`} to ${hosts === 1 ? '1 host' : `${hosts} hosts`}`,
  linksToCheck: (count: number) => `${count} to check`,
  plainTextLink: 'Plain-text link',
  tracking: 'Tracking',
  copyLinkNumber: (number: number) => `Copy link ${number}`,
  encrypted: 'encrypted',
  notEncrypted: 'not encrypted',
} as const

export const linkFindingLabels = {
  mismatch: (shown: string, target: string) =>
    `The text shows ${shown}, but the link opens ${target}.`,
  insecure: 'Uses http: the page can be read or altered in transit.',
  address: 'Uses an IP address instead of a host name. Spam filters may reject it.',
  lookalike: 'An internationalized host name, which can imitate another name.',
  ambiguous: (count: number) =>
    `The same text also links to ${count === 1 ? 'another page' : `${count} other pages`}.`,
  duplicate: (number: number) => `Same page as link ${number}, except for tracking parameters.`,
} as const

export const releaseLabels = {
  title: 'Release to real recipients',
  description: 'Sends an exact copy. The captured message stays here.',
  noRelayBefore: 'No relay is configured.',
  noRelayLink: 'Add a relay',
  noRelayAfter: ', then release this message.',
  cancel: 'Cancel',
  recipients: 'Recipients',
  recipient: 'recipient',
  recipientsHint: 'Press Enter or comma to add. The To and Cc headers do not change.',
  invalidAddress: (text: string) => `“${text}” is not a valid email address.`,
  sender: 'Envelope sender',
  senderHint: 'Bounces go to this address. The From header does not change.',
  relay: 'Relay',
  anyRelay: 'the relay',
  warning: (count: number, relay: string) =>
    `${count === 1 ? '1 real recipient' : `${count} real recipients`} will receive this message through ${relay}. ${undone}`,
  submit: (count: number) =>
    count === 1 ? 'Release to 1 recipient' : `Release to ${count} recipients`,
  released: (to: readonly string[]) =>
    to.length === 1 ? `Released to ${to[0]}` : `Released to ${to.length} recipients`,
  showInOutbox: 'Show in Outbox',
} as const

export const screenshotLabels = {
  notLoaded: 'Open the HTML tab first, then save a screenshot.',
  expired: 'This view has expired. Open the message again.',
  imageUnreadable: 'An image in this message can’t be read.',
  noLayout: 'This browser can’t render the message for a screenshot.',
  notDrawable: 'This message can’t be saved as a screenshot.',
  noCanvas: 'This browser can’t create images.',
  tooLarge: 'The screenshot is too large to save.',
  saved: 'Screenshot saved',
  savedWithoutRemote: 'Screenshot saved without remote images',
} as const
