import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import { Fault } from '../contract/faults.ts'

export type OriginRules = {
  /** Host names besides IP addresses and localhost. */
  readonly allowedHosts: readonly string[]
  /** Origins that may call by CORS; empty: none. */
  readonly corsOrigins: readonly string[]
}

/**
 * Refuses a request with two Host fields (RFC 9112 §3.2) or two Authorization fields. Node keeps the
 * first one, and a proxy may have used the second one.
 */
export function checkSingleFields({ rawHeaders }: IncomingMessage): void {
  for (const name of ['host', 'authorization']) {
    const isField = (_: string, index: number): boolean =>
      index % 2 === 0 && rawHeaders[index]?.toLowerCase() === name
    if (rawHeaders.filter(isField).length > 1) throw repeatedField(name)
  }
}

function repeatedField(name: string): Fault {
  const field = name === 'host' ? 'Host' : 'Authorization'
  return new Fault('invalid_request', `The request has more than one ${field} field. Send one.`)
}

/**
 * Refuses unknown host names: a page that rebinds its DNS name to 127.0.0.1 still sends that name as
 * Host. An IP address cannot be rebound.
 */
export function checkHost(host: string | undefined, rules: OriginRules): void {
  const name = (host ?? '').replace(/:\d+$/, '').toLowerCase()
  const isAddress = isIP(name.replace(/^\[|\]$/g, '')) !== 0
  if (isAddress || name === 'localhost' || name.endsWith('.localhost')) return
  if (rules.allowedHosts.includes(name)) return
  throw new Fault(
    'host_not_allowed',
    `This server does not accept the host name “${name.slice(0, 100)}”. Use localhost or an IP address, or add the name to MAILSAGE_ALLOWED_HOSTS.`,
  )
}

/** Refuses other origins; returns a configured origin to allow by CORS. */
export function checkOrigin(
  origin: string | undefined,
  host: string | undefined,
  rules: OriginRules,
): string | null {
  if (origin === undefined || origin.replace(/^https?:\/\//, '') === host) return null
  if (rules.corsOrigins.includes('*') || rules.corsOrigins.includes(origin)) return origin
  throw new Fault(
    'origin_not_allowed',
    `Web pages of ${origin.slice(0, 200)} may not call this server. Add the origin to CORS_ORIGINS to allow it.`,
  )
}
