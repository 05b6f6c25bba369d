import type { Log } from '../../base/log.ts'
import { isBeforeMessage, type SlotEnd } from '../relays/connection-state.ts'
import type { Relays } from '../relays/relays.ts'
import type { Slot } from '../relays/slots.ts'
import type { RecipientReply, RelayTarget, Upstream } from '../relays/upstream.ts'

/** The outcome for one recipient, and the relay that answered. */
export type RelayAnswer = {
  readonly reply: RecipientReply
  readonly relayId: number
  /** Relays that could not be used before this one. */
  readonly skippedRelays: readonly SkippedRelay[]
  /** True when the relay answers no message: the recipient is due as soon as a relay answers again. */
  readonly isFailing: boolean
}

export type SkippedRelay = { readonly relayId: number; readonly reply: string }

type Attempt = {
  readonly targets: readonly RelayTarget[]
  /** A slot at one of the targets; those before it are skipped. */
  readonly slot: Slot
  readonly tenantId: string | null
  readonly mailFrom: string
  readonly recipients: readonly string[]
  readonly raw: Buffer
  readonly log: Log
  /** True when the process is ending: no further relay is tried. */
  readonly isClosed: () => boolean
}

/**
 * Offers a message to one relay after another. The next relay takes over when one cannot be used, and
 * for the recipients beyond its daily limit. A refusal is an answer. A recipient without an answer was
 * offered to no relay.
 */
export async function sendWithFailover(
  relays: Relays,
  upstream: Upstream,
  { targets, slot: first, tenantId, mailFrom, recipients, raw, log, isClosed }: Attempt,
): Promise<ReadonlyMap<string, RelayAnswer>> {
  const answers = new Map<string, RelayAnswer>()
  const begin = targets.findIndex(({ id }) => id === first.relayId)
  if (begin < 0) {
    first.leave({ type: 'unused' })
    return answers
  }
  const skippedRelays = targets.slice(0, begin).flatMap(({ id }) => skippedRelayOf(relays, id))
  let waiting = recipients
  let trouble: RelayAnswer | null = null
  for (const target of targets.slice(begin)) {
    const slot = target.id === first.relayId ? first : await relays.slots.wait(target.id)
    if (slot === null) {
      skippedRelays.push(...skippedRelayOf(relays, target.id))
      continue
    }
    const { taken, settle } = relays.take(target.id, waiting.length)
    if (taken === 0) {
      slot.leave({ type: 'unused' })
      continue
    }
    const offered = waiting.slice(0, taken)
    const envelope = { mailFrom, rcptTo: offered }
    const replies = await upstream.send(target, envelope, raw, slot.listener).catch((error) => {
      slot.leave({ type: 'unused' })
      throw error
    })
    settle([...replies.values()].filter(({ type }) => type === 'accepted').length)
    const end = endOf([...replies.values()], tenantId)
    const isFailing = slot.leave(end)
    const isDown = end.type === 'trouble'
    // The relay serves others: this was one connection too many, and no message was offered.
    if (isDown && !isFailing && isBeforeMessage(end.trouble.step)) break
    // A failed note of its health must not lose the relay's reply.
    await relays
      .noteOutcome(target.id, isDown ? end.trouble.reply : null)
      .catch((error) => log.error('A relay’s health could not be noted', error))
    const passed = [...skippedRelays]
    for (const [recipient, reply] of replies) {
      answers.set(recipient, { reply, relayId: target.id, skippedRelays: passed, isFailing })
    }
    const [reply] = replies.values()
    if (isDown && reply) {
      trouble = { reply, relayId: target.id, skippedRelays: passed, isFailing }
      skippedRelays.push({ relayId: target.id, reply: end.trouble.reply })
    } else {
      waiting = waiting.slice(taken)
    }
    if (waiting.length === 0 || isClosed()) break
  }
  // A relay in trouble is tried again soon, so its recipients need not wait until midnight.
  if (trouble) for (const recipient of waiting) answers.set(recipient, trouble)
  return answers
}

/** A relay that accepted some recipients works: another one would send to them a second time. */
function endOf(replies: readonly RecipientReply[], tenantId: string | null): SlotEnd {
  const [first] = replies
  const isDown = replies.every(({ type }) => type === 'unreachable')
  if (isDown && first?.type === 'unreachable' && first.trouble) {
    return { type: 'trouble', trouble: first.trouble }
  }
  // A 4xx to RCPT is about the recipient, a 4xx to MAIL or DATA may be about the relay.
  const isForNow = replies.every(
    (reply) => reply.type === 'refused' && reply.code < 500 && !reply.isAboutRecipient,
  )
  return isForNow && first
    ? { type: 'refused_for_now', reply: first.reply, tenantId }
    : { type: 'answered' }
}

function skippedRelayOf(relays: Relays, relayId: number): SkippedRelay[] {
  const reply = relays.slots.lastReply(relayId)
  return reply === null ? [] : [{ relayId, reply }]
}
