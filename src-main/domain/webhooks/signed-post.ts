import type { Clock } from '../../base/clock.ts'
import type { Vault } from '../../base/vault.ts'
import type { EventPayload } from './payloads.ts'
import type { PostOutcome, WebhookPosts } from './posts.ts'
import { sign } from './rules.ts'
import { unreadableSecret, type WebhookRow } from './store.ts'

type PostDeps = { readonly clock: Clock; readonly vault: Vault; readonly posts: WebhookPosts }

/** Signs and posts the exact bytes that are stored. */
export async function postSigned(
  { clock, vault, posts }: PostDeps,
  webhook: WebhookRow,
  { event, payload }: Pick<EventPayload, 'event' | 'payload'>,
): Promise<PostOutcome> {
  const secret = vault.open(webhook.secretSealed)
  if (secret === null) {
    return { type: 'unanswered', reason: unreadableSecret, durationMs: 0 }
  }
  const body = Buffer.from(payload)
  const headers = {
    'content-type': 'application/json',
    'x-webhook-signature': sign(secret, body),
    'x-webhook-id': webhook.publicId,
    'x-webhook-timestamp': String(Math.floor(clock.now() / 1000)),
    'x-mailsage-event': event,
  }
  return posts.post(new URL(webhook.url), headers, body)
}
