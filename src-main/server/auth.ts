import { StartRefused } from '../base/start-refused.ts'
import { type Config, readNextStart, saveSettings } from '../config.ts'
import { Fault } from '../contract/faults.ts'
import { createKeys } from '../domain/auth/keys.ts'
import { createTenantRecords } from '../domain/auth/tenant-records.ts'
import { createLimits } from '../domain/limits/limits.ts'
import { createCounters } from '../domain/metrics/counters.ts'
import { createRequests } from '../domain/request-log/requests.ts'
import { createSettings } from '../domain/settings/settings.ts'
import { type SmtpTls, startTlsOffer } from '../smtp/start-tls.ts'
import { version } from '../version.ts'
import { type Ports, urlOf } from './ports.ts'
import type { StorageParts } from './storage.ts'

export type AuthParts = ReturnType<typeof startAuth>

/** Keys, limits, settings and the request log. */
export function startAuth(storageParts: StorageParts, config: Config, ports: Ports) {
  const { keep, database, queue, clock, provenClock, maskSecrets } = storageParts
  const settings = settingsOf(storageParts, config, ports)
  const tenantRecords = createTenantRecords(database)
  const keys = createKeys({ database, queue, clock, version, tenantRecords })
  const limits = keep(
    createLimits({ database, queue, clock, settings, tenantRecords }),
    'rate limits',
  )
  const counters = createCounters()
  const requests = keep(
    createRequests({ database, queue, keys, clock, provenClock, counters, maskSecrets }),
    'request log',
  )
  return { settings, tenantRecords, keys, limits, counters, requests }
}

/** Settings that can change while the server runs, and those fixed at its start. */
function settingsOf({ folder, queue }: StorageParts, config: Config, ports: Ports) {
  const smtpTls = (): SmtpTls => ports.smtpTls ?? { address: config.host, certificate: 'self_made' }
  const settings = createSettings({
    initial: {
      plan: config.plan,
      anonymous_capture: config.anonymousCapture,
      smtp_starttls: config.smtpStarttls,
      keep_days: config.keepDays,
      keep_messages: config.keepMessages,
      keep_log_days: config.keepLogDays,
      keep_webhook_log_days: config.keepWebhookLogDays,
      capture_paused: false,
    },
    fixed: () => ({
      version,
      data_folder: folder,
      host: config.host,
      http_port: ports.http,
      smtp_port: ports.smtp,
      smtps_port: ports.smtps,
      smtp_certificate: smtpTls().certificate,
      starttls_offered: startTlsOffer(settings.current().smtp_starttls, smtpTls()) === 'offered',
      url: urlOf(config.host, ports.http),
      next_start: readNextStart(config),
      set_outside: [...config.setOutside],
    }),
    save(change) {
      try {
        saveSettings(folder, change)
      } catch (error) {
        if (error instanceof StartRefused) throw new Fault('conflict', error.message)
        throw error
      }
    },
    queue,
  })
  return settings
}
