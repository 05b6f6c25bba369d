import type { Clock } from '../../base/clock.ts'
import type { Log } from '../../base/log.ts'
import { type Loop, startLoop } from '../../base/loop.ts'
import type { CommitQueue } from '../../storage/commit-queue.ts'
import type { DeliveryQueues, DueQueue, MailQueue } from '../relays/delivery-queues.ts'
import type { Relays } from '../relays/relays.ts'
import type { Slot } from '../relays/slots.ts'
import type { DeliveryAttempts } from './attempts.ts'
import type { DeliveryStore } from './store.ts'

/** Messages under way at all relays that answer; the first message of a relay may exceed it. */
const maxUnderWay = 50
const maxReleased = 200

type DispatcherDeps = {
  readonly store: DeliveryStore
  readonly queues: DeliveryQueues
  readonly attempts: DeliveryAttempts
  readonly queue: CommitQueue
  readonly relays: Relays
  readonly clock: Clock
  readonly log: Log
  readonly onStepBack: () => Promise<void>
}

/** `ids`: messages to start, in order; null until they are looked up. */
type OpenQueue = MailQueue & { ids: number[] | null }

type DispatchState = {
  /** The tenant that was served last. */
  lastServed: string
  closed: boolean
  /** The number of queues with mail at the last run. */
  pendingQueues: number
}

type DispatchContext = DispatcherDeps & {
  readonly state: DispatchState
  readonly underWay: Map<number, Promise<void>>
  /** Those of them that only record that no relay is available. */
  readonly withoutRelay: Set<number>
  readonly loop: Loop
  readonly checks: Map<number, Promise<void>>
}

/**
 * The loop that gives due mail to relays with a free slot. Tenants take turns, a message each, so that
 * the backlog of one does not delay the others.
 */
export function startDispatcher(deps: DispatcherDeps) {
  const { clock, log, onStepBack } = deps
  const state: DispatchState = { lastServed: '', closed: false, pendingQueues: 0 }
  // A run reads every queue with mail: the more queues, the more wakes share one run.
  const settleMs = (): number => Math.floor(state.pendingQueues / 20)
  const loop = startLoop({
    name: 'delivery',
    clock,
    log,
    run: () => run(context),
    settleMs,
    onStepBack,
  })
  const context: DispatchContext = {
    ...deps,
    state,
    loop,
    underWay: new Map(),
    withoutRelay: new Set(),
    checks: new Map(),
  }

  return {
    wake: loop.wake,
    async idle(): Promise<void> {
      // The end of an attempt wakes the loop, which may find more that is due.
      for (;;) {
        await loop.idle()
        const all = underWayNow(context)
        if (all.length === 0) return
        await Promise.all(all)
      }
    },
    /** Starts nothing new; `ended` resolves when every attempt has ended. */
    async close(): Promise<{ readonly ended: Promise<unknown> }> {
      state.closed = true
      await loop.close()
      return { ended: Promise.all(underWayNow(context)) }
    },
  }
}

async function run(context: DispatchContext): Promise<number | null> {
  const { state, clock, queues, relays } = context
  if (state.closed) return null
  await releaseAwaiting(context)
  const now = clock.now()
  const pending = queues.pending()
  state.pendingQueues = pending.length
  startDue(
    context,
    pending.filter(({ dueAt }) => dueAt <= now),
  )
  const awaiting = queues.awaiting()
  for (const relayId of relays.checkable(awaiting)) startCheck(context, relayId)
  return nextRunIn(context, [...pending.filter(({ dueAt }) => dueAt <= now), ...awaiting])
}

/** Makes recipients due that were deferred because no relay answered, once one does. */
async function releaseAwaiting({
  queues,
  state,
  relays,
  queue,
  store,
  clock,
}: DispatchContext): Promise<void> {
  for (const waiting of queues.awaiting()) {
    while (!state.closed && relays.admission(waiting).isOpen) {
      const count = await queue.write(() =>
        store.releaseAwaiting(waiting, clock.now(), maxReleased),
      )
      if (count < maxReleased) break
    }
  }
}

function startDue(context: DispatchContext, due: readonly DueQueue[]): void {
  const { state } = context
  const byTenant = new Map<string, OpenQueue[]>()
  for (const one of due) {
    const tenant = one.tenantId ?? ''
    byTenant.set(tenant, [...(byTenant.get(tenant) ?? []), { ...one, ids: null }])
  }
  const turns = [...byTenant].map(([tenant, own]) => ({ tenant, queues: own }))
  const after = turns.findIndex(({ tenant }) => tenant > state.lastServed)
  const ordered = after < 0 ? turns : [...turns.slice(after), ...turns.slice(0, after)]
  for (let hasStarted = true; hasStarted; ) {
    hasStarted = false
    for (const { tenant, queues: own } of ordered) {
      if (!own.some((mail: OpenQueue): boolean => startOne(context, mail))) continue
      hasStarted = true
      state.lastServed = tenant
    }
  }
}

const isFull = ({ relays, withoutRelay }: DispatchContext): boolean =>
  Math.max(relays.slots.underWay(), withoutRelay.size) >= maxUnderWay

/** Starts the longest waiting message of a queue, if a relay has a slot for it. */
function startOne(context: DispatchContext, mail: OpenQueue): boolean {
  const { relays, store, clock, underWay } = context
  const { choice } = relays.admission(mail)
  if (choice === 'wait') return false
  if (isFull(context) && (choice === 'none' || !relays.slots.isUnused(choice))) return false
  mail.ids ??= store
    .dueIn(mail, clock.now(), maxUnderWay + underWay.size)
    .filter((id) => !underWay.has(id))
  const id = mail.ids.shift()
  if (id === undefined) return false
  start(context, id, choice === 'none' ? null : relays.slots.enter(choice))
  return true
}

function start(
  { withoutRelay, attempts, underWay, loop }: DispatchContext,
  id: number,
  slot: Slot | null,
): void {
  if (slot === null) withoutRelay.add(id)
  const attempt = attempts.run(id, slot).finally(() => {
    underWay.delete(id)
    withoutRelay.delete(id)
    loop.wake()
  })
  underWay.set(id, attempt)
}

function startCheck({ relays, log, checks, loop }: DispatchContext, relayId: number): void {
  const check = relays
    .check(relayId)
    .catch((error) => log.error('A relay could not be checked', error, { relay: relayId }))
    .finally(() => {
      checks.delete(relayId)
      loop.wake()
    })
  checks.set(relayId, check)
}

/** Mail that waits for a slot needs no time: the end of an attempt wakes the loop. */
function nextRunIn(
  { store, clock, relays }: DispatchContext,
  waiting: readonly MailQueue[],
): number | null {
  const dueAt = store.nextDueAfter(clock.now())
  const delays = [dueAt === null ? null : dueAt - clock.now(), relays.nextTryIn(waiting)]
  const coming = delays.filter((delayMs) => delayMs !== null && delayMs > 0).map(Number)
  return coming.length === 0 ? null : Math.min(...coming)
}

const underWayNow = ({ underWay, checks }: DispatchContext): Promise<void>[] => [
  ...underWay.values(),
  ...checks.values(),
]
