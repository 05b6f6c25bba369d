import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { addressFilter, isLoopback } from '../base/ip-addresses.ts'

export type HostAddress = { readonly address: string; readonly family: number }

/** A host name to its addresses, as the operating system knows them. */
export type Resolve = (hostname: string) => Promise<readonly HostAddress[]>

export type OutboundRules = {
  /** This machine itself may be asked: nobody else can reach the relay. */
  readonly loopback: boolean
  /** Host names, addresses and ranges that may be asked although they are private. */
  readonly allowed: readonly string[]
}

/** Not an error of the network: the address is one we do not go to. */
export class TargetRefused extends Error {}

// The special-purpose addresses of RFC 6890 and its registries, and multicast.
const special = addressFilter([
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
  // Carriers of other addresses (Teredo, ORCHID, 6to4) and documentation, within global unicast.
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  '3fff::/20',
])
/** Everything else of IPv6 is private, local, mapped from IPv4, or not given out. */
const globalUnicast = addressFilter(['2000::/3'])

export function isPublic(address: string): boolean {
  if (special(address)) return false
  return isIP(address) === 4 || (isIP(address) === 6 && globalUnicast(address))
}

export type OutboundGuard = ReturnType<typeof createOutboundGuard>

/** Where outgoing requests may go: public addresses, and private ones allowed by name. */
export function createOutboundGuard(rules: OutboundRules, resolve: Resolve = systemResolve) {
  const isRange = (entry: string) => isIP(entry.split('/')[0] ?? '') !== 0
  const isNamedAddress = addressFilter(rules.allowed.filter(isRange))
  const names = new Set(rules.allowed.filter((entry) => !isRange(entry)).map(plainName))

  function mayGo(hostname: string, address: string): boolean {
    if (isPublic(address) || names.has(hostname) || isNamedAddress(address)) return true
    return rules.loopback && isLoopback(address)
  }

  return {
    /** Why a host can never be asked, as far as its spelling tells; null: it may be tried. */
    refusal({ hostname }: URL): string | null {
      const name = plainName(hostname)
      return isIP(name) === 0 || mayGo(name, name) ? null : refusalOf(name)
    },

    /**
     * The addresses of a host that may be asked. Connect to one of these and look nothing up again:
     * a name can have other addresses a moment later.
     */
    async addressesOf({ hostname }: URL): Promise<readonly HostAddress[]> {
      const name = plainName(hostname)
      const family = isIP(name)
      const found = family === 0 ? await resolve(name) : [{ address: name, family }]
      const allowed = found.filter(({ address }) => mayGo(name, address))
      if (allowed.length === 0) throw new TargetRefused(refusalOf(name))
      return allowed
    },
  }
}

function refusalOf(name: string): string {
  return `leads to a private address (${name}). Name the host in MAILSAGE_ALLOWED_TARGETS to allow it.`
}

/** As URLs write it, without the brackets of IPv6 and the dot of the root. */
function plainName(hostname: string): string {
  return hostname
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
}

const systemResolve: Resolve = (hostname) => lookup(hostname, { all: true })
