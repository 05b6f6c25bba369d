import type { Clock } from '../../base/clock.ts'
import type { RelayConnection, RelayStep } from '../../contract/relays.ts'
import {
  afterEnd,
  afterSleep,
  isBeforeMessage,
  type PlaceEnd,
  placesOf,
  type Standing,
  standingAtStart,
} from './connection-state.ts'
import { describeConnection } from './describe-connection.ts'
import type { SendNotes } from './upstream.ts'

export type RelayPlaces = ReturnType<typeof createRelayPlaces>

/** The right to send one message through a relay; `leave` must be called, once. */
export type Place = {
  readonly relayId: number
  readonly notes: SendNotes
  /** True when the relay is failing after this. */
  readonly leave: (end: PlaceEnd) => boolean
}

type InUse = {
  stepSince: number
  step: RelayStep
  isStalled: boolean
  /** Of the entry, when this began. */
  readonly answersBefore: number
}

type Entry = {
  standing: Standing
  readonly inUse: Set<InUse>
  readonly waiters: ((place: Place | null) => void)[]
  heardAt: number
  /** Messages that it has taken or refused; and of these, the last ones refused for now. */
  answers: number
  refusals: number
  /** Whose messages those were. */
  readonly refusedTenants: Set<string | null>
}

type PlacesDeps = {
  readonly clock: Clock
  /** Whether the relay's last outcome, maybe before the restart, was a failure. */
  readonly hasFailed: (relayId: number) => boolean
  /** The tenant that the relay belongs to; null: the installation. */
  readonly ownerOf: (relayId: number) => string | null
}

