import { isIPv6 } from 'node:net'
import { StartRefused } from '../base/start-refused.ts'
import type { SmtpTls } from '../smtp/start-tls.ts'

/** The configured ports, 0 for any free one; after listening, the bound ports and the SMTP listener's TLS. */
export type Ports = { http: number; smtp: number; smtps: number | null; smtpTls: SmtpTls | null }

/** Starts a listener. A refusal names the setting that changes the port. */
export async function onPort<T>(
  setting: string,
  port: number,
  open: (port: number) => Promise<T>,
): Promise<T> {
  try {
    return await open(port)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EADDRINUSE') {
      throw new StartRefused(
        'port-taken',
        `Port ${port} is in use by another program. Stop that program, or choose another port with ${setting} (0 picks a free one).`,
        setting,
      )
    }
    if (code === 'EACCES') {
      throw new StartRefused(
        'port-taken',
        `Port ${port} needs privileges that this process lacks. Choose a port above 1023 with ${setting}.`,
        setting,
      )
    }
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
      throw new StartRefused(
        'invalid-setting',
        'MAILSAGE_HOST names an address that this machine does not have.',
        'MAILSAGE_HOST',
      )
    }
    throw error
  }
}

/** A server that listens on all addresses is reached at loopback. */
export function urlOf(host: string, port: number): string {
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
  return `http://${isIPv6(reachable) ? `[${reachable}]` : reachable}:${port}`
}
