import type { Clock } from '../../base/clock.ts'
import type { Transaction } from '../../storage/commit-queue.ts'
import { noRelay } from '../relays/choose-relays.ts'
import { isBeforeMessage } from '../relays/connection-state.ts'
import type { Relays } from '../relays/relays.ts'
import type { RelayAnswer } from './failover.ts'
import { decide, giveUpAfterMs, summarize } from './rules.ts'
import type { DeliveryStore, DueRow, LiveMessage } from './store.ts'

export type DeliverySettling = ReturnType<typeof createDeliverySettling>

type SettlingDeps = {
  readonly store: DeliveryStore
  readonly clock: Clock
  readonly relays: Relays
}

type GivenUp = Pick<DueRow, 'recipient' | 'attempts'>

type EventType =
  | 'sending'
  | 'delivered'
  | 'bounced'
  | 'deferred'
  | 'failed'
  | 'cancelled'
  | 'retried'

const heldReply = 'Every relay has reached its daily limit; the next attempt is after midnight UTC.'

/** Records the outcome for the recipients of a message, with its events; inside a transaction. */
export function createDeliverySettling(deps: SettlingDeps) {
  return {
    begin: (transaction: Transaction, message: LiveMessage): DueRow[] =>
      begin(deps, transaction, message),
    holdUntil: (transaction: Transaction, message: LiveMessage, until: number): void =>
      holdUntil(deps, transaction, message, until),
    settle: (
      transaction: Transaction,
      message: LiveMessage,
      due: readonly DueRow[],
      answers: ReadonlyMap<string, RelayAnswer>,
      ms: number,
    ): void => settle(deps, transaction, message, due, answers, ms),
    giveUp: (transaction: Transaction, message: LiveMessage, due: GivenUp, reply: string): void =>
      giveUp(deps, transaction, message, due, reply),
    append,
    summarizeMessage: (id: number): void => summarizeMessage(deps, id),
  }
}

/** Reads the due recipients in the transaction: a cancellation may have come first. */
function begin(
  { store, clock }: SettlingDeps,
  transaction: Transaction,
  message: LiveMessage,
): DueRow[] {
  const due = store.dueOf(message.id, clock.now())
  for (const { id, recipient, attempts } of due) {
    store.setSending(id)
    append(transaction, message, 'sending', { recipient, attempt: attempts + 1 })
  }
  if (due.length > 0) store.setMessageStatus(message.id, 'sending', null)
  return due
}

/** Every relay has reached its daily limit: this is no attempt. */
function holdUntil(
  deps: SettlingDeps,
  transaction: Transaction,
  message: LiveMessage,
  until: number,
): void {
  const { store, clock } = deps
  const due = store.dueOf(message.id, clock.now())
  if (due.length === 0) return
  for (const delivery of due) holdOne(deps, transaction, message, delivery, until)
  summarizeMessage(deps, message.id)
}

function holdOne(
  { store }: SettlingDeps,
  transaction: Transaction,
  message: LiveMessage,
  { id, recipient, attempts }: DueRow,
  until: number,
): void {
  store.setHeld(id, attempts, until, heldReply)
  append(transaction, message, 'deferred', {
    recipient,
    attempt: attempts,
    relay: null,
    reply: heldReply,
    next_attempt_at: until,
  })
}

function settle(
  deps: SettlingDeps,
  transaction: Transaction,
  message: LiveMessage,
  due: readonly DueRow[],
  answers: ReadonlyMap<string, RelayAnswer>,
  ms: number,
): void {
  const { relays } = deps
  for (const delivery of due) {
    const answer = answers.get(delivery.recipient)
    if (answer || !relays.hasAny(message.tenant_id)) {
      settleOne(deps, transaction, message, delivery, answer, ms)
    } else settleUntried(deps, transaction, message, delivery)
  }
  const used = new Set([...answers.values()].map(({ relayId }) => relayId))
  for (const relayId of used) relays.saveCount(relayId)
  summarizeMessage(deps, message.id)
}

/** No relay was tried: this is no attempt, and the recipient is due as before. */
function settleUntried(
  deps: SettlingDeps,
  transaction: Transaction,
  message: LiveMessage,
  delivery: DueRow,
): void {
  const { relays, store, clock } = deps
  const fullUntil = relays.fullUntil(message.tenant_id)
  if (fullUntil === null) store.setBack(delivery.id, clock.now())
  else holdOne(deps, transaction, message, delivery, fullUntil)
}

function settleOne(
  deps: SettlingDeps,
  transaction: Transaction,
  message: LiveMessage,
  { id, recipient, attempts, wasEarly, giveUpAt }: DueRow,
  answer: RelayAnswer | undefined,
  ms: number,
): void {
  const { clock, store } = deps
  const now = clock.now()
  const relayId = answer?.relayId ?? null
  const reply = answer?.reply ?? {
    type: 'unreachable' as const,
    reply: noRelay().message,
    trouble: null,
  }
  const decision = decide(reply, attempts + 1, now)
  // Otherwise a message that makes the relay hang up would use up its attempts at once.
  const isOffered =
    reply.type === 'unreachable' && !isBeforeMessage(reply.trouble?.step ?? 'connect')
  const awaitsRelay =
    decision.status === 'deferred' &&
    (answer?.isFailing ?? true) &&
    !(wasEarly && (isOffered || reply.type === 'refused'))
  const deliveredAt = decision.status === 'delivered' ? now : null
  const isGreylisted = decision.status === 'deferred' && reply.type === 'refused'
  store.settle(id, {
    ...decision,
    relayId,
    deliveredAt,
    awaitsRelay,
    // Only trouble of a relay uses up the time of a recipient.
    giveUpAt: isGreylisted ? Math.max(giveUpAt, now + giveUpAfterMs) : giveUpAt,
  })
  append(transaction, message, decision.status, {
    recipient,
    attempt: attempts + 1,
    ...shown(deps, message, relayId, decision.reply),
    next_attempt_at: decision.nextAttemptAt,
    ms,
    ...skippedRelays(deps, message, answer),
  })
}

/** The tenant of the message can read its events. */
function shown(
  { relays }: SettlingDeps,
  { tenant_id: tenantId }: LiveMessage,
  relayId: number | null,
  reply: string,
) {
  return relays.shownTo({ tenantId }, relayId, reply.slice(0, 500))
}

function skippedRelays(deps: SettlingDeps, message: LiveMessage, answer: RelayAnswer | undefined) {
  if (!answer || answer.skippedRelays.length === 0) return {}
  return {
    passed_over: answer.skippedRelays.map(({ relayId, reply }) =>
      shown(deps, message, relayId, reply),
    ),
  }
}

/** Records that a recipient waited for a relay for too long. */
function giveUp(
  deps: SettlingDeps,
  transaction: Transaction,
  message: LiveMessage,
  { recipient, attempts }: GivenUp,
  reply: string,
): void {
  append(transaction, message, 'failed', {
    recipient,
    attempt: attempts,
    relay: null,
    reply: reply.slice(0, 500),
    next_attempt_at: null,
  })
  summarizeMessage(deps, message.id)
}

function summarizeMessage({ store, clock }: SettlingDeps, id: number): void {
  const status = summarize(store.statusesOf(id))
  store.setMessageStatus(id, status, status === 'delivered' ? clock.now() : null)
}

function append(
  transaction: Transaction,
  message: LiveMessage,
  type: EventType,
  data: Readonly<Record<string, unknown>>,
): void {
  transaction.append({
    type,
    keyId: message.key_id,
    tenantId: message.tenant_id,
    messageId: message.id,
    data,
  })
}
