import { createHmac } from 'node:crypto'
import { Fault } from '../../contract/faults.ts'
import type { WebhookLogStatus } from '../../contract/webhooks.ts'
import type { PostOutcome } from './posts.ts'

const minuteMs = 60_000

/** Waiting times before the second and later tries; the first is made at once. */
export const webhookRetryDelaysMs: readonly number[] = [1, 5, 30].map(
  (minutes) => minutes * minuteMs,
)

/** So many deliveries in a row that failed after all their tries switch a webhook off. */
export const maxFailures = 20

export type WebhookDecision = {
  readonly status: WebhookLogStatus
  readonly nextAttemptAt: number | null
  readonly error: string | null
}

/** Any 2xx is success; everything else is tried again until the tries are used up. */
export function decideWebhook(
  outcome: PostOutcome,
  attempts: number,
  now: number,
): WebhookDecision {
  const error = failureOf(outcome)
  if (error === null) return { status: 'delivered', nextAttemptAt: null, error }
  const delayMs = webhookRetryDelaysMs[attempts - 1]
  return delayMs === undefined
    ? { status: 'failed', nextAttemptAt: null, error }
    : { status: 'pending', nextAttemptAt: now + delayMs, error }
}

function failureOf(outcome: PostOutcome): string | null {
  if (outcome.type === 'unanswered') return outcome.reason
  const { status } = outcome
  if (status >= 200 && status < 300) return null
  if (status >= 300 && status < 400) {
    return `It answered ${status}: redirects are not followed. Set the address it leads to.`
  }
  return `It answered ${status}; any 2xx is success.`
}

/** Over the exact bytes that are sent. */
export function sign(secret: string, body: Buffer): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`
}

/** What a webhook may be pointed at, as far as its spelling tells. */
export function readWebhookUrl(text: string): URL {
  const url = URL.parse(text)
  if (url === null) throw badUrl('is not a web address. Write it as https://example.com/hook.')
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw badUrl('must begin with https:// or http://.')
  }
  if (url.username !== '' || url.password !== '') {
    throw badUrl('may not carry a user name or password. Check the signature instead.')
  }
  if (url.hash !== '') throw badUrl('may not have a fragment (#…): it is never sent.')
  return url
}

export function badUrl(problem: string): Fault {
  return new Fault('invalid_parameter', `“url” ${problem}`, { field: 'url' })
}
