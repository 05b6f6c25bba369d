import type { RelayTls } from '../../../src-main/contract/relays.ts'

export type Preset = {
  readonly id: string
  readonly name: string
  readonly host: string
  readonly port: number
  readonly tls: RelayTls
  readonly auth: 'password' | 'oauth2'
  /** Where every account signs in by the same name. */
  readonly username?: string
  readonly usernameHint?: string
  readonly passwordHint?: string
  readonly accessUrl?: string
  /** What to know before the first message. */
  readonly note: string
}

/** What the usual providers document for SMTP submission. */
export const presets: readonly Preset[] = [
  {
    id: 'own',
    name: 'Own server',
    host: '',
    port: 587,
    tls: 'starttls',
    auth: 'password',
    note: 'Postfix, Postal, Exim, Exchange, or your host’s mail server.',
  },
  {
    id: 'ses',
    name: 'Amazon SES',
    host: 'email-smtp.us-east-1.amazonaws.com',
    port: 587,
    tls: 'starttls',
    auth: 'password',
    usernameHint: 'An SMTP user name of SES, not an access key of IAM.',
    passwordHint: 'Made with the SMTP user name, under SMTP settings.',
    note: 'Put your region into the host. The sender or its domain must be verified in SES.',
  },
  {
    id: 'gmail',
    name: 'Google Workspace',
    host: 'smtp.gmail.com',
    port: 465,
    tls: 'implicit',
    auth: 'oauth2',
    usernameHint: 'The whole address of the mailbox.',
    passwordHint: 'An app password, if the account has two-step verification.',
    accessUrl: 'https://oauth2.googleapis.com/token',
    note: 'OAuth2 needs the scope https://mail.google.com/. Gmail takes 500 recipients a day, Workspace 2,000.',
  },
  {
    id: 'microsoft',
    name: 'Microsoft 365',
    host: 'smtp.office365.com',
    port: 587,
    tls: 'starttls',
    auth: 'oauth2',
    usernameHint: 'The whole address of the mailbox.',
    accessUrl: 'https://login.microsoftonline.com/common/oauth2/v2.0/token',
    note: 'Authenticated SMTP must be switched on for the mailbox. The scope is SMTP.Send, with offline_access.',
  },
  {
    id: 'mailgun',
    name: 'Mailgun',
    host: 'smtp.mailgun.org',
    port: 587,
    tls: 'starttls',
    auth: 'password',
    usernameHint: 'Such as postmaster@mg.example.com.',
    note: 'In the EU the host is smtp.eu.mailgun.org.',
  },
  {
    id: 'postmark',
    name: 'Postmark',
    host: 'smtp.postmarkapp.com',
    port: 587,
    tls: 'starttls',
    auth: 'password',
    usernameHint: 'The server’s API token.',
    passwordHint: 'The same token again.',
    note: 'The sender must be a confirmed signature or domain.',
  },
  {
    id: 'sendgrid',
    name: 'SendGrid',
    host: 'smtp.sendgrid.net',
    port: 587,
    tls: 'starttls',
    auth: 'password',
    username: 'apikey',
    usernameHint: 'Always the word “apikey”.',
    passwordHint: 'An API key with the permission Mail Send.',
    note: 'The sender must be verified.',
  },
  {
    id: 'brevo',
    name: 'Brevo',
    host: 'smtp-relay.brevo.com',
    port: 587,
    tls: 'starttls',
    auth: 'password',
    usernameHint: 'The login shown under SMTP & API.',
    passwordHint: 'An SMTP key, not an API key.',
    note: 'The free plan takes 300 emails a day.',
  },
  {
    id: 'fastmail',
    name: 'Fastmail',
    host: 'smtp.fastmail.com',
    port: 465,
    tls: 'implicit',
    auth: 'password',
    usernameHint: 'The whole address.',
    passwordHint: 'An app password with the right to send.',
    note: 'Your usual password is refused: make an app password.',
  },
]

/** The preset that a relay was made from, by its host. */
export function presetOf(host: string): Preset | undefined {
  const name = host.toLowerCase()
  if (/^email-smtp\..*\.amazonaws\.com$/.test(name)) return presets.find(({ id }) => id === 'ses')
  if (name === 'smtp.eu.mailgun.org') return presets.find(({ id }) => id === 'mailgun')
  return presets.find(({ host: known, id }) => known === name && id !== 'own')
}
