import type { RelayTls } from '../../../src-main/contract/relays.ts'
import { relaysLabels } from './labels.ts'

export type Preset = {
  readonly id: string
  readonly name: string
  readonly host: string
  readonly port: number
  readonly tls: RelayTls
  readonly auth: 'password' | 'oauth2'
  /** Set when every account signs in with the same user name. */
  readonly username?: string
  readonly usernameHint?: string
  readonly passwordHint?: string
  readonly accessUrl?: string
  /** The requirement to meet before the first message. */
  readonly note: string
}

/** The documented SMTP submission settings of common providers. */
export const presets: readonly Preset[] = [
  {
    id: 'own',
    name: relaysLabels.presets.own,
    host: '',
    port: 587,
    tls: 'starttls',
    auth: 'password',
    note: relaysLabels.presets.ownNote,
  },
  {
    id: 'ses',
    name: 'Amazon SES',
    host: 'email-smtp.us-east-1.amazonaws.com',
    port: 587,
    tls: 'starttls',
    auth: 'password',
    usernameHint: relaysLabels.presets.sesUser,
    passwordHint: relaysLabels.presets.sesPassword,
    note: relaysLabels.presets.sesNote,
  },
  {
    id: 'gmail',
    name: 'Google Workspace',
    host: 'smtp.gmail.com',
    port: 465,
    tls: 'implicit',
    auth: 'oauth2',
    usernameHint: relaysLabels.presets.mailboxUser,
    passwordHint: relaysLabels.presets.gmailPassword,
    accessUrl: 'https://oauth2.googleapis.com/token',
    note: relaysLabels.presets.gmailNote,
  },
  {
    id: 'microsoft',
    name: 'Microsoft 365',
    host: 'smtp.office365.com',
    port: 587,
    tls: 'starttls',
    auth: 'oauth2',
    usernameHint: relaysLabels.presets.mailboxUser,
    accessUrl: 'https://login.microsoftonline.com/common/oauth2/v2.0/token',
    note: relaysLabels.presets.microsoftNote,
  },
  {
    id: 'mailgun',
    name: 'Mailgun',
    host: 'smtp.mailgun.org',
    port: 587,
    tls: 'starttls',
    auth: 'password',
    usernameHint: relaysLabels.presets.mailgunUser,
    note: relaysLabels.presets.mailgunNote,
  },
  {
    id: 'postmark',
    name: 'Postmark',
    host: 'smtp.postmarkapp.com',
    port: 587,
    tls: 'starttls',
    auth: 'password',
    usernameHint: relaysLabels.presets.postmarkUser,
    passwordHint: relaysLabels.presets.postmarkPassword,
    note: relaysLabels.presets.postmarkNote,
  },
  {
    id: 'sendgrid',
    name: 'SendGrid',
    host: 'smtp.sendgrid.net',
    port: 587,
    tls: 'starttls',
    auth: 'password',
    username: 'apikey',
    usernameHint: relaysLabels.presets.sendgridUser,
    passwordHint: relaysLabels.presets.sendgridPassword,
    note: relaysLabels.presets.sendgridNote,
  },
  {
    id: 'brevo',
    name: 'Brevo',
    host: 'smtp-relay.brevo.com',
    port: 587,
    tls: 'starttls',
    auth: 'password',
    usernameHint: relaysLabels.presets.brevoUser,
    passwordHint: relaysLabels.presets.brevoPassword,
    note: relaysLabels.presets.brevoNote,
  },
  {
    id: 'fastmail',
    name: 'Fastmail',
    host: 'smtp.fastmail.com',
    port: 465,
    tls: 'implicit',
    auth: 'password',
    usernameHint: relaysLabels.presets.fastmailUser,
    passwordHint: relaysLabels.presets.fastmailPassword,
    note: relaysLabels.presets.fastmailNote,
  },
]

/** The preset of a host. */
export function presetOf(host: string): Preset | undefined {
  const name = host.toLowerCase()
  if (/^email-smtp\..*\.amazonaws\.com$/.test(name)) return presets.find(({ id }) => id === 'ses')
  if (name === 'smtp.eu.mailgun.org') return presets.find(({ id }) => id === 'mailgun')
  return presets.find(({ host: known, id }) => known === name && id !== 'own')
}
