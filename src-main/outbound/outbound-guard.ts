import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { addressFilter, isLoopback } from '../base/ip-addresses.ts'

export type HostAddress = { readonly address: string; readonly family: number }

/** Resolves a host name with the resolver of the operating system. */
export type Resolve = (hostname: string) => Promise<readonly HostAddress[]>

export type OutboundRules = {
  /** Loopback addresses are allowed: only this machine can reach the server. */
  readonly loopback: boolean
  /** Host names, addresses and ranges that are allowed although they are private. */
  readonly allowed: readonly string[]
}

/** The guard refuses the address; the network was not used. */
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
/** All other IPv6 addresses are private, local, mapped from IPv4 or unassigned. */
const globalUnicast = addressFilter(['2000::/3'])

export function isPublic(address: string): boolean {
  if (special(address)) return false
  return isIP(address) === 4 || (isIP(address) === 6 && globalUnicast(address))
}

export type OutboundGuard = ReturnType<typeof createOutboundGuard>

/** Allows outgoing connections to public addresses, and to private ones by name. */
export function createOutboundGuard(rules: OutboundRules, resolve: Resolve = systemResolve) {
  const isRange = (entry: string) => isIP(entry.split('/')[0] ?? '') !== 0
  const isNamedAddress = addressFilter(rules.allowed.filter(isRange))
  const names = new Set(rules.allowed.filter((entry) => !isRange(entry)).map(plainName))

  function isAllowed(hostname: string, address: string): boolean {
    if (isPublic(address) || names.has(hostname) || isNamedAddress(address)) return true
    return rules.loopback && isLoopback(address)
  }

  return {
    /** Why a host can never be reached, without a lookup; null: a lookup decides. */
    refusal({ hostname }: URL): string | null {
      const name = plainName(hostname)
      return isIP(name) === 0 || isAllowed(name, name) ? null : refusalOf(name)
    },

    /**
     * The allowed addresses of a host. Connect to one of these without another lookup, which could
     * return other addresses (DNS rebinding).
     */
    async addressesOf({ hostname }: URL): Promise<readonly HostAddress[]> {
      const name = plainName(hostname)
      const family = isIP(name)
      const found = family === 0 ? await resolve(name) : [{ address: name, family }]
      const allowed = found.filter(({ address }) => isAllowed(name, address))
      if (allowed.length === 0) throw new TargetRefused(refusalOf(name))
      return allowed
    },
  }
}

function refusalOf(name: string): string {
  return `leads to a private address (${name}). Name the host in MAILSAGE_ALLOWED_TARGETS to allow it.`
}

/** Lower-case, without the brackets of IPv6 and the dot of the root. */
function plainName(hostname: string): string {
  return hostname
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
}

const systemResolve: Resolve = (hostname) => lookup(hostname, { all: true })
