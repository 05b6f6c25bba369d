import { isIP } from 'node:net'
import { isLoopback } from '../base/ip-addresses.ts'
import { isPublic } from '../outbound/outbound-guard.ts'

export type ServerAddress = {
  readonly type: 'address'
  /** The identity of the server: scheme, host and port. */
  readonly origin: string
  readonly host: string
  /** The key and the mail would be sent unencrypted over a network. */
  readonly isExposed: boolean
}
type Refusal = { readonly type: 'refused'; readonly sentence: string }

/** Parses a typed or pasted address; requires https outside private networks. */
export function readAddress(written: string): ServerAddress | Refusal {
  const url = parse(written.trim())
  if (!url)
    return refused('Write the address as the server prints it, like https://mail.example.com.')
  const { origin, host, protocol } = url
  const distance = distanceOf(url)
  if (protocol === 'http:' && distance === 'far') {
    return refused(
      `Without https, anyone on the network path to ${host} can read the key. Use https, or http in a private network.`,
    )
  }
  return { type: 'address', origin, host, isExposed: protocol === 'http:' && distance === 'near' }
}

/** The default scheme is https; for this machine and private addresses it is http. */
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

/** Names of local networks: RFC 6762, RFC 8375, and the names reserved by routers and ICANN. */
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
