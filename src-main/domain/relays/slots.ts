import type { Clock } from '../../base/clock.ts'
import type { RelayConnection, RelayStep } from '../../contract/relays.ts'
import {
  afterEnd,
  afterSleep,
  type ConnectionState,
  isBeforeMessage,
  type SlotEnd,
  slotsOf,
  stateAtStart,
} from './connection-state.ts'
import { describeConnection } from './describe-connection.ts'
import type { SendListener } from './upstream.ts'

export type RelaySlots = ReturnType<typeof createRelaySlots>

/** The right to send one message through a relay; `leave` must be called, once. */
export type Slot = {
  readonly relayId: number
  readonly listener: SendListener
  /** True when the relay is failing after this. */
  readonly leave: (end: SlotEnd) => boolean
}

type InUse = {
  stepSince: number
  step: RelayStep
  isStalled: boolean
  /** `answers` of the entry when this message began. */
  readonly answersBefore: number
}

type Entry = {
  state: ConnectionState
  readonly inUse: Set<InUse>
  readonly waiters: ((slot: Slot | null) => void)[]
  lastReplyAt: number
  /** Messages that the relay accepted or refused; `refusals`: the last ones, refused with 4xx. */
  answers: number
  refusals: number
  /** The tenants of the messages in `refusals`. */
  readonly refusedTenants: Set<string | null>
}

type SlotsDeps = {
  readonly clock: Clock
  /** True when the last outcome of the relay was a failure, also before a restart. */
  readonly hasFailed: (relayId: number) => boolean
  /** The tenant that the relay belongs to; null: the installation. */
  readonly ownerOf: (relayId: number) => string | null
}

type SlotsContext = SlotsDeps & {
  readonly entries: Map<number, Entry>
  /** Called after each change of a relay. */
  onChange: (relayId: number) => void
}

/** Limits the messages under way at each relay, and times the next attempt at a failing one. */
export function createRelaySlots(deps: SlotsDeps) {
  const { clock } = deps

  const entries = new Map<number, Entry>()
  const context: SlotsContext = { ...deps, entries, onChange: () => undefined }

  const stopListening = clock.onResume(() => {
    for (const [id, entry] of entries) {
      entry.state = afterSleep(entry.state, clock.elapsed())
      settled(context, id, entry)
    }
  })

  return {
    look: (id: number): 'free' | 'full' | 'closed' => look(context, id),
    enter: (id: number): Slot | null => enter(context, id),

    /** Resolves with a slot when one is free; null: mail skips the relay. */
    wait: (id: number): Promise<Slot | null> => waitForSlot(context, id),

    /** Messages under way at relays that answer; those at a hanging relay do not count. */
    underWay: (): number =>
      [...entries.values()].reduce(
        (sum, entry) => sum + (stalled(entry) ? 0 : entry.inUse.size),
        0,
      ),

    isUnused: (id: number): boolean => entryOf(context, id).inUse.size === 0,

    /** Milliseconds until a failing relay may be tried; null: it is being tried, or is not failing. */
    nextTryIn(id: number): number | null {
      const { state, inUse } = entryOf(context, id)
      const isWaiting = state.type === 'failing' && inUse.size === 0
      return isWaiting ? Math.max(0, state.nextTryAt - clock.elapsed()) : null
    },

    /** True when a connection without mail shows whether the relay answers again. */
    isCheckable: (id: number): boolean => isCheckable(context, id),

    isFailing: (id: number): boolean => entryOf(context, id).state.type === 'failing',
    lastReply: (id: number): string | null => lastReplyOf(entryOf(context, id)),

    /** The relay answered a test. */
    noteReached(id: number): void {
      const entry = entryOf(context, id)
      if (entry.state.type !== 'failing') return
      entry.state = { type: 'untried', troubles: 0 }
      settled(context, id, entry)
    },

    /** Forgets the state of a relay that was changed or removed. */
    reset(id: number): void {
      const entry = entries.get(id)
      entries.delete(id)
      for (const waiter of entry?.waiters.splice(0) ?? []) waiter(null)
    },

    /** Sends all waiters away, at the end of the process. */
    close(): void {
      stopListening()
      releaseWaiters(entries)
    },

    read(id: number): Omit<RelayConnection, 'waiting'> {
      const entry = entryOf(context, id)
      return describeConnection({
        connection: entry.state,
        hanging: stalled(entry),
        isAsked: entry.inUse.size > 0,
        wall: (elapsedMs) => Math.round(clock.now() + elapsedMs - clock.elapsed()),
      })
    },

    onChange(listener: (relayId: number) => void): void {
      context.onChange = listener
    },
  }
}

function isCheckable(context: SlotsContext, id: number): boolean {
  const { state } = entryOf(context, id)
  if (state.type !== 'failing' || look(context, id) !== 'free') return false
  return state.trouble === null || isBeforeMessage(state.trouble.step)
}

