import type { Deliveries } from './deliveries.ts'
import type { Emails } from './emails.ts'
import type { Events } from './events.ts'
import type { Inbox } from './inbox.ts'
import type { Keys } from './keys.ts'
import type { Limits } from './limits.ts'
import type { Messages } from './messages.ts'
import type { Relays } from './relays.ts'
import type { Requests } from './requests.ts'
import type { SettingsStore } from './settings.ts'
import type { UsageBook } from './usage.ts'
import type { Views } from './views.ts'

/** What the doors may call; put together in `relay.ts`. */
export type Domain = {
  readonly keys: Keys
  readonly limits: Limits
  readonly requests: Requests
  readonly messages: Messages
  readonly deliveries: Deliveries
  readonly emails: Emails
  readonly inbox: Inbox
  readonly views: Views
  readonly events: Events
  readonly usage: UsageBook
  readonly relays: Relays
  readonly settings: SettingsStore
  readonly version: string
}
