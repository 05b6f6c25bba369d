import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { isIP, isIPv6 } from 'node:net'
import { join } from 'node:path'
import { type Clock, systemClock } from './base/clock.ts'
import { isLoopback } from './base/ip-addresses.ts'
import { createLoadMeter } from './base/load-meter.ts'
import { createLog } from './base/log.ts'
import { StartRefused } from './base/start-refused.ts'
import { openVault, type Seal } from './base/vault.ts'
import { type Config, readNextStart, saveSettings } from './config.ts'
import { createAlerts } from './domain/alerts.ts'
import { createBackups } from './domain/backups.ts'
import { createComposing } from './domain/composing.ts'
import { createCounters } from './domain/counters.ts'
import { createDeliveries } from './domain/deliveries.ts'
import type { Domain } from './domain/domain.ts'
import { createEmails } from './domain/emails.ts'
import { createEvents } from './domain/events.ts'
import { createExtracts } from './domain/extract.ts'
import { createIdempotency } from './domain/idempotency.ts'
import { createImports } from './domain/imports.ts'
import { createInbox } from './domain/inbox.ts'
import { createInboxSelection } from './domain/inbox-selection.ts'
import { startIndexing } from './domain/indexing.ts'
import { createJobs } from './domain/jobs.ts'
import { createKeyFigures } from './domain/key-figures.ts'
import { createKeys } from './domain/keys.ts'
import { createLimits } from './domain/limits.ts'
import { createLogs } from './domain/logs.ts'
import { createMessageContents } from './domain/message-contents.ts'
import { createMessages } from './domain/messages.ts'
import { createMetrics } from './domain/metrics.ts'
import { createOutbox } from './domain/outbox.ts'
import { createRelays } from './domain/relays.ts'
import { createReleases } from './domain/release.ts'
import { startRenderer } from './domain/rendering.ts'
import { createRequests } from './domain/requests.ts'
import { startRetention } from './domain/retention.ts'
import { createSavedSearches } from './domain/saved-searches.ts'
import { createSending } from './domain/sending.ts'
import { createSettings } from './domain/settings.ts'
import { createTemplatePreviews } from './domain/template-previews.ts'
import { createTemplateSamples } from './domain/template-samples.ts'
import { createTemplates } from './domain/templates.ts'
import { createTenantRecords } from './domain/tenant-records.ts'
import { createTenants } from './domain/tenants.ts'
import type { Upstream } from './domain/upstream.ts'
import { createUsage } from './domain/usage.ts'
import { createViews } from './domain/views.ts'
import { createWaits } from './domain/wait.ts'
import { createWebhooks } from './domain/webhooks.ts'
import { mailsage } from './doors/http/dialects/mailsage.ts'
import { native } from './doors/http/dialects/native.ts'
import { system } from './doors/http/dialects/system.ts'
import { openHttpDoor } from './doors/http/server.ts'
import { loadCertificate } from './doors/smtp/certificate.ts'
import { openSmtpDoor } from './doors/smtp/server.ts'
import { createOutboundGuard, type Resolve } from './doors/upstream/outbound-guard.ts'
import { createTransports } from './doors/upstream/transports.ts'
import { createWebhookPosts } from './doors/upstream/webhook-posts.ts'
import { startCheckpoints } from './storage/checkpoints.ts'
import { createCommitQueue } from './storage/commit-queue.ts'
import { lockFolder, openDatabase } from './storage/database.ts'
import { createEventLog } from './storage/event-log.ts'
import { prepareFolder } from './storage/prepare-folder.ts'
import { startReader } from './storage/reader.ts'
import { openSearch } from './storage/search-database.ts'
import { version } from './version.ts'

/** The world outside, as tests replace it; `seal` is the desktop's keychain. */
export type Outside = {
  readonly clock: Clock
  readonly upstream: Upstream
  /** Host names to addresses, for what goes out by HTTP. */
  readonly resolve: Resolve
  readonly seal: Seal | undefined
}

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
  readonly domain: Domain
  /** Until the loops have nothing left to do. */
  readonly idle: () => Promise<void>
  readonly close: () => Promise<void>
}

