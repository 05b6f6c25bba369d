import type { RelayTarget } from '../domain/relays/upstream.ts'
import { createGuardedPost, readBeginning, reasonOf } from './guarded-post.ts'
import type { OutboundGuard } from './outbound-guard.ts'

export type AccessTokens = ReturnType<typeof createAccessTokens>

type OAuth2 = NonNullable<RelayTarget['oauth2']>

/** The callback by which nodemailer asks for a token. */
type ProvisionCallback = (
  user: string,
  renew: boolean,
  done: (error: Error | null, token?: string, expiresAtMs?: number) => void,
) => void

type Grant = {
  readonly access_token?: unknown
  readonly expires_in?: unknown
  readonly error?: unknown
  readonly error_description?: unknown
}

const timeoutMs = 15_000
const maxResponseBytes = 256 * 1024

/** Exchanges refresh tokens for access tokens (RFC 6749 §6). The guard checks the address. */
export function createAccessTokens(guard: OutboundGuard) {
  const post = createGuardedPost(guard)

  async function requestToken({
    accessUrl,
    clientId,
    clientSecret,
    refreshToken,
  }: OAuth2): Promise<Grant> {
    const url = new URL(accessUrl)
    const form = new URLSearchParams({
      client_id: clientId,
      client_secret: clientSecret,
      refresh_token: refreshToken,
      grant_type: 'refresh_token',
    })
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const signal = AbortSignal.timeout(timeoutMs)
    try {
      const response = await post(url, headers, Buffer.from(form.toString()), signal)
      return grantOf(await readBeginning(response, maxResponseBytes))
    } catch (error) {
      if (signal.aborted) throw new Error(`${url.host} did not send an access token in time.`)
      throw new Error(`The token request failed. ${reasonOf(url, error)}`)
    }
  }

  /** The OAuth2 options of nodemailer. */
  return (oauth2: OAuth2): { readonly provisionCallback: ProvisionCallback } => ({
    provisionCallback(_user, _renew, done) {
      requestToken(oauth2)
        .then(({ access_token: token, expires_in: seconds, ...refusal }) => {
          if (typeof token !== 'string' || token === '') throw new Error(reasonOfRefusal(refusal))
          done(null, token, Number(seconds) > 0 ? Date.now() + Number(seconds) * 1000 : 0)
        })
        .catch((error: Error) => done(Object.assign(error, { code: 'EOAUTH2' })))
    },
  })
}

function grantOf(text: string): Grant {
  try {
    const parsed: unknown = JSON.parse(text)
    return typeof parsed === 'object' && parsed !== null ? parsed : {}
  } catch {
    return {}
  }
}

function reasonOfRefusal({ error, error_description: description }: Grant): string {
  const texts = [error, description].filter((text) => typeof text === 'string')
  return texts.length === 0 ? 'The token response has no access token.' : texts.join(': ')
}
