import type { KeyMode } from '../../../src-main/contract/keys.ts'
import type { Permission } from '../../../src-main/contract/permissions.ts'
import { formatCount } from '../../ui/format.ts'

const count = (number: number, noun: string): string =>
  `${formatCount(number)} ${noun}${number === 1 ? '' : 's'}`

const both = (parts: readonly (string | null)[]): string =>
  parts.filter((part) => part !== null).join(' and ')

/** The two permissions of a pair read better as one label. */
export const permissionPairs = [
  ['inbox:read', 'inbox:write', 'Read and edit inbox'],
  ['templates:read', 'templates:write', 'Read and edit templates'],
  ['webhooks:read', 'webhooks:write', 'Read and edit webhooks'],
  ['api-keys:read', 'api-keys:write', 'Read and manage keys'],
  ['relays:read', 'relays:write', 'Read and edit relays'],
  ['tenants:read', 'tenants:write', 'Read and manage tenants'],
] as const satisfies readonly (readonly [Permission, Permission, string])[]

export const permissionNames: Readonly<Record<Permission, string>> = {
  send: 'Send',
  'templates:read': 'Read templates',
  'templates:write': 'Edit templates',
  'webhooks:read': 'Read webhooks',
  'webhooks:write': 'Edit webhooks',
  'api-keys:read': 'Read keys',
  'api-keys:write': 'Manage keys',
  'logs:read': 'Read logs and sent mail',
  'usage:read': 'Read usage',
  'inbox:read': 'Read inbox',
  'inbox:write': 'Edit inbox',
  'relays:read': 'Read relays',
  'relays:write': 'Edit relays',
  'tenants:read': 'Read tenants',
  'tenants:write': 'Manage tenants',
  '*': 'Full access, including settings',
}