/** How many messages each relay is given at once, and when one that fails is asked again. */
export function createRelayPlaces({ clock, hasFailed, ownerOf }: PlacesDeps) {
  const entries = new Map<number, Entry>()
  let changed = (_relayId: number): void => undefined

  function entryOf(id: number): Entry {
    const known = entries.get(id)
    if (known) return known
    const now = clock.elapsed()
    const standing = standingAtStart(hasFailed(id), now)
    const entry: Entry = {
      standing,
      inUse: new Set(),
      waiters: [],
      heardAt: now,
      answers: 0,
      refusals: 0,
      refusedTenants: new Set(),
    }
    entries.set(id, entry)
    return entry
  }

  /** The message that a relay has been silent about for too long, if it answers no other either. */
  const stalled = ({ inUse, heardAt }: Entry): InUse | undefined =>
    [...inUse].find(({ isStalled, stepSince }) => isStalled && heardAt <= stepSince)

  /** `closed`: mail passes it by. `full`: mail waits for its turn. */
  function look(id: number): 'free' | 'full' | 'closed' {
    const entry = entryOf(id)
    const { standing, inUse, heardAt } = entry
    if (stalled(entry)) return 'closed'
    if (inUse.size < placesOf(standing, heardAt, clock.elapsed())) return 'free'
    return standing.type === 'failing' ? 'closed' : 'full'
  }

  function enter(id: number): Place | null {
    if (look(id) !== 'free') return null
    const entry = entryOf(id)
    const use: InUse = {
      stepSince: clock.elapsed(),
      step: 'connect',
      isStalled: false,
      answersBefore: entry.answers,
    }
    entry.inUse.add(use)
    const notes: SendNotes = {
      began(step) {
        const wasStalled = stalled(entry) !== undefined
        // One reading: a step that begins with a reply is no later than the reply.
        const now = clock.elapsed()
        Object.assign(use, { step, stepSince: now, isStalled: false })
        // A hanging program's connections are taken by its operating system.
        if (step !== 'connect' && step !== 'greeting') entry.heardAt = now
        if (wasStalled && !stalled(entry)) settled(id, entry)
      },
      stalled() {
        use.isStalled = true
        if (stalled(entry)) settled(id, entry)
      },
    }
    return { relayId: id, notes, leave: (end) => leave(id, entry, use, end) }
  }

  function leave(id: number, entry: Entry, use: InUse, end: PlaceEnd): boolean {
    entry.inUse.delete(use)
    const hasAnswer = end.type === 'answered' || end.type === 'refused_for_now'
    if (hasAnswer) countRefusals(entry, end)
    const now = clock.elapsed()
    const hasAnsweredOthers = !hasAnswer && entry.answers > use.answersBefore
    entry.standing = afterEnd(entry.standing, end, {
      others: Math.max(entry.inUse.size, Number(hasAnsweredOthers)),
      refusals: isOneGuest(id, entry) ? 0 : entry.refusals,
      now,
    })
    if (hasAnswer) {
      entry.answers += 1
      entry.heardAt = now
    }
    settled(id, entry)
    return entry.standing.type === 'failing'
  }

  function countRefusals(entry: Entry, end: PlaceEnd): void {
    if (end.type === 'refused_for_now') {
      entry.refusals += 1
      entry.refusedTenants.add(end.tenantId)
    } else {
      entry.refusals = 0
      entry.refusedTenants.clear()
    }
  }

  /** One tenant's senders or content must not close the relay that all others share. */
  function isOneGuest(id: number, { refusedTenants }: Entry): boolean {
    const [tenantId = null] = refusedTenants
    return refusedTenants.size === 1 && tenantId !== null && tenantId !== ownerOf(id)
  }

  /** Those who wait for a place get it, or hear that there will be none. */
  function settled(id: number, entry: Entry): void {
    if (entries.get(id) !== entry) return
    for (;;) {
      const state = look(id)
      if (state === 'full') break
      const waiter = entry.waiters.shift()
      if (!waiter) break
      waiter(state === 'free' ? enter(id) : null)
    }
    changed(id)
  }

  const stopListening = clock.onResume(() => {
    for (const [id, entry] of entries) {
      entry.standing = afterSleep(entry.standing, clock.elapsed())
      settled(id, entry)
    }
  })

  return {
    look,
    enter,

    /** A place when there is one; null when mail passes the relay by. */
    wait(id: number): Promise<Place | null> {
      if (look(id) !== 'full') return Promise.resolve(enter(id))
      return new Promise((resolve) => void entryOf(id).waiters.push(resolve))
    },

    /** Messages under way at relays that answer; one that hangs takes no place from the others. */
    underWay: (): number =>
      [...entries.values()].reduce(
        (sum, entry) => sum + (stalled(entry) ? 0 : entry.inUse.size),
        0,
      ),

    isUnused: (id: number): boolean => entryOf(id).inUse.size === 0,

    /** In how many ms a failing relay may be asked again; null: it is being asked, or is not failing. */
    nextTryIn(id: number): number | null {
      const { standing, inUse } = entryOf(id)
      const isWaiting = standing.type === 'failing' && inUse.size === 0
      return isWaiting ? Math.max(0, standing.nextTryAt - clock.elapsed()) : null
    },

    /** True when a connection without mail would tell whether it answers again. */
    isCheckable(id: number): boolean {
      const { standing } = entryOf(id)
      if (standing.type !== 'failing' || look(id) !== 'free') return false
      return standing.trouble === null || isBeforeMessage(standing.trouble.step)
    },

    isFailing: (id: number): boolean => entryOf(id).standing.type === 'failing',
    lastReply(id: number): string | null {
      const { standing } = entryOf(id)
      return standing.type === 'failing' ? (standing.trouble?.reply ?? null) : null
    },

    /** It answered to a test. */
    noteReached(id: number): void {
      const entry = entryOf(id)
      if (entry.standing.type !== 'failing') return
      entry.standing = { type: 'untried', troubles: 0 }
      settled(id, entry)
    },

    /** It was changed or removed: nothing is known of it any more. */
    reset(id: number): void {
      const entry = entries.get(id)
      entries.delete(id)
      for (const waiter of entry?.waiters.splice(0) ?? []) waiter(null)
    },

    /** At the end of the process nobody waits any longer. */
    close(): void {
      stopListening()
      for (const { waiters } of entries.values())
        for (const waiter of waiters.splice(0)) waiter(null)
    },

    read(id: number): Omit<RelayConnection, 'waiting'> {
      const entry = entryOf(id)
      return describeConnection({
        standing: entry.standing,
        hanging: stalled(entry),
        isAsked: entry.inUse.size > 0,
        wall: (elapsedMs) => Math.round(clock.now() + elapsedMs - clock.elapsed()),
      })
    },

    onChange(listener: (relayId: number) => void): void {
      changed = listener
    },
  }
}
