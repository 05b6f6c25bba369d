import type { Log } from '../base/log.ts'
import type { RecipientReply } from './delivery-rules.ts'
import type { Relays } from './relays.ts'
import type { RelayTarget, Upstream } from './upstream.ts'

/** What came of one recipient, and which relay said so. */
export type RelayAnswer = {
  readonly reply: RecipientReply
  readonly relayId: number
  /** Relays that could not be reached before this one was asked. */
  readonly passedOver: readonly PassedOver[]
}

export type PassedOver = { readonly relayId: number; readonly reply: string }

type Attempt = {
  readonly targets: readonly RelayTarget[]
  readonly mailFrom: string
  readonly recipients: readonly string[]
  readonly raw: Buffer
  readonly log: Log
  /** True when the process is ending: no further relay is tried. */
  readonly isClosed: () => boolean
}

/**
 * Offers a message to one relay after the other: a second one takes over when the first cannot be
 * reached, and for the recipients that the first has no room for today. A refusal is an answer.
 * Recipients without an answer found no room anywhere.
 */
export async function sendThrough(
  relays: Relays,
  upstream: Upstream,
  { targets, mailFrom, recipients, raw, log, isClosed }: Attempt,
): Promise<ReadonlyMap<string, RelayAnswer>> {
  const answers = new Map<string, RelayAnswer>()
  const passedOver: PassedOver[] = []
  let waiting = recipients
  let trouble: RelayAnswer | null = null
  for (const target of targets) {
    const { taken, settle } = relays.take(target.id, waiting.length)
    if (taken === 0) continue
    const offered = waiting.slice(0, taken)
    const replies = await upstream.send(target, { mailFrom, rcptTo: offered }, raw)
    settle([...replies.values()].filter(({ type }) => type === 'accepted').length)
    // A relay that took the message for some was reached: another would send those a second one.
    const isDown = [...replies.values()].every(({ type }) => type === 'unreachable')
    const [first] = replies.values()
    // What the relay said must not be lost because its health could not be noted.
    await relays
      .noteOutcome(target.id, isDown ? (first?.reply ?? null) : null)
      .catch((error) => log.error('A relay’s health could not be noted', error))
    const passed = [...passedOver]
    for (const [recipient, reply] of replies) {
      answers.set(recipient, { reply, relayId: target.id, passedOver: passed })
    }
    if (isDown && first) {
      trouble = { reply: first, relayId: target.id, passedOver: passed }
      passedOver.push({ relayId: target.id, reply: first.reply })
    } else {
      waiting = waiting.slice(taken)
    }
    if (waiting.length === 0 || isClosed()) break
  }
  // A relay in trouble is tried again soon; nobody need wait for another one's midnight.
  if (trouble) for (const recipient of waiting) answers.set(recipient, trouble)
  return answers
}
