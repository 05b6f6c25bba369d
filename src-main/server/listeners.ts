import type { Config } from '../config.ts'
import type { Domain } from '../domain/domain.ts'
import { mailsage } from '../http/dialects/mailsage.ts'
import { native } from '../http/dialects/native.ts'
import { system } from '../http/dialects/system.ts'
import { startHttpListener } from '../http/server.ts'
import { loadCertificate } from '../smtp/certificate.ts'
import { startSmtpListener } from '../smtp/server.ts'
import { onPort, type Ports } from './ports.ts'
import type { StorageParts } from './storage.ts'

type Served = {
  readonly domain: Domain
  /** The folder of the built window, if there is one. */
  readonly window: string | null
}

/** SMTP first, so that ports answered over HTTP are open ports. */
export async function startListeners(
  storageParts: StorageParts,
  config: Config,
  ports: Ports,
  served: Served,
) {
  const { folder, keep, clock, log } = storageParts
  const { domain, window } = served
  const { host } = config
  const certificate = await loadCertificate(folder, clock.now(), log)
  const smtpParts = { host, certificate, domain, clock, log }
  const smtp = keep(
    await onPort('MAILSAGE_SMTP_PORT', config.smtpPort, (port) =>
      startSmtpListener({ ...smtpParts, port, implicitTls: false }),
    ),
    'SMTP server',
  )
  ports.smtp = smtp.port
  ports.smtpTls = smtp.tls
  if (config.smtpsPort !== null) {
    const smtps = keep(
      await onPort('MAILSAGE_SMTPS_PORT', config.smtpsPort, (port) =>
        startSmtpListener({ ...smtpParts, port, implicitTls: true }),
      ),
      'SMTPS server',
    )
    ports.smtps = smtps.port
  }
  const http = keep(
    await onPort('MAILSAGE_HTTP_PORT', config.httpPort, (port) =>
      startHttpListener({
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
