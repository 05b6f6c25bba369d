import type { Config } from '../config.ts'
import type { Domain } from '../domain/domain.ts'
import { mailsage } from '../doors/http/dialects/mailsage.ts'
import { native } from '../doors/http/dialects/native.ts'
import { system } from '../doors/http/dialects/system.ts'
import { openHttpDoor } from '../doors/http/server.ts'
import { loadCertificate } from '../doors/smtp/certificate.ts'
import { openSmtpDoor } from '../doors/smtp/server.ts'
import type { Ground } from './ground.ts'
import { onPort, type Ports } from './ports.ts'

type Inside = {
  readonly domain: Domain
  /** The folder of the built window, if there is one. */
  readonly window: string | null
}

/** SMTP first, so that whoever reads the ports over HTTP reads those that are open. */
export async function openDoors(ground: Ground, config: Config, ports: Ports, inside: Inside) {
  const { folder, keep, clock, log } = ground
  const { domain, window } = inside
  const { host } = config
  const certificate = await loadCertificate(folder, clock.now(), log)
  const smtpParts = { host, certificate, domain, clock, log }
  const smtp = keep(
    await onPort('MAILSAGE_SMTP_PORT', config.smtpPort, (port) =>
      openSmtpDoor({ ...smtpParts, port, implicitTls: false }),
    ),
    'SMTP server',
  )
  ports.smtp = smtp.port
  if (config.smtpsPort !== null) {
    const smtps = keep(
      await onPort('MAILSAGE_SMTPS_PORT', config.smtpsPort, (port) =>
        openSmtpDoor({ ...smtpParts, port, implicitTls: true }),
      ),
      'SMTPS server',
    )
    ports.smtps = smtps.port
  }
  const http = keep(
    await onPort('MAILSAGE_HTTP_PORT', config.httpPort, (port) =>
      openHttpDoor({
        host,
        port,
        origins: { allowedHosts: config.allowedHosts, corsOrigins: config.corsOrigins },
        trustedProxies: config.trustedProxies,
        dialects: [native, mailsage, system],
        domain,
        clock,
        log,
        window,
      }),
    ),
    'HTTP server',
  )
  ports.http = http.port
}
