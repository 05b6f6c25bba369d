/** Texts of the application shell: session, requests, screens and relay availability. */
export const appLabels = {
  alerts: 'Alerts',
  noOpenAlerts: 'No open alerts',
  openAlerts: (count: number) => (count === 1 ? '1 open alert' : `${count} open alerts`),
  alertsWithOpen: (count: number) => `Alerts, ${appLabels.openAlerts(count)}`,
  showAlert: 'Show',

  backToThisComputer: 'Back to this computer',
  windowTitle: (screen: string, unread: number) =>
    unread > 0 ? `(${unread}) ${screen} – MailSage` : `${screen} – MailSage`,
  windowRestored: 'The window crashed and was restored. No mail was lost.',

  unreachable: 'Can’t reach MailSage. Check that it is running, then try again.',
  unexplained: (status: number) =>
    `MailSage returned HTTP ${status} without an error message. Try again.`,
  notAdmin: 'This key cannot manage MailSage. Use an admin key (permission “*”).',
  unknownKey: 'MailSage does not know this key. Check it and try again.',
  expiredKey: 'This key has expired. Sign in with another admin key.',
} as const

export const screenNames = {
  inbox: 'Inbox',
  outbox: 'Outbox',
  connect: 'Connect',
  keys: 'Keys',
  templates: 'Templates',
  webhooks: 'Webhooks',
  usage: 'Usage',
  logs: 'Logs',
  relays: 'Relays',
  tenants: 'Tenants',
  settings: 'Settings',
} as const

export const screenGroupNames = {
  mail: 'Mail',
  build: 'Build',
  monitor: 'Monitor',
  deliver: 'Deliver',
  mailsage: 'MailSage',
} as const

/** Continues a sentence that begins with the name of a relay. */
export const relayLabels = {
  unknown: 'is unreachable.',
  since: {
    hangs: (time: string) => `accepts connections but has not replied since ${time}.`,
    refuses: (time: string) => `has refused all mail since ${time}.`,
    unreachable: (time: string) => `has been unreachable since ${time}.`,
  },
  awaitingReply: 'Still waiting for a reply',
  retrying: 'Retrying now',
  retryWithNextMessage: 'Next attempt with the next message',
  nextAttempt: (countdown: string) => `Next attempt ${countdown}`,
  waiting: (count: number, formatted: string) => {
    if (count === 0) return ''
    return count === 1 ? '; 1 recipient waiting' : `; ${formatted} recipients waiting`
  },
} as const
