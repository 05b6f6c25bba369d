/** The error of a failed connection. Libraries put the code of the cause in different fields. */
type Failure = {
  readonly code?: unknown
  readonly originalCode?: unknown
  readonly name?: unknown
  readonly message?: unknown
  readonly cause?: unknown
  readonly errors?: unknown
}

/**
 * A sentence for a failed connection to `place` (host and port). The code stays in brackets, since
 * people search for it.
 */
export function connectionProblem(error: unknown, place: string): string {
  const code = codeOf(error)
  if (code === null) return `${place} cannot be reached.`
  return `${sentence(code, place)} (${code}).`
}

function sentence(code: string, place: string): string {
  const known = sentences[code]
  if (known) return known(place, hostOf(place))
  if (code.startsWith('ERR_SSL_')) return `There is no TLS connection to ${place}`
  if (code.startsWith('HPE_')) return `${place} answered something that is not HTTP`
  return `${place} cannot be reached`
}

type Sentence = (place: string, host: string) => string

const noAddress: Sentence = (_place, host) => `The name ${host} has no address`
const noAnswer: Sentence = (place) => `${place} did not answer in time`
const ended: Sentence = (place) => `${place} ended the connection`
const noWay: Sentence = (place) => `This machine has no route to ${place}`
const selfSigned: Sentence = (_place, host) =>
  `The certificate of ${host} is self-signed, and this machine does not trust it`
const noIssuer: Sentence = (_place, host) =>
  `The certificate of ${host} comes from an authority that this machine does not trust`
const noTls: Sentence = (place) => `${place} does not speak TLS, or another version of it`
const tooMany: Sentence = () => 'This machine has too many connections or files open'

const sentences: Readonly<Record<string, Sentence>> = {
  ECONNREFUSED: (place) => `Nothing listens at ${place}`,
  ENOTFOUND: noAddress,
  ENODATA: noAddress,
  EDNS: noAddress,
  EAI_AGAIN: (_place, host) => `The name server did not answer for ${host}`,
  EAI_FAIL: (_place, host) => `The name server did not answer for ${host}`,
  ETIMEDOUT: noAnswer,
  ESOCKETTIMEDOUT: noAnswer,
  UND_ERR_CONNECT_TIMEOUT: noAnswer,
  UND_ERR_HEADERS_TIMEOUT: noAnswer,
  UND_ERR_BODY_TIMEOUT: noAnswer,
  ECONNRESET: ended,
  ECONNABORTED: ended,
  ECONNECTION: ended,
  EPIPE: ended,
  UND_ERR_SOCKET: ended,
  EHOSTUNREACH: noWay,
  EHOSTDOWN: noWay,
  ENETUNREACH: noWay,
  ENETDOWN: noWay,
  EADDRNOTAVAIL: noWay,
  EACCES: (place) => `This machine does not allow a connection to ${place}`,
  EPERM: (place) => `This machine does not allow a connection to ${place}`,
  EMFILE: tooMany,
  ENFILE: tooMany,
  ENOBUFS: tooMany,
  DEPTH_ZERO_SELF_SIGNED_CERT: selfSigned,
  SELF_SIGNED_CERT_IN_CHAIN: noIssuer,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: noIssuer,
  UNABLE_TO_GET_ISSUER_CERT: noIssuer,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: noIssuer,
  CERT_UNTRUSTED: noIssuer,
  CERT_REVOKED: (_place, host) => `The certificate of ${host} was revoked`,
  CERT_HAS_EXPIRED: (_place, host) => `The certificate of ${host} has expired`,
  CERT_NOT_YET_VALID: (_place, host) => `The certificate of ${host} is not valid yet`,
  ERR_TLS_CERT_ALTNAME_INVALID: (_place, host) => `The certificate is not for the name ${host}`,
  HOSTNAME_MISMATCH: (_place, host) => `The certificate is not for the name ${host}`,
  EPROTO: noTls,
  ETLS: noTls,
  ERR_SSL_WRONG_VERSION_NUMBER: noTls,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: noTls,
  ERR_SSL_UNSUPPORTED_PROTOCOL: noTls,
  EPROTOCOL: (place) => `${place} does not speak SMTP`,
}

/** The code of the deepest cause that has a sentence, else of the outermost that has a code. */
function codeOf(error: unknown): string | null {
  const codes = codesOf(error, 0)
  return codes.find((code) => code in sentences) ?? codes[0] ?? null
}

function codesOf(error: unknown, depth: number): string[] {
  if (typeof error !== 'object' || error === null || depth > 5) return []
  const { name, code, originalCode, message, cause, errors } = error as Failure
  // A name with several addresses has an error each; the first is enough.
  const [first] = Array.isArray(errors) ? errors : []
  const inMessage = codeIn(String(message))
  const named = [originalCode, code].filter((word) => typeof word === 'string' && word !== '')
  return [
    ...codesOf(cause, depth + 1),
    ...codesOf(first, depth + 1),
    ...(inMessage ? [inMessage] : []),
    ...(name === 'HTTPParserError' ? ['HPE_INVALID_CONSTANT'] : []),
    ...(named as string[]),
  ]
}

const certificates: readonly (readonly [RegExp, string])[] = [
  [/self-signed certificate in/, 'SELF_SIGNED_CERT_IN_CHAIN'],
  [/self-signed certificate/, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
  [/unable to verify the first certificate/, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  [/unable to get (local )?issuer certificate/, 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'],
  [/certificate has expired/, 'CERT_HAS_EXPIRED'],
  [/certificate is not yet valid/, 'CERT_NOT_YET_VALID'],
  [/does not match certificate/, 'ERR_TLS_CERT_ALTNAME_INVALID'],
]

/** Some TLS errors lose their code and keep their message. */
function codeIn(message: string): string | undefined {
  const [, reason] = /:SSL routines:[^:]*:([^:]+)/.exec(message) ?? []
  if (reason) return `ERR_SSL_${reason.trim().toUpperCase().replace(/\W+/g, '_')}`
  return certificates.find(([words]) => words.test(message))?.[1]
}

const hostOf = (place: string): string => place.replace(/:\d+$/, '')
