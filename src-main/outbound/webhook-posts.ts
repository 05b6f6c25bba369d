import type { WebhookPosts } from '../domain/webhooks/posts.ts'
import { createGuardedPost, readBeginning, reasonOf } from './guarded-post.ts'
import type { OutboundGuard } from './outbound-guard.ts'

const maxResponseBytes = 64 * 1024
const maxKeptLength = 2000

export type WebhookPostOptions = {
  readonly guard: OutboundGuard
  readonly version: string
  /** From the name lookup to the last byte of the response. */
  readonly timeoutMs?: number
}

/** Posts one attempt to a webhook; retries are planned by the domain. */
export function createWebhookPosts(options: WebhookPostOptions): WebhookPosts {
  const { guard, version, timeoutMs = 5000 } = options
  const guardedPost = createGuardedPost(guard)
  const closing = new AbortController()

  return {
    refusal: guard.refusal,

    async post(url, headers, body) {
      const startedAt = performance.now()
      const signal = AbortSignal.any([AbortSignal.timeout(timeoutMs), closing.signal])
      const durationMs = () => performance.now() - startedAt
      try {
        const sent = { 'user-agent': `MailSage-Webhook/${version}`, ...headers }
        const response = await guardedPost(url, sent, body, signal)
        const text = await readBeginning(response, maxResponseBytes)
        const { statusCode: status = 0 } = response
        const kept = text.slice(0, maxKeptLength)
        return { type: 'answered', status, body: kept, durationMs: durationMs() }
      } catch (error) {
        const reason = signal.aborted
          ? `It did not answer within ${timeoutMs / 1000} seconds.`
          : reasonOf(url, error)
        return { type: 'unanswered', reason, durationMs: durationMs() }
      }
    },

    close: () => closing.abort(),
  }
}
