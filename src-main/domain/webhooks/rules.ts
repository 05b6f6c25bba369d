import { createHmac } from 'node:crypto'
import { Fault } from '../../contract/faults.ts'
import type { WebhookLogStatus } from '../../contract/webhooks.ts'
import type { PostOutcome } from './posts.ts'

const minuteMs = 60_000

/** Delays before the second and later attempts. */
export const webhookRetryDelaysMs: readonly number[] = [1, 5, 30].map(
  (minutes) => minutes * minuteMs,
)

/** A webhook is disabled after this many failed deliveries in a row. */
export const maxFailures = 20

export type WebhookDecision = {
  readonly status: WebhookLogStatus
  readonly nextAttemptAt: number | null
  readonly error: string | null
}

/** Any 2xx is success; everything else is retried until no attempt is left. */
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
    return `Your endpoint returned ${status}. Redirects are not followed: use the URL that it redirects to.`
  }
  return `Your endpoint returned ${status}. Any 2xx counts as success.`
}

/** HMAC-SHA256 over the exact bytes of the body. */
export function sign(secret: string, body: Buffer): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`
}

/** Checks the form of a webhook URL, not its host. */
export function readWebhookUrl(text: string): URL {
  const url = URL.parse(text)
  if (url === null) throw badUrl('is not a URL. Write it as https://example.com/hook.')
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw badUrl('must begin with https:// or http://.')
  }
  if (url.username !== '' || url.password !== '') {
    throw badUrl('may not contain a user name or password. Verify the signature instead.')
  }
  if (url.hash !== '') throw badUrl('may not have a fragment (#…): fragments are never sent.')
  return url
}

export function badUrl(problem: string): Fault {
  return new Fault('invalid_parameter', `“url” ${problem}`, { field: 'url' })
}
