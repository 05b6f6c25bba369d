import { lookup } from 'node:dns/promises'
import { isIP, SocketAddress } from 'node:net'
import { hostname, networkInterfaces } from 'node:os'
import { isLoopback, plainAddress } from '../base/ip-addresses.ts'
import type { Log } from '../base/log.ts'
import type { NewRelay } from '../contract/relays.ts'
import type { IsOwnSmtp } from '../domain/relays/upstream.ts'
import type { Ports } from './ports.ts'

const allAddresses = ['0.0.0.0', '::']

type Lookup = (host: string) => Promise<readonly string[]>

/**
 * Tells whether an address is that of this server's own SMTP. A host is compared by its addresses,
 * since many spellings reach one machine: `127.1`, `0`, a name of the hosts file.
 */
export function ownSmtp(
  listenHost: string,
  ports: Pick<Ports, 'smtp' | 'smtps'>,
  ownNames: () => readonly string[] = namesOfThisMachine,
  addressesOf: Lookup = lookUp,
): IsOwnSmtp {
  function isReached(name: string): boolean {
    if (name === listenHost.toLowerCase()) return true
    if (allAddresses.includes(listenHost)) {
      return name === 'localhost' || isLoopback(name) || ownNames().includes(name)
    }
    if (name === 'localhost') return isLoopback(listenHost)
    return listenHost === 'localhost' && isLoopback(name)
  }

  return async ({ host, port }) => {
    if (port !== ports.smtp && port !== ports.smtps) return false
    const name = host.toLowerCase().replace(/^\[|\]$/g, '')
    if (isReached(plainAddress(name))) return true
    return (await addressesOf(name)).map(targetOf).some(isReached)
  }
}

/** The address that a connection to `address` reaches; any address means this machine. */
function targetOf(address: string): string {
  const { address: canonical } = new SocketAddress({
    address,
    family: isIP(address) === 6 ? 'ipv6' : 'ipv4',
  })
  const plain = plainAddress(canonical)
  return plain === '0.0.0.0' ? '127.0.0.1' : plain === '::' ? '::1' : plain
}

/** As a connection would resolve it; a host that cannot be resolved has no address. */
async function lookUp(host: string): Promise<readonly string[]> {
  const found = await lookup(host, { all: true }).catch(() => [])
  return found.map(({ address }) => address)
}

function namesOfThisMachine(): readonly string[] {
  const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? [])
  return [hostname().toLowerCase(), ...addresses.map(({ address }) => address)]
}

/**
 * The environment's relay; null when it is this server. MailSage prints its own address for apps in
 * the same variables, and a shell that has them may start MailSage.
 */
export async function foreignRelay(
  relay: NewRelay | null,
  isOwnSmtp: IsOwnSmtp,
  log: Pick<Log, 'warn'>,
): Promise<NewRelay | null> {
  if (relay === null || !(await isOwnSmtp(relay))) return relay
  log.warn(
    `SMTP_HOST and SMTP_PORT name this MailSage itself (${relay.host}:${relay.port}), and mail would come back to it, so they are not used as a relay. They belong to your app: unset them where MailSage starts, or name another SMTP server`,
  )
  return null
}
