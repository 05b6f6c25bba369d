import { createAlerts } from '../domain/alerts/alerts.ts'
import { createBackups } from '../domain/maintenance/backups.ts'
import { startRetention } from '../domain/maintenance/retention.ts'
import { createStorageWatch, type StorageWatch } from '../domain/maintenance/storage-watch.ts'
import { createRestoredQueue } from '../domain/outbox/restored-queue.ts'
import { startIndexing } from '../domain/reading/indexing.ts'
import { createUsage } from '../domain/usage/usage.ts'
import { createWebhooks } from '../domain/webhooks/webhooks.ts'
import { createWebhookPosts } from '../outbound/webhook-posts.ts'
import { version } from '../version.ts'
import type { AuthParts } from './auth.ts'
import type { CompleteEnvironment } from './environment.ts'
import type { SendingParts } from './sending.ts'
import type { StorageParts } from './storage.ts'

export type BackgroundParts = ReturnType<typeof startBackground>

/** Work that follows an accepted message. No client waits for it. */
export function startBackground(
  storageParts: StorageParts,
  authParts: AuthParts,
  sendingParts: SendingParts,
  world: CompleteEnvironment,
) {
  const { folder, keep, database, queue, reader, eventLog, messageTimes, clock, log, load } =
    storageParts
  const { provenClock } = storageParts
  const { settings, keys } = authParts
  const { vault, deliveries } = sendingParts
  const indexing = keep(
    startIndexing({
      storage: storageParts.storage,
      folder,
      queue,
      reader,
      clock,
      log,
      load,
      isRebuilt: storageParts.isSearchNew,
      limits: world.readingLimits,
    }),
    'indexing',
  )
  const storage = createStorageWatch({ folder, database, vault, state: storageParts.storage })
  const { alerts, usage } = startFigures(storageParts, authParts, sendingParts, storage)
  const posts = keep(createWebhookPosts({ guard: world.guard, version }), 'webhook requests')
  const webhooks = keep(
    createWebhooks({
      database,
      queue,
      reader,
      eventLog,
      clock,
      provenClock,
      log,
      keys,
      vault,
      posts,
      settings,
    }),
    'webhooks',
  )
  const retention = keep(
    startRetention({
      settings,
      database,
      queue,
      reader,
      eventLog,
      messageTimes,
      indexing,
      clock,
      provenClock,
      log,
    }),
    'retention',
  )
  const { sending, jobs } = sendingParts
  const restoredQueue = createRestoredQueue({
    database,
    queue,
    clock,
    deliveries,
    sending,
    jobs,
    webhooks,
  })
  const backups = keep(
    createBackups({ folder, reader, indexing, storage, restoredQueue, clock, log }),
    'backups',
  )
  return { indexing, alerts, usage, webhooks, retention, restoredQueue, backups, storage }
}

/** Alerts and usage read the event log together, once. */
function startFigures(
  storageParts: StorageParts,
  authParts: AuthParts,
  { relays, deliveries }: SendingParts,
  storage: StorageWatch,
) {
  const { keep, database, queue, reader, eventLog, clock, provenClock, log } = storageParts
  const { keys, limits, counters } = authParts
  const alerts = keep(
    createAlerts({
      database,
      queue,
      reader,
      keys,
      limits,
      deliveries,
      relays,
      storage,
      clock,
      provenClock,
      log,
    }),
    'alerts',
  )
  const usage = keep(
    createUsage({
      database,
      queue,
      reader,
      eventLog,
      keys,
      clock,
      provenClock,
      log,
      counters: [counters.count, alerts.ingest],
    }),
    'usage',
  )
  return { alerts, usage }
}
