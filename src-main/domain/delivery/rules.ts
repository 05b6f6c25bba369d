import type { DeliveryStatus, MessageStatus } from '../../contract/messages.ts'
import type { RecipientReply } from '../relays/upstream.ts'

const minuteMs = 60_000

/** Delays before the second and later attempts; the first starts at once. */
export const retryDelaysMs: readonly number[] = [1, 5, 30, 120, 360].map(
  (minutes) => minutes * minuteMs,
)

/**
 * A recipient fails after so long when only trouble of a relay prevented attempts: the time of all
 * attempts and a little more, since a failing relay is tried every 5 minutes.
 */
export const giveUpAfterMs =
  retryDelaysMs.reduce((sum, delayMs) => sum + delayMs, 0) + 10 * minuteMs

export type Decision = {
  readonly status: Extract<DeliveryStatus, 'delivered' | 'bounced' | 'deferred' | 'failed'>
  readonly nextAttemptAt: number | null
  readonly reply: string
}

/** 5xx bounces; 4xx and connection trouble defer until the attempts are used up (RFC 5321 §4.2.1). */
export function decide(reply: RecipientReply, attempts: number, now: number): Decision {
  if (reply.type === 'accepted') {
    return { status: 'delivered', nextAttemptAt: null, reply: reply.reply }
  }
  if (reply.type === 'refused' && reply.code >= 500) {
    return { status: 'bounced', nextAttemptAt: null, reply: reply.reply }
  }
  const delayMs = retryDelaysMs[attempts - 1]
  return delayMs === undefined
    ? { status: 'failed', nextAttemptAt: null, reply: reply.reply }
    : { status: 'deferred', nextAttemptAt: now + delayMs, reply: reply.reply }
}

/** `sending` or `queued` until every recipient is settled; then the worst recipient status. */
export function summarize(statuses: readonly DeliveryStatus[]): MessageStatus {
  if (statuses.includes('sending')) return 'sending'
  if (statuses.includes('queued') || statuses.includes('deferred')) return 'queued'
  if (statuses.includes('failed')) return 'failed'
  if (statuses.includes('bounced')) return 'bounced'
  if (statuses.includes('cancelled')) return 'cancelled'
  return 'delivered'
}
