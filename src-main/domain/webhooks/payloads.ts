import { createHash } from 'node:crypto'
import { iso } from '../../base/clock.ts'
import { type WebhookEvent, webhookEvents } from '../../contract/webhooks.ts'
import type { Address } from '../../contract/wire.ts'
import type { StoredEvent } from '../../storage/event-log.ts'

/** The message of an event, as far as the payload describes it. */
export type EventMessage = {
  readonly publicId: string
  readonly from: string
  readonly recipients: readonly string[]
  readonly subject: string | null
}

export type EventPayload = {
  readonly id: string
  readonly event: WebhookEvent
  readonly payload: string
}

type Json = Readonly<Record<string, unknown>>

const maxSubjectLength = 998

export function webhookEventOf({ type }: { readonly type: string }): WebhookEvent | null {
  return webhookEvents.find((event) => event === type) ?? null
}

/** One payload per recipient, generated one at a time: a message may have a thousand. */
export function* payloadsOf(
  stored: StoredEvent,
  event: WebhookEvent,
  message: EventMessage | null,
): Generator<EventPayload> {
  if (event === 'alert') {
    yield eventPayload(payloadId(stored, ''), event, stored.at, stored.data)
    return
  }
  if (message === null) return
  const { recipient } = stored.data
  const recipients = typeof recipient === 'string' ? [recipient] : message.recipients
  for (const to of recipients) {
    const data = { ...messageData(message, to), ...details(stored, event) }
    yield eventPayload(payloadId(stored, `${message.publicId} ${to}`), event, stored.at, data)
  }
}

/** Compact JSON, so that parsing it and `JSON.stringify` restore the signed bytes. */
export function eventPayload(
  id: string,
  event: WebhookEvent,
  at: number,
  data: Json,
): EventPayload {
  const payload = JSON.stringify({ id, type: event, created_at: iso(at), data })
  return { id, event, payload }
}

/** Deterministic, so that an event that is enqueued twice is sent once. */
function payloadId({ seq, at }: StoredEvent, about: string): string {
  const digest = createHash('sha256').update(`${seq} ${at} ${about}`).digest('hex')
  return `evt_${digest.slice(0, 24)}`
}

export function messageData(message: EventMessage, to: string): Json {
  return {
    email_id: message.publicId,
    from: message.from,
    to,
    subject: message.subject?.slice(0, maxSubjectLength) ?? null,
  }
}

function details({ at, data }: StoredEvent, event: WebhookEvent): Json {
  switch (event) {
    case 'captured':
      return { inbox: data.inbox }
    case 'queued':
      return {}
    case 'sending':
      return { attempt: data.attempt }
    case 'delivered':
      return { delivered_at: iso(at), smtp_response: data.reply }
    case 'bounced':
      return { bounce_type: 'hard', ...bounceOf(String(data.reply ?? '')) }
    case 'deferred':
      return {
        attempt: data.attempt,
        reason: data.reply,
        next_attempt_at:
          typeof data.next_attempt_at === 'number' ? iso(data.next_attempt_at) : null,
      }
    case 'failed':
      return { attempt: data.attempt, reason: data.reply ?? data.code }
    case 'complained':
    case 'opened':
    case 'clicked':
    case 'alert':
      return data
  }
}

/** Splits `550 5.1.1 User unknown` into code and text, without the enhanced code of RFC 3463. */
function bounceOf(reply: string): Json {
  const [, code = null, text = reply] =
    /^(\d{3})[ -](?:\d\.\d{1,3}\.\d{1,3} )?(.*)$/s.exec(reply) ?? []
  return { bounce_code: code, bounce_message: text }
}

export function senderAddress(headerFrom: string): string {
  return (JSON.parse(headerFrom) as Address).address
}
