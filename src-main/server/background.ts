import { createAlerts } from '../domain/alerts/alerts.ts'
import { createBackups } from '../domain/maintenance/backups.ts'
import { startRetention } from '../domain/maintenance/retention.ts'
import { createStorageWatch } from '../domain/maintenance/storage-watch.ts'
import { createRestoredQueue } from '../domain/outbox/restored-queue.ts'
import { startIndexing } from '../domain/reading/indexing.ts'
import { createUsage } from '../domain/usage/usage.ts'
import { createWebhooks } from '../domain/webhooks/webhooks.ts'
import { createWebhookPosts } from '../outbound/webhook-posts.ts'
import { version } from '../version.ts'
import type { Access } from './auth.ts'
import type { World } from './environment.ts'
import type { Outgoing } from './sending.ts'
import type { Ground } from './storage.ts'

export type Followers = ReturnType<typeof startFollowers>

/** What happens after a message was accepted, at its own pace: nobody's answer waits for it. */
export function startFollowers(ground: Ground, access: Access, outgoing: Outgoing, world: World) {
  const { folder, keep, database, queue, reader, eventLog, messageTimes, clock, log, load } = ground
  const { provenClock } = ground
  const { settings, keys, limits, counters } = access
  const { vault, relays, deliveries } = outgoing
  const indexing = keep(
    startIndexing({
      storage: ground.storage,
      folder,
      queue,
      reader,
      clock,
      log,
      load,
      isMadeAnew: ground.isSearchNew,
      limits: world.readingLimits,
    }),
    'indexing',
  )
  const storage = createStorageWatch({ folder, database, vault, state: ground.storage })
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
      counters: [counters.count, alerts.learn],
    }),
    'usage',
  )
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
  const { sending, jobs } = outgoing
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
