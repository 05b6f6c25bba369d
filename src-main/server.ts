import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createLog } from './base/log.ts'
import type { Vault } from './base/vault.ts'
import type { Config } from './config.ts'
import type { Domain } from './domain/domain.ts'
import { startAccess } from './server/auth.ts'
import { startFollowers } from './server/background.ts'
import { createClosing } from './server/disposer.ts'
import { createDomain } from './server/domain.ts'
import { completeOutside, type Outside } from './server/environment.ts'
import { openDoors } from './server/listeners.ts'
import { type Ports, urlOf } from './server/ports.ts'
import { announce } from './server/runtime-file.ts'
import { startOutgoing } from './server/sending.ts'
import { openGround } from './server/storage.ts'
import { waitForNoLock } from './storage/database.ts'
import { explainStart } from './storage/inspect-folder.ts'
import { version } from './version.ts'

export type FirstKeys = { readonly admin: string | null; readonly test: string | null }

export type Relay = {
  readonly url: string
  readonly host: string
  readonly httpPort: number
  readonly smtpPort: number
  readonly smtpsPort: number | null
  readonly consoleKey: string
  /** The keys of the first start, shown once; null on later starts. */
  readonly firstKeys: FirstKeys | null
  readonly version: string
  /** Seals what the desktop keeps beside the database. */
  readonly vault: Vault
  readonly domain: Domain
  /** Until the loops have nothing left to do. */
  readonly idle: () => Promise<void>
  readonly close: () => Promise<void>
}

/** Puts the house together, from the ground up; `close` takes it down in reverse. */
export async function startRelay(config: Config, outside: Partial<Outside> = {}): Promise<Relay> {
  const world = completeOutside(config, outside)
  const { keep, close } = createClosing(createLog(config.logLevel, world.writeLog))
  try {
    const ports: Ports = { http: config.httpPort, smtp: config.smtpPort, smtps: config.smtpsPort }
    const ground = openGround(config, world, keep)
    const access = startAccess(ground, config, ports)
    const outgoing = startOutgoing(ground, access, world)
    const followers = startFollowers(ground, access, outgoing, world)
    const domain = createDomain(ground, access, outgoing, followers)

    await domain.relays.bootstrap(config.relay)
    await domain.tenants.finishRemovals()
    const consoleKey = domain.keys.makeConsoleKey()
    // From here on somebody waits for every answer.
    waitForNoLock(ground.database)
    await openDoors(ground, config, ports, { domain, window: windowFolder() })

    // Only when nothing can fail any more: these keys are shown once, to whoever started the relay.
    const firstKeys = await domain.keys.bootstrap(config.apiKey)
    const url = urlOf(config.host, ports.http)
    const facts = { url, smtpPort: ports.smtp, pid: process.pid, version, consoleKey }
    keep(announce(ground.folder, facts), 'announcement')
    return {
      url,
      host: config.host,
      httpPort: ports.http,
      smtpPort: ports.smtp,
      smtpsPort: ports.smtps,
      consoleKey,
      firstKeys,
      version,
      vault: outgoing.vault,
      domain,
      async idle() {
        const { sending, jobs, deliveries, usage, alerts, retention, webhooks } = domain
        await domain.requests.flush()
        // Each of these gives the next one work, and what is delivered may end its job.
        for (const { idle } of [sending, jobs, deliveries, jobs]) await idle()
        await Promise.all([followers.indexing.idle(), usage.idle()])
        await Promise.all([alerts.idle(), retention.idle()])
        await webhooks.idle()
      },
      close,
    }
  } catch (error) {
    await close()
    throw explainStart(error, config.dataFolder)
  }
}

/** The built window lies beside the built server. */
function windowFolder(): string | null {
  const candidates = ['../renderer', '../out/renderer'].map((path) =>
    join(import.meta.dirname, path),
  )
  return candidates.find((candidate) => existsSync(join(candidate, 'index.html'))) ?? null
}
