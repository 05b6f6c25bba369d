import { isIP } from 'node:net'
import { isLoopback } from '../base/ip-addresses.ts'
import { isPublic } from '../outbound/outbound-guard.ts'

export type ServerAddress = {
  readonly type: 'address'
  /** What the server is known by: scheme, host and port. */
  readonly origin: string
  readonly host: string
  /** The key and the mail would cross a network that others may read. */
  readonly isExposed: boolean
}
type Refusal = { readonly type: 'refused'; readonly sentence: string }

/** Takes an address as people write or paste it, and holds it to https beyond private networks. */
export function readAddress(written: string): ServerAddress | Refusal {
  const url = parse(written.trim())
  if (!url)
    return refused('Write the address as the server prints it, like https://mail.example.com.')
  const { origin, host, protocol } = url
  const distance = distanceOf(url)
  if (protocol === 'http:' && distance === 'far') {
    return refused(
      `Over http anyone on the way to ${host} could read the key. Use https, or http within a private network.`,
    )
  }
  return { type: 'address', origin, host, isExposed: protocol === 'http:' && distance === 'near' }
}

/** Without a scheme it is https, except where a server listens without a certificate: close by. */
function parse(written: string): URL | null {
  if (written === '') return null
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(written)) {
    const url = urlOf(written)
    return url && /^https?:$/.test(url.protocol) && url.hostname !== '' ? url : null
  }
  const secure = urlOf(`https://${written}`)
  return secure && distanceOf(secure) !== 'far' ? urlOf(`http://${written}`) : secure
}

const urlOf = (text: string): URL | null => (URL.canParse(text) ? new URL(text) : null)

/** Names that only a local network gives: RFC 6762, RFC 8375, and what routers and ICANN reserve. */
const localName = /^[^.]+$|\.(local|internal|lan|home\.arpa)$/

function distanceOf({ hostname }: URL): 'here' | 'near' | 'far' {
  const name = hostname.replace(/^\[|\]$|\.$/g, '')
  if (isIP(name) !== 0) {
    if (isLoopback(name)) return 'here'
    return isPublic(name) ? 'far' : 'near'
  }
  if (name === 'localhost' || name.endsWith('.localhost')) return 'here'
  return localName.test(name) ? 'near' : 'far'
}

const refused = (sentence: string): Refusal => ({ type: 'refused', sentence })
