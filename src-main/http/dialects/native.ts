import type { Fault } from '../../contract/faults.ts'
import type { Dialect } from '../route.ts'
import { alertRoutes } from './native/alerts.ts'
import { emailRoutes } from './native/emails.ts'
import { eventRoutes } from './native/events.ts'
import { inboxRoutes } from './native/inbox.ts'
import { jobRoutes } from './native/jobs.ts'
import { keyRoutes } from './native/keys.ts'
import { logRoutes } from './native/logs.ts'
import { messagePartRoutes } from './native/message-parts.ts'
import { outboxRoutes } from './native/outbox.ts'
import { relayRoutes } from './native/relays.ts'
import { searchRoutes } from './native/searches.ts'
import { settingsRoutes } from './native/settings.ts'
import { storageRoutes } from './native/storage.ts'
import { templateRoutes } from './native/templates.ts'
import { tenantRoutes } from './native/tenants.ts'
import { usageRoutes } from './native/usage.ts'
import { waitRoutes } from './native/wait.ts'
import { webhookRoutes } from './native/webhooks.ts'

/** SelfMX's API with the extensions of MailSage; the window uses it. */
export const nativeRoutes = {
  ...emailRoutes,
  ...outboxRoutes,
  ...jobRoutes,
  ...templateRoutes,
  ...keyRoutes,
  ...inboxRoutes,
  ...messagePartRoutes,
  ...searchRoutes,
  ...waitRoutes,
  ...eventRoutes,
  ...usageRoutes,
  ...logRoutes,
  ...alertRoutes,
  ...relayRoutes,
  ...settingsRoutes,
  ...storageRoutes,
  ...tenantRoutes,
  ...webhookRoutes,
}

export type NativeRoutes = typeof nativeRoutes

export const native: Dialect = {
  name: 'native',
  title: 'SelfMX and MailSage native',
  prefix: '/v1',
  routes: nativeRoutes,
  fault: nativeError,
}

export function nativeError(fault: Fault, requestId: string) {
  const { code, message } = fault
  const details = Object.keys(fault.details).length > 0 ? { details: fault.details } : {}
  return {
    error: { code, message, ...details },
    statusCode: fault.httpStatus,
    name: code,
    message,
    request_id: requestId,
  }
}
