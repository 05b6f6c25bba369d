import type { ByteBudget } from '../base/byte-budget.ts'
import type { Alerts } from './alerts.ts'
import type { Backups } from './backups.ts'
import type { Deliveries } from './deliveries.ts'
import type { Emails } from './emails.ts'
import type { Events } from './events.ts'
import type { Extracts } from './extract.ts'
import type { createHealth } from './health.ts'
import type { Imports } from './imports.ts'
import type { Inbox } from './inbox.ts'
import type { Jobs } from './jobs.ts'
import type { KeyFigures } from './key-figures.ts'
import type { Keys } from './keys.ts'
import type { Limits } from './limits.ts'
import type { Logs } from './logs.ts'
import type { Messages } from './messages.ts'
import type { Metrics } from './metrics.ts'
import type { Outbox } from './outbox.ts'
import type { Relays } from './relays.ts'
import type { Releases } from './release.ts'
import type { Requests } from './requests.ts'
import type { RestoredQueue } from './restored-queue.ts'
import type { Retention } from './retention.ts'
import type { SavedSearches } from './saved-searches.ts'
import type { Sending } from './sending.ts'
import type { SettingsStore } from './settings.ts'
import type { StorageWatch } from './storage-watch.ts'
import type { TemplatePreviews } from './template-previews.ts'
import type { TemplateSamples } from './template-samples.ts'
import type { Templates } from './templates.ts'
import type { Tenants } from './tenants.ts'
import type { UsageBook } from './usage.ts'
import type { Views } from './views.ts'
import type { Waits } from './wait.ts'
import type { Webhooks } from './webhooks.ts'
import type { WrongKeys } from './wrong-keys.ts'

/** What the doors may call; put together in `relay/domain.ts`. */
export type Domain = {
  readonly keys: Keys
  /** Of what clients send and are sent: one limit over all connections. */
  readonly bytesUnderWay: ByteBudget
  readonly wrongKeys: WrongKeys
  readonly keyFigures: KeyFigures
  readonly limits: Limits
  readonly requests: Requests
  readonly templates: Templates
  readonly templatePreviews: TemplatePreviews
  readonly templateSamples: TemplateSamples
  readonly messages: Messages
  readonly sending: Sending
  readonly jobs: Jobs
  readonly deliveries: Deliveries
  readonly emails: Emails
  readonly outbox: Outbox
  readonly inbox: Inbox
  readonly savedSearches: SavedSearches
  readonly imports: Imports
  readonly extracts: Extracts
  readonly releases: Releases
  readonly waits: Waits
  readonly views: Views
  readonly events: Events
  readonly usage: UsageBook
  readonly logs: Logs
  readonly alerts: Alerts
  readonly metrics: Metrics
  readonly relays: Relays
  readonly settings: SettingsStore
  readonly tenants: Tenants
  readonly webhooks: Webhooks
  readonly retention: Retention
  readonly backups: Backups
  readonly storage: StorageWatch
  readonly health: ReturnType<typeof createHealth>
  readonly restoredQueue: RestoredQueue
  readonly version: string
}
