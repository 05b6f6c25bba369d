import { isIPv6 } from 'node:net'
import { StartRefused } from '../base/start-refused.ts'

/** As configured, where 0 means any free one; once a door is open, the port that it got. */
export type Ports = { http: number; smtp: number; smtps: number | null }

/** Opens a door; when the port cannot be had, the refusal names the setting to change. */
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
        `Port ${port} is taken by another program. Stop that one, or choose another port with ${setting} (0 means any free one).`,
        setting,
      )
    }
    if (code === 'EACCES') {
      throw new StartRefused(
        'port-taken',
        `Port ${port} needs rights that this process lacks. Choose one above 1023 with ${setting}.`,
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

/** A program listening on all addresses is reached at loopback. */
export function urlOf(host: string, port: number): string {
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
  return `http://${isIPv6(reachable) ? `[${reachable}]` : reachable}:${port}`
}
