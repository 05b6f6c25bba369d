import { createWrongKeys } from '../domain/auth/wrong-keys.ts'
import type { Domain } from '../domain/domain.ts'
import { createExtracts } from '../domain/inbox/extract.ts'
import { createImports } from '../domain/inbox/imports.ts'
import { createInbox } from '../domain/inbox/inbox.ts'
import { createReleases } from '../domain/inbox/release.ts'
import { createSavedSearches } from '../domain/inbox/saved-searches.ts'
import { createInboxSelection } from '../domain/inbox/selection.ts'
import { createWaits } from '../domain/inbox/wait.ts'
import { createHealth } from '../domain/metrics/health.ts'
import { createMetrics } from '../domain/metrics/metrics.ts'
import { createEmails } from '../domain/outbox/emails.ts'
import { createOutbox } from '../domain/outbox/outbox.ts'
import { createMessageContents } from '../domain/reading/message-contents.ts'
import { createEvents } from '../domain/request-log/events.ts'
import { createLogs } from '../domain/request-log/logs.ts'
import { createTemplateSamples } from '../domain/templates/samples.ts'
import { createTenants } from '../domain/tenants/tenants.ts'
import { createKeyFigures } from '../domain/usage/key-figures.ts'
import { createTemplatePreviews } from '../domain/views/template-previews.ts'
import { createViews } from '../domain/views/views.ts'
import { version } from '../version.ts'
import type { AuthParts } from './auth.ts'
import type { BackgroundParts } from './background.ts'
import type { SendingParts } from './sending.ts'
import type { StorageParts } from './storage.ts'

/** The domain as the listeners call it: running parts, and parts that only answer requests. */
export function createDomain(
  storageParts: StorageParts,
  authParts: AuthParts,
  sendingParts: SendingParts,
  backgroundParts: BackgroundParts,
): Domain {
  const { database, queue, reader, eventLog, clock, bytesUnderWay } = storageParts
  const { settings, tenantRecords, keys, limits, counters, requests } = authParts
  const { relays, deliveries, messages, renderer, templates, sending, jobs } = sendingParts
  const { indexing, alerts, usage, webhooks, retention } = backgroundParts
  const { restoredQueue, backups, storage } = backgroundParts
  const { contents, ...inboxParts } = createInboxParts(
    storageParts,
    authParts,
    sendingParts,
    backgroundParts,
  )
  const { inbox, views } = inboxParts
  const shared = { database, queue, reader, keys, relays }
  const emails = createEmails({ ...shared, contents, deliveries, sending })
  const tenants = createTenants({
    ...shared,
    clock,
    records: tenantRecords,
    webhooks,
    indexing,
    emails,
  })
  return {
    keys,
    bytesUnderWay,
    wrongKeys: createWrongKeys({ clock }),
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
    outbox: createOutbox({ database, reader, keys, relays, restoredQueue, clock }),
    ...inboxParts,
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
    storage,
    health: createHealth({ storage, relays, deliveries, version, settings }),
    restoredQueue,
    version,
  }
}

/** Captured mail: its inbox, waits and views. */
function createInboxParts(
  { database, queue, reader, eventLog, messageTimes, clock }: StorageParts,
  { keys }: AuthParts,
  { messages, relays }: SendingParts,
  { indexing }: BackgroundParts,
) {
  const selection = createInboxSelection({ database, reader, clock, messageTimes })
  const contents = createMessageContents({ database, reader, indexing })
  const inbox = createInbox({ database, queue, reader, indexing, contents, keys, selection })
  const extracts = createExtracts({ inbox, indexing })
  return {
    contents,
    inbox,
    extracts,
    imports: createImports({ messages }),
    releases: createReleases({ inbox, messages, relays }),
    savedSearches: createSavedSearches({ database, queue, clock }),
    views: createViews({ inbox, contents, indexing, clock }),
    waits: createWaits({
      database,
      queue,
      reader,
      eventLog,
      inbox,
      selection,
      messageTimes,
      extracts,
      clock,
    }),
  }
}