function entryOf({ entries, clock, hasFailed }: SlotsContext, id: number): Entry {
  const known = entries.get(id)
  if (known) return known
  const now = clock.elapsed()
  const state = stateAtStart(hasFailed(id), now)
  const entry: Entry = {
    state,
    inUse: new Set(),
    waiters: [],
    lastReplyAt: now,
    answers: 0,
    refusals: 0,
    refusedTenants: new Set(),
  }
  entries.set(id, entry)
  return entry
}

/** `closed`: mail skips the relay. `full`: mail waits for a slot. */
function look(context: SlotsContext, id: number): 'free' | 'full' | 'closed' {
  const { clock } = context
  const entry = entryOf(context, id)
  const { state, inUse, lastReplyAt } = entry
  if (stalled(entry)) return 'closed'
  if (inUse.size < slotsOf(state, lastReplyAt, clock.elapsed())) return 'free'
  return state.type === 'failing' ? 'closed' : 'full'
}

function enter(context: SlotsContext, id: number): Slot | null {
  const { clock } = context
  if (look(context, id) !== 'free') return null
  const entry = entryOf(context, id)
  const use: InUse = {
    stepSince: clock.elapsed(),
    step: 'connect',
    isStalled: false,
    answersBefore: entry.answers,
  }
  entry.inUse.add(use)
  const listener: SendListener = {
    began(step) {
      const wasStalled = stalled(entry) !== undefined
      // One reading: a step that begins with a reply is no later than the reply.
      const now = clock.elapsed()
      Object.assign(use, { step, stepSince: now, isStalled: false })
      // The operating system accepts connections for a program that hangs.
      if (step !== 'connect' && step !== 'greeting') entry.lastReplyAt = now
      if (wasStalled && !stalled(entry)) settled(context, id, entry)
    },
    stalled() {
      use.isStalled = true
      if (stalled(entry)) settled(context, id, entry)
    },
  }
  return { relayId: id, listener, leave: (end) => leave(context, id, entry, use, end) }
}

function leave(context: SlotsContext, id: number, entry: Entry, use: InUse, end: SlotEnd): boolean {
  const { clock } = context
  entry.inUse.delete(use)
  const hasAnswer = end.type === 'answered' || end.type === 'refused_for_now'
  if (hasAnswer) countRefusals(entry, end)
  const now = clock.elapsed()
  const hasAnsweredOthers = !hasAnswer && entry.answers > use.answersBefore
  entry.state = afterEnd(entry.state, end, {
    others: Math.max(entry.inUse.size, Number(hasAnsweredOthers)),
    refusals: isOfOneTenant(context, id, entry) ? 0 : entry.refusals,
    now,
  })
  if (hasAnswer) {
    entry.answers += 1
    entry.lastReplyAt = now
  }
  settled(context, id, entry)
  return entry.state.type === 'failing'
}

/** One tenant's senders or content must not close the relay that all others share. */
function isOfOneTenant({ ownerOf }: SlotsContext, id: number, { refusedTenants }: Entry): boolean {
  const [tenantId = null] = refusedTenants
  return refusedTenants.size === 1 && tenantId !== null && tenantId !== ownerOf(id)
}

/** Gives free slots to the waiters; at a closed relay they get null. */
function settled(context: SlotsContext, id: number, entry: Entry): void {
  const { entries, onChange } = context
  if (entries.get(id) !== entry) return
  for (;;) {
    const state = look(context, id)
    if (state === 'full') break
    const waiter = entry.waiters.shift()
    if (!waiter) break
    waiter(state === 'free' ? enter(context, id) : null)
  }
  onChange(id)
}

/** A message without a reply for too long, at a relay that answers no other message either. */
const stalled = ({ inUse, lastReplyAt }: Entry): InUse | undefined =>
  [...inUse].find(({ isStalled, stepSince }) => isStalled && lastReplyAt <= stepSince)

function lastReplyOf({ state }: Entry): string | null {
  return state.type === 'failing' ? (state.trouble?.reply ?? null) : null
}

function countRefusals(entry: Entry, end: SlotEnd): void {
  if (end.type === 'refused_for_now') {
    entry.refusals += 1
    entry.refusedTenants.add(end.tenantId)
  } else {
    entry.refusals = 0
    entry.refusedTenants.clear()
  }
}

function waitForSlot(context: SlotsContext, id: number): Promise<Slot | null> {
  if (look(context, id) !== 'full') return Promise.resolve(enter(context, id))
  return new Promise((resolve) => void entryOf(context, id).waiters.push(resolve))
}

function releaseWaiters(entries: ReadonlyMap<number, Entry>): void {
  for (const { waiters } of entries.values()) for (const waiter of waiters.splice(0)) waiter(null)
}
