import type SmtpConnection from 'nodemailer/lib/smtp-connection'
import XOAuth2 from 'nodemailer/lib/xoauth2'
import type { RelayTarget } from '../domain/relays/upstream.ts'
import type { AccessTokens } from './access-tokens.ts'

export type Login = SmtpConnection.AuthenticationType

/** The sign-in options of nodemailer for a relay; null: no sign-in. */
export function loginOf(
  { username, password, oauth2 }: RelayTarget,
  tokens: AccessTokens,
): Login | null {
  if (oauth2) {
    const user = username ?? ''
    // The types ask for options of XOAuth2, but nodemailer accepts the object as well.
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