/** Puts the house together, from the ground up; `close` takes it down in reverse. */
export async function startRelay(config: Config, outside: Partial<Outside> = {}): Promise<Relay> {
  const { clock = systemClock, resolve, seal } = outside
  const guard = createOutboundGuard(
    { loopback: isBoundToLoopback(config.host), allowed: config.allowedTargets },
    resolve,
  )
  const upstream = outside.upstream ?? createTransports(guard)
  const folder = config.dataFolder
  const undo: (() => unknown)[] = []
  const close = async () => {
    for (const step of undo.splice(0).reverse()) await step()
  }

  try {
    const log = createLog(config.logLevel)
    const load = createLoadMeter()
    const lock = lockFolder(folder)
    undo.push(lock.release)
    prepareFolder(folder, clock.now())
    const database = openDatabase(folder)
    undo.push(() => database.close())
    openSearch(folder).close()
    const eventLog = createEventLog(database)
    const queue = createCommitQueue(database, eventLog, clock)
    undo.push(queue.close)
    undo.push(startCheckpoints({ database, folder, queue, clock, log }).close)
    const reader = startReader(folder)
    undo.push(reader.close)

    const bound = { http: config.httpPort, smtp: config.smtpPort, smtps: config.smtpsPort }
    const settings = createSettings({
      initial: {
        plan: config.plan,
        anonymous_capture: config.anonymousCapture,
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
        http_port: bound.http,
        smtp_port: bound.smtp,
        smtps_port: bound.smtps,
        url: urlOf(config.host, bound.http),
        next_start: readNextStart(config),
        set_outside: [...config.setOutside],
      }),
      save: (change) => saveSettings(folder, change),
      queue,
    })
    const tenantRecords = createTenantRecords(database)
    const keys = createKeys({ database, queue, clock, version, tenantRecords })
    const limits = createLimits({ database, queue, clock, settings, tenantRecords })
    undo.push(limits.close)
    const counters = createCounters()
    const requests = createRequests({ database, queue, keys, clock, counters })
    undo.push(requests.close)
    const vault = openVault(folder, seal)
    undo.push(upstream.close)
    const relays = createRelays({ database, queue, clock, vault, upstream, reader })
    const deliveries = createDeliveries({
      database,
      queue,
      reader,
      clock,
      log,
      relays,
      upstream: counters.measured(upstream),
    })
    undo.push(deliveries.close)
    const messages = createMessages({ database, queue, clock, limits, deliveries, settings })
    const renderer = startRenderer()
    undo.push(renderer.close)
    const templates = createTemplates({ database, queue, clock, renderer })
    const composing = createComposing({ templates, renderer, clock, tenantRecords })
    const idempotency = createIdempotency({ database, clock })
    const sends = {
      database,
      queue,
      clock,
      log,
      keys,
      composing,
      messages,
      deliveries,
      idempotency,
    }
    const sending = createSending(sends)
    undo.push(sending.close)
    const jobs = createJobs({ ...sends, reader, limits, templates })
    undo.push(jobs.close)
    const indexing = startIndexing({ folder, queue, reader, clock, log, load })
    undo.push(indexing.close)
    const alerts = createAlerts({
      database,
      queue,
      reader,
      keys,
      limits,
      deliveries,
      relays,
      clock,
      log,
    })
    undo.push(alerts.close)
    const usage = createUsage({
      database,
      queue,
      reader,
      eventLog,
      keys,
      clock,
      log,
      counters: [counters.count, alerts.learn],
    })
    undo.push(usage.close)
    const posts = createWebhookPosts({ guard, version })
    undo.push(posts.close)
    const webhooks = createWebhooks({
      database,
      queue,
      reader,
      eventLog,
      clock,
      log,
      vault,
      posts,
      settings,
    })
    undo.push(webhooks.close)
    const retention = startRetention({
      settings,
      database,
      queue,
      reader,
      eventLog,
      indexing,
      clock,
      log,
    })
    undo.push(retention.close)
    const backups = createBackups({ folder, reader, clock, log })
    undo.push(backups.close)
    const selection = createInboxSelection({ database, reader, clock })
    const contents = createMessageContents({ database, reader, indexing })
    const inbox = createInbox({ database, queue, reader, indexing, contents, keys, selection })
    const extracts = createExtracts({ inbox, indexing })
    const emails = createEmails({
      database,
      queue,
      reader,
      contents,
      keys,
      relays,
      deliveries,
      sending,
    })
    const tenants = createTenants({
      database,
      queue,
      reader,
      clock,
      records: tenantRecords,
      keys,
      relays,
      webhooks,
      indexing,
      emails,
    })
    const views = createViews({ inbox, emails, contents, indexing, clock })
    const domain: Domain = {
      keys,
      keyFigures: createKeyFigures({ keys, limits, requests, eventLog, reader, clock }),
      limits,
      requests,
      templates,
      templatePreviews: createTemplatePreviews({ renderer, views }),
      templateSamples: createTemplateSamples({ database, queue, clock, templates }),
      messages,
      sending,
      jobs,
      deliveries,
      emails,
      outbox: createOutbox({ database, reader, keys, relays, clock }),
      inbox,
      imports: createImports({ messages }),
      extracts,
      releases: createReleases({ inbox, messages, relays }),
      waits: createWaits({ database, queue, reader, eventLog, inbox, selection, extracts, clock }),
      savedSearches: createSavedSearches({ database, queue, clock }),
      views,
      events: createEvents({ database, queue, eventLog, keys }),
      usage,
      logs: createLogs({ database, reader, eventLog, keys, requests }),
      alerts,
      metrics: createMetrics({
        counters,
        keys,
        limits,
        deliveries,
        relays,
        inbox,
        openAlerts: alerts.openCounts,
        startedAt: clock.now(),
        version,
      }),
      relays,
      settings,
      tenants,
      webhooks,
      retention,
      backups,
      version,
    }

    await relays.bootstrap(config.relay)
    await tenants.finishRemovals()
    const consoleKey = keys.makeConsoleKey()

    const certificate = await loadCertificate(folder, clock.now())
    const smtpParts = { host: config.host, certificate, domain, clock, log }
    const smtp = await onPort('MAILSAGE_SMTP_PORT', config.smtpPort, (port) =>
      openSmtpDoor({ ...smtpParts, port, implicitTls: false }),
    )
    undo.push(smtp.close)
    bound.smtp = smtp.port
    if (config.smtpsPort !== null) {
      const smtps = await onPort('MAILSAGE_SMTPS_PORT', config.smtpsPort, (port) =>
        openSmtpDoor({ ...smtpParts, port, implicitTls: true }),
      )
      undo.push(smtps.close)
      bound.smtps = smtps.port
    }
    const http = await onPort('MAILSAGE_HTTP_PORT', config.httpPort, (port) =>
      openHttpDoor({
        host: config.host,
        port,
        origins: { allowedHosts: config.allowedHosts, corsOrigins: config.corsOrigins },
        dialects: [native, mailsage, system],
        domain,
        clock,
        log,
        window: windowFolder(),
      }),
    )
    undo.push(http.close)
    bound.http = http.port

    // Only when nothing can fail any more: these keys are shown once, to whoever started the relay.
    const firstKeys = await keys.bootstrap(config.apiKey)
    const url = urlOf(config.host, http.port)
    undo.push(announce(folder, { url, smtpPort: smtp.port, pid: process.pid, version, consoleKey }))
    return {
      url,
      host: config.host,
      httpPort: http.port,
      smtpPort: smtp.port,
      smtpsPort: bound.smtps,
      consoleKey,
      firstKeys,
      version,
      domain,
      async idle() {
        await requests.flush()
        // Each of these gives the next one work, and what is delivered may end its job.
        for (const { idle } of [sending, jobs, deliveries, jobs]) await idle()
        await Promise.all([indexing.idle(), usage.idle()])
        await Promise.all([alerts.idle(), retention.idle()])
        await webhooks.idle()
      },
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

async function onPort<T>(
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

function isBoundToLoopback(host: string): boolean {
  return host === 'localhost' || (isIP(host) !== 0 && isLoopback(host))
}

/** A program listening on all addresses is reached at loopback. */
function urlOf(host: string, port: number): string {
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
  return `http://${isIPv6(reachable) ? `[${reachable}]` : reachable}:${port}`
}

/** Tells the command line of the same user where the relay is; nobody else may read the key in it. */
function announce(folder: string, facts: Readonly<Record<string, string | number>>): () => void {
  const file = join(folder, 'relay.json')
  // Under its name only when it is whole: somebody may be waiting for it.
  writeFileSync(`${file}.new`, `${JSON.stringify(facts, null, 2)}\n`, { mode: 0o600 })
  renameSync(`${file}.new`, file)
  return () => rmSync(file, { force: true })
}

/** The built window lies beside the built server. */
function windowFolder(): string | null {
  const candidates = ['../renderer', '../out/renderer'].map((path) =>
    join(import.meta.dirname, path),
  )
  return candidates.find((candidate) => existsSync(join(candidate, 'index.html'))) ?? null
}
