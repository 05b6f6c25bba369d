import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createLog } from './base/log.ts'
import type { Vault } from './base/vault.ts'
import type { Config } from './config.ts'
import type { Domain } from './domain/domain.ts'
import { startAuth } from './server/auth.ts'
import { startBackground } from './server/background.ts'
import { createDisposer } from './server/disposer.ts'
import { createDomain } from './server/domain.ts'
import { completeEnvironment, type Environment } from './server/environment.ts'
import { startListeners } from './server/listeners.ts'
import { foreignRelay, ownSmtp } from './server/own-smtp.ts'
import { type Ports, urlOf } from './server/ports.ts'
import { writeRuntimeFile } from './server/runtime-file.ts'
import { startSending } from './server/sending.ts'
import { openStorage, type StorageParts } from './server/storage.ts'
import { waitForNoLock } from './storage/database.ts'
import { explainStart } from './storage/inspect-folder.ts'
import { version } from './version.ts'

export type FirstKeys = { readonly admin: string | null; readonly test: string | null }

export type RunningServer = {
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
  /** Resolves when the loops have no work left. */
  readonly idle: () => Promise<void>
  readonly close: () => Promise<void>
}

/** Starts the parts in order; `close` ends them in reverse. */
export async function startServer(
  config: Config,
  environment: Partial<Environment> = {},
): Promise<RunningServer> {
  const world = completeEnvironment(config, environment)
  const { keep, close } = createDisposer(createLog(config.logLevel, world.writeLog))
  try {
    const ports: Ports = {
      http: config.httpPort,
      smtp: config.smtpPort,
      smtps: config.smtpsPort,
      smtpTls: null,
    }
    const storageParts = openStorage(config, world, keep)
    for (const sentence of config.unknownSettings) storageParts.log.warn(sentence)
    const authParts = startAuth(storageParts, config, ports)
    const isOwnSmtp = ownSmtp(config.host, ports)
    const sendingParts = startSending(storageParts, authParts, world, isOwnSmtp)
    const backgroundParts = startBackground(storageParts, authParts, sendingParts, world)
    const domain = createDomain(storageParts, authParts, sendingParts, backgroundParts)

    await domain.relays.bootstrap(await foreignRelay(config.relay, isOwnSmtp, storageParts.log))
    await domain.tenants.finishRemovals()
    const consoleKey = domain.keys.makeConsoleKey()
    // From here on, clients wait for replies: a foreign lock must fail at once.
    waitForNoLock(storageParts.database)
    await storageParts.storage.checkAll()
    await startListeners(storageParts, config, ports, { domain, window: windowFolder() })

    // Last, since the keys are shown only once: a start that fails after this would lose them.
    const firstKeys = await domain.keys.bootstrap(config.apiKey)
    const url = urlOf(config.host, ports.http)
    const facts = { url, smtpPort: ports.smtp, pid: process.pid, version, consoleKey }
    announce(storageParts, facts)
    return {
      url,
      host: config.host,
      httpPort: ports.http,
      smtpPort: ports.smtp,
      smtpsPort: ports.smtps,
      consoleKey,
      firstKeys,
      version,
      vault: sendingParts.vault,
      domain,
      async idle() {
        const { sending, jobs, deliveries, usage, alerts, retention, webhooks } = domain
        await domain.requests.flush()
        // Each gives work to the next, and a delivery may complete its job.
        for (const { idle } of [sending, jobs, deliveries, jobs]) await idle()
        await Promise.all([backgroundParts.indexing.idle(), usage.idle()])
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

/** On a full disk the server starts without this file: messages can be read and deleted. */
function announce(
  { folder, keep, storage }: StorageParts,
  facts: Parameters<typeof writeRuntimeFile>[1],
) {
  try {
    keep(writeRuntimeFile(folder, facts), 'runtime file')
  } catch (error) {
    if (!storage.explain(error)) throw error
  }
}

/** The built window lies beside the built server. */
function windowFolder(): string | null {
  const candidates = ['../renderer', '../out/renderer'].map((path) =>
    join(import.meta.dirname, path),
  )
  return candidates.find((candidate) => existsSync(join(candidate, 'index.html'))) ?? null
}
