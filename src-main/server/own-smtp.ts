import { hostname, networkInterfaces } from 'node:os'
import { isLoopback, plainAddress } from '../base/ip-addresses.ts'
import type { Log } from '../base/log.ts'
import type { NewRelay } from '../contract/relays.ts'
import type { IsOwnSmtp } from '../domain/relays/upstream.ts'
import type { Ports } from './ports.ts'

const allAddresses = ['0.0.0.0', '::']

/** Tells whether an address is that of this server's own SMTP. */
export function ownSmtp(
  listenHost: string,
  ports: Pick<Ports, 'smtp' | 'smtps'>,
  ownNames: () => readonly string[] = namesOfThisMachine,
): IsOwnSmtp {
  return ({ host, port }) => {
    if (port !== ports.smtp && port !== ports.smtps) return false
    const name = plainAddress(host.toLowerCase().replace(/^\[|\]$/g, ''))
    if (name === listenHost.toLowerCase()) return true
    if (allAddresses.includes(listenHost)) {
      return name === 'localhost' || isLoopback(name) || ownNames().includes(name)
    }
    if (name === 'localhost') return isLoopback(listenHost)
    return listenHost === 'localhost' && isLoopback(name)
  }
}

function namesOfThisMachine(): readonly string[] {
  const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? [])
  return [hostname().toLowerCase(), ...addresses.map(({ address }) => address)]
}

/**
 * The environment's relay; null when it is this server. MailSage prints its own address for apps in
 * the same variables, and a shell that has them may start MailSage.
 */
export function foreignRelay(
  relay: NewRelay | null,
  isOwnSmtp: IsOwnSmtp,
  log: Pick<Log, 'warn'>,
): NewRelay | null {
  if (relay === null || !isOwnSmtp(relay)) return relay
  log.warn(
    `SMTP_HOST and SMTP_PORT name this MailSage itself (${relay.host}:${relay.port}), and mail would come back to it, so they are not used as a relay. They belong to your app: unset them where MailSage starts, or name another SMTP server`,
  )
  return null
}
