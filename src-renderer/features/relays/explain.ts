import { relaysLabels } from './labels.ts'
export type Explanation = { readonly title: string; readonly advice: string }

type Kind = Explanation & { readonly pattern: RegExp }

/** Known errors of servers and sockets; the first match counts. */
const kinds: readonly Kind[] = [
  {
    pattern: /ENOTFOUND|EAI_AGAIN|getaddrinfo|EDNS|queryA|NXDOMAIN/i,
    ...relaysLabels.explain.unknownHost,
  },
  {
    pattern: /certificate|self-signed|self signed|CERT_|altnames|unable to verify/i,
    ...relaysLabels.explain.certificate,
  },
  {
    pattern: /does not speak TLS|no TLS connection|ERR_SSL_|wrong version number|unexpected eof/i,
    ...relaysLabels.explain.encryption,
  },
  {
    pattern: /STARTTLS/i,
    ...relaysLabels.explain.startTls,
  },
  {
    pattern: /ECONNREFUSED|refused the connection/i,
    ...relaysLabels.explain.refused,
  },
  {
    pattern: /in time|timeout|timed out|ETIMEDOUT|Greeting never received/i,
    ...relaysLabels.explain.timeout,
  },
  {
    pattern: /EHOSTUNREACH|ENETUNREACH|ENETDOWN/i,
    ...relaysLabels.explain.noRoute,
  },
]

/** Explains the stored last error of a relay, which has no fault code. */
export function explainLastError(error: string): Explanation {
  const isSignIn = /refused the (user name|OAuth2)|Invalid login|\b53[0458]\b/i.test(error)
  return explain(isSignIn ? 'smtp_auth_error' : 'smtp_connection_error', error)
}

/** Explains a failed connection by its fault code and the error of the server or socket. */
export function explain(code: string, error: string): Explanation {
  if (code === 'smtp_auth_error') {
    const isOAuth2 = /OAuth2|token|invalid_grant/i.test(error)
    return isOAuth2 ? relaysLabels.explain.oauth2 : relaysLabels.explain.password
  }
  const known = kinds.find(({ pattern }) => pattern.test(error))
  if (known) return { title: known.title, advice: known.advice }
  return code === 'smtp_error' ? relaysLabels.explain.rejected : relaysLabels.explain.unreachable
}
