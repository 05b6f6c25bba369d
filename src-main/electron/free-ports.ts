import { StartRefused } from '../base/start-refused.ts'
import type { Config } from '../config.ts'

const portOf = {
  MAILSAGE_HTTP_PORT: 'httpPort',
  MAILSAGE_SMTP_PORT: 'smtpPort',
  MAILSAGE_SMTPS_PORT: 'smtpsPort',
} as const
type PortSetting = keyof typeof portOf

const neighbours = 20

/** Replaces a taken port with the next free one, so that the app always opens. */
export async function startOnFreePorts<R>(
  wanted: Config,
  start: (config: Config) => Promise<R>,
  tried: Config = wanted,
): Promise<R> {
  try {
    return await start(tried)
  } catch (error) {
    const setting = takenPort(error)
    if (!setting || !tried[portOf[setting]]) throw error
    return startOnFreePorts(wanted, start, withNextPort(wanted, tried, setting))
  }
}

function takenPort(error: unknown): PortSetting | null {
  if (!(error instanceof StartRefused) || error.reason !== 'port-taken') return null
  return error.setting && error.setting in portOf ? (error.setting as PortSetting) : null
}

function withNextPort(wanted: Config, tried: Config, setting: PortSetting): Config {
  const port = portOf[setting]
  const next = (tried[port] ?? 0) + 1
  const anyFreePort = next > (wanted[port] ?? 0) + neighbours || next > 65_535
  return { ...tried, [port]: anyFreePort ? 0 : next }
}
