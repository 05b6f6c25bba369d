import type { Log } from '../../base/log.ts'
import { isBeforeMessage, type PlaceEnd } from '../relays/connection-state.ts'
import type { Place } from '../relays/places.ts'
import type { Relays } from '../relays/relays.ts'
import type { RecipientReply, RelayTarget, Upstream } from '../relays/upstream.ts'

/** The outcome for one recipient, and the relay that answered. */
export type RelayAnswer = {
  readonly reply: RecipientReply
  readonly relayId: number
  /** Relays that could not be used before this one was asked. */
  readonly passedOver: readonly PassedOver[]
  /** True when the relay answers nobody: the recipient goes as soon as one answers again. */
  readonly isFailing: boolean
}

export type PassedOver = { readonly relayId: number; readonly reply: string }

type Attempt = {
  readonly targets: readonly RelayTarget[]
  /** At one of the targets; those before it are passed over. */
  readonly place: Place
  readonly tenantId: string | null
  readonly mailFrom: string
  readonly recipients: readonly string[]
  readonly raw: Buffer
  readonly log: Log
  /** True when the process is ending: no further relay is tried. */
  readonly isClosed: () => boolean
}

/**
 * Offers a message to one relay after the other: a second one takes over when the first cannot be
 * used, and for the recipients that the first has no room for today. A refusal is an answer.
 * Recipients without an answer were offered to no relay.
 */
export async function sendThrough(
  relays: Relays,
  upstream: Upstream,
  { targets, place: first, tenantId, mailFrom, recipients, raw, log, isClosed }: Attempt,
): Promise<ReadonlyMap<string, RelayAnswer>> {
  const answers = new Map<string, RelayAnswer>()
  const begin = targets.findIndex(({ id }) => id === first.relayId)
  if (begin < 0) {
    first.leave({ type: 'unused' })
    return answers
  }
  const passedOver = targets.slice(0, begin).flatMap(({ id }) => passedOverOf(relays, id))
  let waiting = recipients
  let trouble: RelayAnswer | null = null
  for (const target of targets.slice(begin)) {
    const place = target.id === first.relayId ? first : await relays.places.wait(target.id)
    if (place === null) {
      passedOver.push(...passedOverOf(relays, target.id))
      continue
    }
    const { taken, settle } = relays.take(target.id, waiting.length)
    if (taken === 0) {
      place.leave({ type: 'unused' })
      continue
    }
    const offered = waiting.slice(0, taken)
    const envelope = { mailFrom, rcptTo: offered }
    const replies = await upstream.send(target, envelope, raw, place.notes).catch((error) => {
      place.leave({ type: 'unused' })
      throw error
    })
    settle([...replies.values()].filter(({ type }) => type === 'accepted').length)
    const end = endOf([...replies.values()], tenantId)
    const isFailing = place.leave(end)
    const isDown = end.type === 'trouble'
    // It serves others: this was one connection too many, and no message was offered.
    if (isDown && !isFailing && isBeforeMessage(end.trouble.step)) break
    // What the relay said must not be lost because its health could not be noted.
    await relays
      .noteOutcome(target.id, isDown ? end.trouble.reply : null)
      .catch((error) => log.error('A relay’s health could not be noted', error))
    const passed = [...passedOver]
    for (const [recipient, reply] of replies) {
      answers.set(recipient, { reply, relayId: target.id, passedOver: passed, isFailing })
    }
    const [reply] = replies.values()
    if (isDown && reply) {
      trouble = { reply, relayId: target.id, passedOver: passed, isFailing }
      passedOver.push({ relayId: target.id, reply: end.trouble.reply })
    } else {
      waiting = waiting.slice(taken)
    }
    if (waiting.length === 0 || isClosed()) break
  }
  // A relay in trouble is tried again soon; nobody need wait for another one's midnight.
  if (trouble) for (const recipient of waiting) answers.set(recipient, trouble)
  return answers
}

/** A relay that took the message for some works: another would send it to those a second time. */
function endOf(replies: readonly RecipientReply[], tenantId: string | null): PlaceEnd {
  const [first] = replies
  const isDown = replies.every(({ type }) => type === 'unreachable')
  if (isDown && first?.type === 'unreachable' && first.trouble) {
    return { type: 'trouble', trouble: first.trouble }
  }
  // 4xx to RCPT defers that recipient: to tell it from trouble of the relay, another command must fail.
  const isForNow = replies.every(
    (reply) => reply.type === 'refused' && reply.code < 500 && !reply.isAboutRecipient,
  )
  return isForNow && first
    ? { type: 'refused_for_now', reply: first.reply, tenantId }
    : { type: 'answered' }
}

function passedOverOf(relays: Relays, relayId: number): PassedOver[] {
  const reply = relays.places.lastReply(relayId)
  return reply === null ? [] : [{ relayId, reply }]
}
