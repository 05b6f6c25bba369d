import type { AlertRuleName, Severity } from '../../contract/alerts.ts'
import type { StorageProblem } from '../../contract/storage.ts'

/** A rule that applies, with the figures that it evaluated. */
export type Finding = {
  readonly rule: AlertRuleName
  readonly severity: Severity
  /** Identifies the alert among those of its rule. */
  readonly about: string
  readonly subject: string
  readonly subjectName: string
  readonly keyId: number | null
  readonly tenantId: string | null
  readonly figures: Readonly<Record<string, number | string | null>>
  readonly message: string
}

/** The counters of a key. Rules evaluate them and count nothing. */
export type WatchedKey = {
  readonly keyId: number
  readonly publicId: string
  readonly name: string
  readonly tenantId: string | null
  readonly expiresAt: number | null
  /** Requests in the minutes of the error rate rule. */
  readonly requests: number
  readonly refused: number
  readonly lastHour: number
  /** Mean requests per hour with any use; null without enough data. */
  readonly usualHour: number | null
  readonly lastMinute: number
  readonly requestsPerMinute: number | null
  readonly emailsToday: number
  readonly emailsPerDay: number | null
}

export type BounceCounts = {
  readonly tenantId: string | null
  readonly delivered: number
  readonly bounced: number
}

/** The counters of a tenant with limits, over all its keys. */
export type WatchedTenant = {
  readonly id: string
  readonly name: string
  readonly lastMinute: number
  readonly requestsPerMinute: number | null
  readonly emailsToday: number
  readonly emailsPerDay: number | null
}

export type WatchedRelay = {
  readonly id: string
  readonly name: string
  readonly tenantId: string | null
  readonly failures: number
  readonly lastError: string | null
}

export type AlertFigures = {
  readonly now: number
  readonly keys: readonly WatchedKey[]
  readonly tenants: readonly WatchedTenant[]
  readonly bounces: readonly BounceCounts[]
  readonly queueDepth: number
  readonly relays: readonly WatchedRelay[]
  readonly storage: readonly StorageProblem[]
}

export function subjectOf(
  key: WatchedKey,
): Pick<Finding, 'subject' | 'subjectName' | 'keyId' | 'tenantId'> {
  const { publicId, name, keyId, tenantId } = key
  return { subject: publicId, subjectName: name, keyId, tenantId }
}

export const rounded = (value: number): number => Math.round(value * 10) / 10
