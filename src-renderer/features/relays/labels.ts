import type { RelayQueue, RelayStep } from '../../../src-main/contract/relay-tests.ts'
import { formatCount } from '../../ui/format.ts'

export const relaysLabels = {
  screen: {
    title: 'Relays',
    empty: 'No relays yet',
    emptyHint:
      'A relay is the SMTP server that sends the mail of live keys. Without a relay, live keys are refused. Test keys need no relay.',
    addFirst: 'Add your first relay',
    deliveryOrder: 'Delivery order of live mail',
    tenantRelays: 'Tenant relays',
    tenantRelaysHint: 'Used for the tenant’s keys instead of the relays above.',
  },
  commands: {
    test: (name: string) => `Test ${name}`,
    open: (name: string) => `Open ${name}`,
  },
  addRelay: 'Add relay',
  close: 'Close',
  cancel: 'Cancel',
  name: 'Name',
  encryption: 'Encryption',
  unchanged: 'Unchanged',
  testConnection: 'Test connection',
  testing: 'Testing…',
  table: {
    order: 'Order',
    relay: 'Relay',
    health: 'Health',
    sentToday: 'Sent today',
    lastUsed: 'Last used',
    actions: 'Actions',
    drag: 'Drag to reorder, or press Alt+↑ or Alt+↓',
    default: 'Default',
    environment: 'Environment',
    never: 'Never',
    ofLimit: (max: number) => ` of ${formatCount(max)}`,
  },
  health: {
    unknown: 'Not used yet',
    healthy: 'Healthy',
    warning: 'Warning',
    critical: 'Critical',
    unresponsive: 'Not responding',
  },
  tls: {
    none: 'None',
    starttls: 'STARTTLS',
    implicit: 'TLS',
  },
  actions: {
    menu: (name: string) => `Actions for ${name}`,
    test: 'Test…',
    view: 'View…',
    edit: 'Edit…',
    makeDefault: 'Make default',
    moveUp: 'Move up',
    moveDown: 'Move down',
    delete: 'Delete…',
  },
  troubles: {
    label: 'Unavailable relays',
  },
  delete: {
    title: (name: string) => `Delete the relay “${name}”?`,
    action: 'Delete relay',
    done: 'Relay deleted',
    loading: 'Checking the queue…',
    kept: 'Its password and keys are deleted too. Sent mail stays in the outbox.',
    queue: ({ waiting, chosen, next }: RelayQueue) => {
      const queued =
        waiting === 1
          ? '1 live message is queued'
          : `${formatCount(waiting)} live messages are queued`
      const named = chosen === 0 ? '' : `, ${formatCount(chosen)} of them for this relay by name`
      if (waiting > 0 && next === null) {
        return `${queued}${named}. There is no other relay: the mail stays queued and live keys are refused until you add one.`
      }
      if (waiting > 0) return `${queued}${named}. “${next}” takes over.`
      if (next === null) return 'No mail is queued. Without a relay, live keys are refused.'
      return `No mail is queued. “${next}” takes over.`
    },
  },
  dkim: {
    domain: 'Domain',
    selector: 'Selector',
    privateKey: 'Private key',
    privateKeyHint: 'RSA in PEM format, at least 1024 bits, without a passphrase.',
    generate: 'Generate key pair',
    record: 'DNS record to publish',
    txt: 'TXT record',
    value: 'Value',
    copy: (name: string) => `Copy ${name.toLowerCase()}`,
  },
  environment: {
    notSet: 'Not set',
    set: 'Set',
    description:
      'This relay is set by environment variables. Change the variables and restart MailSage. Here you can test it, move it and make it the default.',
  },
  steps: {
    server: 'Server',
    signIn: 'Sign-in',
    options: 'Options',
  },
  dialog: {
    saved: 'Relay saved',
    added: 'Relay added',
    edit: (name: string) => `Edit “${name}”`,
    save: 'Save',
    continue: 'Continue',
    back: 'Back',
    steps: 'Steps',
  },
  server: {
    provider: 'Provider',
    host: 'Host',
    port: 'Port',
    checkCertificate: 'Verify the certificate',
    unencrypted:
      'Mail and password are sent unencrypted. Use this only on this machine or a trusted network.',
  },
  signIn: {
    method: 'Sign in with',
    password: 'User name and password',
    oauth2: 'OAuth2',
    none: 'No sign-in',
    userName: 'User name',
    passwordField: 'Password',
    clientId: 'Client ID',
    clientSecret: 'Client secret',
    refreshToken: 'Refresh token',
    tokenUrl: 'Token URL',
    tokenUrlHint: 'MailSage requests access tokens from this URL.',
    sender: 'Default sender',
    senderHint: 'Used when a message has no From.',
  },
  options: {
    namePlaceholder: 'My relay',
    dailyLimit: 'Recipients per day',
    noLimit: 'No limit',
    dailyLimitHint: 'At the limit, MailSage skips this relay until midnight UTC.',
    priority: 'Priority',
    priorityHint: 'The lowest number is tried first.',
    default: 'Default relay: tried before all others',
    sign: 'Sign messages with DKIM',
    signHint:
      'Proves that your domain sent the message. Most providers sign for you; your own server may not.',
  },
  test: {
    title: (name: string) => `Test “${name}”`,
    description: (server: string) => `Connects to ${server} and signs in.`,
    recipient: 'Send a test message to',
    recipientHint: 'Leave empty to test only the connection.',
    send: 'Send test message',
    result: 'Test result',
    connecting: 'Connecting…',
    ok: 'Connection works',
    stepDone: 'done',
    stepFailed: 'failed',
    stepSkipped: 'not reached',
    stepNames: {
      connect: 'Connect',
      tls: 'TLS',
      features: 'EHLO',
      sign_in: 'Sign in',
      message: 'Send',
    } satisfies Record<RelayStep['name'], string>,
    steps: 'Steps',
    transcript: 'SMTP transcript',
    certificateFor: 'Certificate for ',
    certificateIssuer: (issuer: string, expiry: string | null) =>
      ` issued by ${issuer}${expiry === null ? '' : `, expires ${expiry}`}`,
    notTrusted: ' Not trusted',
  },
  failover: {
    single: (name: string, hasLimit: boolean) => [
      `${name} sends every message.`,
      `If it ${hasLimit ? 'cannot be reached or is at its limit' : 'cannot be reached'}, the message stays in the outbox and is retried.`,
      'If it refuses the message, the refusal is final.',
    ],
    several: (first: string, others: readonly string[], hasLimit: boolean) => [
      `First ${first}.`,
      `If it ${hasLimit ? 'cannot be reached or is at its limit' : 'cannot be reached'}, ${others.join(', then ')}.`,
      'If no relay can be reached, the message stays in the outbox and is retried.',
      'If a relay refuses the message, the refusal is final and no other relay is tried.',
    ],
  },
  explain: {
    unknownHost: {
      title: 'Unknown host name',
      advice: 'Check the spelling. If it is correct, the DNS of this machine may be down.',
    },
    certificate: {
      title: 'Certificate not trusted',
      advice:
        'The certificate is self-signed, expired or issued for another host name. Use the host name in the certificate. For your own server, you can turn off “Verify the certificate”.',
    },
    encryption: {
      title: 'Encryption mode does not match the port',
      advice: 'Use TLS on port 465, and STARTTLS on ports 587 and 25.',
    },
    startTls: {
      title: 'The server does not offer STARTTLS',
      advice: 'Try port 465 with TLS. Send without encryption only on a trusted network.',
    },
    refused: {
      title: 'Connection refused',
      advice: 'Check the port and that the server is running. The usual ports are 587 and 465.',
    },
    timeout: {
      title: 'The server does not respond',
      advice:
        'A firewall may drop the connection. Many networks block port 25. Try port 587 or 465, or ask your network administrator.',
    },
    noRoute: {
      title: 'No route to the host',
      advice: 'Check the network and whether a VPN is needed.',
    },
    oauth2: {
      title: 'OAuth2 sign-in refused',
      advice:
        'The refresh token may be expired, revoked or without the SMTP scope. Create a new one.',
    },
    password: {
      title: 'User name or password refused',
      advice:
        'Many providers require an app password or an SMTP key instead of the account password.',
    },
    rejected: {
      title: 'The server refused the message',
      advice:
        'Its reply gives the reason. Often you must verify the sender with the provider first.',
    },
    unreachable: {
      title: 'The server cannot be reached',
      advice: 'Check the host and port, and that this machine can open outgoing connections.',
    },
  },
  presets: {
    own: 'Own server',
    ownNote: 'Postfix, Postal, Exim, Exchange or your host’s mail server.',
    sesUser: 'An SES SMTP user name, not an IAM access key.',
    sesPassword: 'Created with the SMTP user name, under SMTP settings.',
    sesNote: 'Replace the region in the host with yours. Verify the sender or its domain in SES.',
    mailboxUser: 'The full address of the mailbox.',
    gmailPassword: 'An app password, if the account has two-step verification.',
    gmailNote:
      'OAuth2 needs the scope https://mail.google.com/. Gmail accepts 500 recipients a day, Workspace 2,000.',
    microsoftNote:
      'Turn on authenticated SMTP for the mailbox. OAuth2 needs the scopes SMTP.Send and offline_access.',
    mailgunUser: 'For example, postmaster@mg.example.com.',
    mailgunNote: 'For EU domains, the host is smtp.eu.mailgun.org.',
    postmarkUser: 'The server’s API token.',
    postmarkPassword: 'The same API token.',
    postmarkNote: 'Confirm the sender signature or domain in Postmark.',
    sendgridUser: 'Always “apikey”.',
    sendgridPassword: 'An API key with the Mail Send permission.',
    sendgridNote: 'Verify the sender in SendGrid.',
    brevoUser: 'The login shown under SMTP & API.',
    brevoPassword: 'An SMTP key, not an API key.',
    brevoNote: 'The free plan allows 300 emails a day.',
    fastmailUser: 'Your full email address.',
    fastmailPassword: 'An app password that allows sending.',
    fastmailNote: 'Fastmail refuses your account password. Create an app password.',
  },
  form: {
    host: 'Enter a host name or IP address.',
    port: 'Enter a port from 1 to 65535.',
    userName: 'Enter the user name.',
    password: 'Enter the password.',
    clientId: 'Enter the client ID.',
    clientSecret: 'Enter the client secret.',
    refreshToken: 'Enter the refresh token.',
    tokenUrl: 'Enter a URL that begins with https://.',
    sender: 'Enter an email address, or leave the field empty.',
    name: 'Enter a name.',
    priority: 'Enter a number from 1 to 1000.',
    dailyLimit: 'Enter a number of recipients, or leave the field empty.',
    domain: 'Enter a domain such as example.com.',
    selector: 'Enter a selector such as mailsage.',
    privateKey: 'Paste a private key or generate a key pair.',
  },
} as const