export const keysLabels = {
  screen: {
    title: 'API keys',
    intro:
      'Your apps sign in with an API key, over HTTP and SMTP. Test keys capture mail here. Live keys send it to real people.',
    empty: 'No keys yet',
    emptyHint: 'Create a test key for your app. The inbox captures every message it sends.',
    createFirst: 'Create your first key',
    noMatch: 'No matching keys',
    create: 'Create key',
    showAll: 'Show all keys',
  },
  toolbar: {
    label: 'Filter',
    search: 'Filter keys',
    placeholder: 'Search by name, prefix or IP address',
    count: (shown: number, total: number) =>
      shown === total ? count(total, 'key') : `${formatCount(shown)} of ${formatCount(total)}`,
    all: 'All',
    state: 'State',
    anyState: 'Any state',
    active: 'Active',
    expiring: 'Expiring soon',
    expired: 'Expired',
    unused: 'Never used',
    order: 'Sort',
    byUse: 'Sort by last use',
    byName: 'Sort by name',
    layout: 'Layout',
    table: 'Table',
    cards: 'Cards',
  },
  type: 'Type',
  live: 'Live',
  test: 'Test',
  disabled: 'Disabled',
  cancel: 'Cancel',
  never: 'Never',
  created: 'Created',
  expires: 'Expires',
  lastUsed: 'Last used',
  name: 'Name',
  inbox: 'Inbox',
  permissions: 'Permissions',
  tenant: 'Tenant',
  admin: 'Admin',
  table: {
    use: 'Last 24 h',
    actions: 'Actions',
    label: 'Keys',
    noPermissions: 'None',
    fromEnvironment: ' from API_KEY',
  },
  card: {
    oldSecret: 'Old secret',
  },
  actions: {
    menu: (name: string) => `Actions for ${name}`,
    editMenu: 'Edit…',
    rotateMenu: 'Rotate…',
    revokeMenu: 'Revoke…',
    disable: 'Disable',
    enable: 'Enable',
    undo: 'Undo',
    nowDisabled: (name: string) => `“${name}” disabled. Apps that use it get 401.`,
    nowEnabled: (name: string) => `“${name}” enabled`,
    edit: 'Edit',
    rotate: 'Rotate',
    revoke: 'Revoke',
  },
  drawer: {
    label: (name?: string) => (name === undefined ? 'Key' : `Key ${name}`),
    fixed: 'Set by the API_KEY environment variable. Change the variable and restart MailSage.',
    missing: 'This key does not exist. It may have been revoked.',
    close: 'Close key',
    retry: 'Retry',
  },
  commands: {
    group: 'Keys',
    asCards: 'Show keys as cards',
    asTable: 'Show keys as a table',
    edit: (name: string) => `Edit “${name}”`,
    rotate: (name: string) => `Rotate “${name}”`,
    disable: (name: string) => `Disable “${name}”`,
    enable: (name: string) => `Enable “${name}”`,
    revoke: (name: string) => `Revoke “${name}”`,
    revokeKeywords: 'delete remove',
  },
  activity: {
    use: 'Usage',
    range: 'Range',
    day: '24 h',
    week: '7 d',
    usedFrom: 'Used from',
    nowhere: 'No requests in the last 7 days.',
    moreAddresses: (number: number) =>
      number === 1 ? 'and 1 more address' : `and ${formatCount(number)} more addresses`,
    graph: (range: '24h' | '7d') =>
      range === '24h' ? 'Requests in the last 24 hours' : 'Requests in the last 7 days',
    requests: 'requests',
    sent: 'sent',
    refused: 'refused',
  },
  limits: {
    unknown: 'Limits not loaded yet',
    requestNoun: (number: number) => (number === 1 ? 'request' : 'requests'),
    sent: 'sent',
    ofToday: (max: number) => `of ${formatCount(max)} today`,
    requestsSpent: 'Requests used',
    emailsToday: 'Emails today',
    requests: (perMinute?: number) =>
      perMinute === undefined ? 'Requests' : `Requests, ${formatCount(perMinute)} a minute`,
    spent: (spent: number, max: number) => `${formatCount(spent)} of ${formatCount(max)} used`,
    of: (number: number, max: number) => `${formatCount(number)} of ${formatCount(max)}`,
    noDailyLimit: 'Emails, no daily limit',
    inDay: (emails: number) => `${formatCount(emails)} in 24 h`,
    sentence: (perMinute: number, left: number, burst: number, perDay: number | null) =>
      `${formatCount(perMinute)} requests a minute, ${formatCount(left)} of ${formatCount(burst)} left in the burst · ${perDay === null ? 'no daily limit' : `${formatCount(perDay)} emails a day`}`,
  },
  settings: {
    title: 'Settings',
    id: 'ID',
    copyId: 'Copy ID',
    prefix: 'Prefix',
    limits: 'Limits',
    limit: (perMinute: number | null, perDay: number | null) =>
      `${perMinute === null ? 'Plan request limit' : `${formatCount(perMinute)} requests a minute`} · ${perDay === null ? 'no daily email limit' : `${formatCount(perDay)} emails a day`}`,
    senders: 'Senders',
    anySender: 'Any sender',
    addresses: 'IP addresses',
    anyAddress: 'Any address',
    from: (address: string) => ` from ${address}`,
  },
  history: {
    refused: 'Recent refusals',
    noRefusals: 'No refusals in the last 7 days.',
    alerts: 'Alerts',
    noAlerts: (mode: KeyMode) =>
      mode === 'live' ? 'No alerts.' : 'No alerts. MailSage watches test keys too.',
    changes: 'Changes',
    noChanges: 'No changes recorded.',
    cleared: 'Resolved',
    open: 'Open',
    events: {
      'key.created': 'Created',
      'key.updated': 'Changed',
      'key.rotated': 'Rotated',
      'key.revoked': 'Revoked',
    } as Readonly<Record<string, string>>,
    fields: {
      rate_limit: 'limits',
      allowed_senders: 'senders',
      allowed_ips: 'IP addresses',
      enabled: 'enabled or disabled',
    } as Readonly<Record<string, string>>,
    by: (author: string | null) => ` by ${author === 'key_console' ? 'this window' : author}`,
  },
  times: {
    expired: 'Expired',
    oldSecretUntil: (moment: string) => `The old secret works until ${moment}.`,
    rotatingLong: 'Rotating: old secret valid for',
    rotating: 'Rotating',
  },
  form: {
    nameHint: 'Where the key is used, such as “Shop staging”.',
    inboxTest: 'Captures mail sent with this key.',
    inboxLive: 'Test keys only.',
    requests: 'Requests per minute',
    requestsHint: 'Leave empty for the plan limit.',
    requestsPlaceholder: 'Plan limit',
    emails: 'Emails per day',
    emailsHint: 'Leave empty for no daily limit.',
    emailsPlaceholder: 'No limit',
    senders: 'Allowed senders',
    sendersHint: 'Addresses or domains, one per line. Empty allows any sender.',
    addresses: 'Allowed IP addresses',
    addressesHint: 'Addresses or CIDR ranges, one per line. Empty allows any address.',
  },
  draft: {
    suggestedName: { live: 'Live key', test: 'Test key' },
    name: 'Enter a name.',
    permission: 'Choose at least one permission.',
    inbox: 'Use only letters, digits, dots, hyphens and underscores.',
    sender: (text: string) => `“${text}” is not an email address or a domain.`,
    address: (text: string) => `“${text}” is not an IP address or a CIDR range.`,
    limit: 'Enter a whole number of at least 1, or leave the field empty.',
  },
  create: {
    title: 'Create API key',
    more: 'More options',
    moreSummary: 'Expiry, inbox, limits, senders, IP addresses, tenant',
    expiresHint: 'MailSage refuses the key after this time.',
    tenantHint: 'The key can only read and send this tenant’s mail.',
    noTenant: 'No tenant',
    live: 'Create live key',
    test: 'Create test key',
  },
  edit: {
    title: 'Edit key',
    description: 'Changes apply from the next request. Type and expiry cannot be changed.',
    enabled: 'Enabled',
    enabledHint: 'A disabled key gets 401 until it is enabled again.',
    save: 'Save',
    saved: 'Key saved',
  },
  rotate: {
    description: 'Creates a new secret. Name, permissions and limits stay the same.',
    grace: 'Old secret valid for',
    noGrace: 'Apps that still use the old secret fail at once.',
    graceHint: 'Update every app to the new secret in this time.',
    action: 'Rotate key',
  },
  revoke: {
    title: (name: string) => `Revoke “${name}”?`,
    action: 'Revoke key',
    done: (name: string) => `“${name}” revoked`,
    warning:
      'Apps that use this key are refused at once, over HTTP and SMTP. This can’t be undone.',
    neverUsed: 'Never used.',
    lastUsed: (when: string, from: string | null) =>
      `Last used ${when}${from ? ` from ${from}` : ''}.`,
    confirm: (name: string) => `This key is in use. Type “${name}” to revoke it`,
    impactFailed: "The key's usage in the last 24 hours could not be loaded.",
    routes: 'Routes used',
    more: (number: number) => `and ${formatCount(number)} more`,
    unusedInDay: (name: string) => `No requests used “${name}” in the last 24 hours.`,
    impact: ({
      name,
      emails,
      requests,
      viaHttp,
      viaSmtp,
    }: {
      name: string
      emails: number
      requests: number
      viaHttp: boolean
      viaSmtp: boolean
    }) => {
      const activity = both([
        emails > 0 ? `sent ${count(emails, 'message')}` : null,
        requests > 0 ? `made ${count(requests, 'request')}` : null,
      ])
      const refusal = both([viaHttp ? '401 over HTTP' : null, viaSmtp ? '535 over SMTP' : null])
      return `The app that uses “${name}” ${activity} in the last 24 hours. It will get ${refusal}.`
    },
  },
  reveal: {
    newKey: 'Your new API key',
    newSecret: 'Your new secret',
    saved: (keys: number) => (keys === 1 ? 'I’ve saved it' : 'I’ve saved them'),
    done: 'Done',
    notSaved: (keys: number) =>
      keys === 1
        ? 'Not saved yet? Once closed, this key is never shown again.'
        : 'Not saved yet? Once closed, these keys are never shown again.',
    closeAnyway: 'Close anyway',
    keepOpen: 'Keep open',
    key: 'API key',
    shownOnce: (keys: number) =>
      keys === 1
        ? 'Copy it now. MailSage stores only a hash and cannot show the key again.'
        : 'Copy both now. MailSage stores only hashes and cannot show the keys again.',
    environment: 'For your app’s environment',
    environmentBlock: 'environment lines',
  },
  first: {
    title: 'Welcome to MailSage',
    twoKeys:
      'These are your first two keys. Your apps send with the test key. The admin key manages everything.',
    testKey:
      'This is your first key. Your apps send with it, and MailSage captures their mail here.',
    adminKey: 'This is your first key. It manages everything.',
    testName: 'Test key, for your apps',
    adminName: 'Admin key, for you',
  },
  mode: {
    test: 'Captures mail in an inbox. Never sends.',
    live: 'Sends mail through a relay to real people.',
  },
  picker: {
    label: 'Permission preset',
  },
  expiry: {
    days30: '30 days',
    days90: '90 days',
    days180: '180 days',
    year1: '1 year',
    years2: '2 years',
    years3: '3 years',
  },
  grace: {
    none: 'None',
    hour1: '1 hour',
    day1: '1 day',
    days7: '7 days',
  },
  preset: {
    send: 'Send only',
    tests: 'Send and read',
    inbox: 'Read inbox',
    full: 'Full access',
    custom: 'Custom',
  },
} as const
