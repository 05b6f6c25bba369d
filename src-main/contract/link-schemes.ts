/** Schemes that a click opens; links of all others are inert. */
const liveSchemes: ReadonlySet<string> = new Set(['http', 'https', 'mailto', 'tel', 'sms'])

/** Schemes that run code or read this machine. With `//` they would look like those of an app. */
const localSchemes: ReadonlySet<string> = new Set([
  ...['about', 'blob', 'chrome', 'chrome-extension', 'cid', 'data', 'edge', 'file', 'filesystem'],
  ...['javascript', 'jar', 'mid', 'res', 'resource', 'search', 'shell', 'vbscript', 'view-source'],
])

export type LinkKind =
  /** A click opens it. */
  | 'live'
  /** A deep link of an app, such as `acme://sign-in/1`: readable by a test, never opened. */
  | 'app'
  | 'dead'
  /** Without a scheme: it resolves against its page only. */
  | 'relative'

/** The scheme in lower case, as a browser reads it (WHATWG URL, 4.4): blanks and breaks do not hide it. */
export function schemeOf(address: string): string | null {
  const [, scheme = null] = /^([a-z][a-z0-9+.-]*):/i.exec(plain(address)) ?? []
  return scheme?.toLowerCase() ?? null
}

export function linkKind(address: string): LinkKind {
  const scheme = schemeOf(address)
  if (scheme === null) return 'relative'
  if (liveSchemes.has(scheme)) return 'live'
  const isLocal = localSchemes.has(scheme) || scheme.startsWith('ms-') || scheme.endsWith('-ms')
  return !isLocal && plain(address).startsWith('//', scheme.length + 1) ? 'app' : 'dead'
}

function plain(address: string): string {
  const whole = address.replace(/[\t\n\r]/g, '')
  let start = 0
  while (whole.charCodeAt(start) <= 0x20) start += 1
  return whole.slice(start)
}
