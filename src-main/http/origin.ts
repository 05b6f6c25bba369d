import { isIP } from 'node:net'
import { Fault } from '../contract/faults.ts'

export type OriginRules = {
  /** Names besides IP addresses and localhost that this server answers to. */
  readonly allowedHosts: readonly string[]
  /** Origins of web pages elsewhere that may call; empty: none. */
  readonly corsOrigins: readonly string[]
}

/**
 * Refuses names that are not ours: a page that rebinds its DNS name to 127.0.0.1 still sends its own
 * name as Host. An IP address cannot be rebound.
 */
export function checkHost(host: string | undefined, rules: OriginRules): void {
  const name = (host ?? '').replace(/:\d+$/, '').toLowerCase()
  const isAddress = isIP(name.replace(/^\[|\]$/g, '')) !== 0
  if (isAddress || name === 'localhost' || name.endsWith('.localhost')) return
  if (rules.allowedHosts.includes(name)) return
  throw new Fault(
    'host_not_allowed',
    `This server does not answer to the host name “${name.slice(0, 100)}”. Use localhost or an IP address, or add the name to MAILSAGE_ALLOWED_HOSTS.`,
  )
}

/** Refuses pages of other sites; answers the origin to allow by CORS, if one is configured. */
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
