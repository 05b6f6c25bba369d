import type SmtpConnection from 'nodemailer/lib/smtp-connection'
import XOAuth2 from 'nodemailer/lib/xoauth2'
import type { RelayTarget } from '../domain/relays/upstream.ts'
import type { AccessTokens } from './access-tokens.ts'

export type Login = SmtpConnection.AuthenticationType

/** How a relay is signed in to, for nodemailer; null: without. */
export function loginOf(
  { username, password, oauth2 }: RelayTarget,
  tokens: AccessTokens,
): Login | null {
  if (oauth2) {
    const user = username ?? ''
    // Its types want the options of an XOAuth2; it takes the object as well.
    return { type: 'oauth2', user, oauth2: new XOAuth2({ user, ...tokens(oauth2) }) } as never
  }
  if (username === null) return null
  const credentials = { user: username, pass: password ?? '' }
  return { ...credentials, credentials }
}

export function connectionOf(relay: RelayTarget) {
  return {
    host: relay.host,
    port: relay.port,
    secure: relay.tls === 'implicit',
    requireTLS: relay.tls === 'starttls',
    ignoreTLS: relay.tls === 'none',
    tls: { rejectUnauthorized: relay.tlsVerify },
  }
}
