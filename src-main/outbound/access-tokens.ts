import type { RelayTarget } from '../domain/relays/upstream.ts'
import { createGuardedPost, readBeginning, reasonOf } from './guarded-post.ts'
import type { OutboundGuard } from './outbound-guard.ts'

export type AccessTokens = ReturnType<typeof createAccessTokens>

type OAuth2 = NonNullable<RelayTarget['oauth2']>

/** As nodemailer asks for a token instead of getting it by itself. */
type Provide = (
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
const maxAnswerBytes = 256 * 1024

/** Access tokens for refresh tokens (RFC 6749 §6), asked for only where the guard lets a request go. */
export function createAccessTokens(guard: OutboundGuard) {
  const post = createGuardedPost(guard)

  async function ask({ accessUrl, clientId, clientSecret, refreshToken }: OAuth2): Promise<Grant> {
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
      const answer = await post(url, headers, Buffer.from(form.toString()), signal)
      return grantOf(await readBeginning(answer, maxAnswerBytes))
    } catch (error) {
      if (signal.aborted) throw new Error(`No access token came from ${url.host} in time.`)
      throw new Error(`There is no access token. ${reasonOf(url, error)}`)
    }
  }

  /** What nodemailer signs in to a relay with. */
  return (oauth2: OAuth2): { readonly provisionCallback: Provide } => ({
    provisionCallback(_user, _renew, done) {
      ask(oauth2)
        .then(({ access_token: token, expires_in: seconds, ...refusal }) => {
          if (typeof token !== 'string' || token === '') throw new Error(wordsOf(refusal))
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

function wordsOf({ error, error_description: description }: Grant): string {
  const words = [error, description].filter((text) => typeof text === 'string')
  return words.length === 0
    ? 'The answer to the token request has no access token.'
    : words.join(': ')
}
