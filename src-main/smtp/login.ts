import { isLoopback } from '../base/ip-addresses.ts'
import { Fault } from '../contract/faults.ts'
import { InboxName } from '../contract/wire.ts'
import { anonymousCaller, type Caller } from '../domain/auth/caller.ts'
import type { SecretMask } from '../domain/auth/secret-mask.ts'
import type { Domain } from '../domain/domain.ts'

/** A key is checked again with every message, because it may have been revoked. */
export type Login =
  | { readonly type: 'key'; readonly key: string; readonly hash: string; readonly user: string }
  /** Signed in with a password that is no MailSage key. */
  | { readonly type: 'anonymous'; readonly user: string }

export type Credentials = { readonly user: string; readonly password: string }

/** Placeholders in the user name field; any other name selects an inbox. */
const placeholderNames = new Set(['mailsage', 'apikey', 'api', 'user', 'resend', 'smtp'])

/** Mail of this machine without a key is captured if `anonymous_capture` is on. */
export const capturesAnonymous = (domain: Domain, address: string): boolean =>
  domain.settings.current().anonymous_capture && isLoopback(address)

/** The caller of a session. */
export function callerOf(domain: Domain, login: Login | null, address: string): Caller {
  if (login?.type === 'key') return domain.keys.authenticate(login.key, address, login.hash)
  if (capturesAnonymous(domain, address)) return anonymousCaller
  throw new Fault(
    'missing_api_key',
    'Sign in first: AUTH PLAIN or LOGIN with an API key as the password.',
  )
}

/**
 * Many apps insist on a user and a password. Where mail without a key is captured, a password that is
 * no MailSage key counts as none; a wrong MailSage key is refused.
 */
export function openLogin(domain: Domain, { user, password }: Credentials, address: string): Login {
  const { keys } = domain
  if (keys.isKeyOrLike(password) || !capturesAnonymous(domain, address)) {
    const login = { type: 'key', key: password, hash: keys.hashOf(password), user } as const
    callerOf(domain, login, address)
    return login
  }
  if (keys.isKeyOrLike(user)) {
    throw new Fault(
      'invalid_api_key',
      'The API key is in the place of the user name. Give it as the password, with any user name.',
    )
  }
  // Some services use one token as user name and password; a token does not name an inbox.
  return { type: 'anonymous', user: user === password ? '' : user }
}

/** The user name selects an inbox; a placeholder such as `apikey` means the inbox of the caller. */
export function inboxOf(caller: Caller, login: Login | null, maskSecrets: SecretMask): string {
  const user = login?.user
  if (user === undefined || placeholderNames.has(user.toLowerCase())) return caller.inbox
  // Some clients send the key as the user name too.
  if (maskSecrets(user) !== user) return caller.inbox
  const name = InboxName.safeParse(user)
  return name.success ? name.data : caller.inbox
}
