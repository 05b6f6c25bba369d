import type { ByteBudget } from '../base/byte-budget.ts'
import type { Alerts } from './alerts/alerts.ts'
import type { Keys } from './auth/keys.ts'
import type { WrongKeys } from './auth/wrong-keys.ts'
import type { Deliveries } from './delivery/deliveries.ts'
import type { Extracts } from './inbox/extract.ts'
import type { Imports } from './inbox/imports.ts'
import type { Inbox } from './inbox/inbox.ts'
import type { Releases } from './inbox/release.ts'
import type { SavedSearches } from './inbox/saved-searches.ts'
import type { Waits } from './inbox/wait.ts'
import type { Jobs } from './jobs/jobs.ts'
import type { Limits } from './limits/limits.ts'
import type { Backups } from './maintenance/backups.ts'
import type { Retention } from './maintenance/retention.ts'
import type { StorageWatch } from './maintenance/storage-watch.ts'
import type { Messages } from './messages/accept.ts'
import type { Sending } from './messages/sending.ts'
import type { createHealth } from './metrics/health.ts'
import type { Metrics } from './metrics/metrics.ts'
import type { Emails } from './outbox/emails.ts'
import type { Outbox } from './outbox/outbox.ts'
import type { RestoredQueue } from './outbox/restored-queue.ts'
import type { Relays } from './relays/relays.ts'
import type { Events } from './request-log/events.ts'
import type { Logs } from './request-log/logs.ts'
import type { Requests } from './request-log/requests.ts'
import type { SettingsStore } from './settings/settings.ts'
import type { TemplateSamples } from './templates/samples.ts'
import type { Templates } from './templates/templates.ts'
import type { Tenants } from './tenants/tenants.ts'
import type { KeyFigures } from './usage/key-figures.ts'
import type { UsageRollup } from './usage/usage.ts'
import type { TemplatePreviews } from './views/template-previews.ts'
import type { Views } from './views/views.ts'
import type { Webhooks } from './webhooks/webhooks.ts'

/** The modules that HTTP and SMTP may call; created in `server/domain.ts`. */
export type Domain = {
  readonly keys: Keys
  /** Bytes in memory for requests and responses: one limit over all connections. */
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
  readonly usage: UsageRollup
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
